package org.qexit.experiment.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.qexit.bundle.BundleEvents;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.common.Warning;
import org.qexit.data.Dataset;
import org.qexit.data.DatasetWarnings;
import org.qexit.data.LabelledSet;
import org.qexit.data.Split;
import org.qexit.data.Task;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.streams.DeviceStream;
import org.qexit.data.streams.FleetStreamSpec;
import org.qexit.data.streams.FleetStreams;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.training.TrainingData;

/**
 * A run's data in one hand: what is learnt from the training images, and which test images each device sees. Every choice comes
 * from a named stream of the run's seed, so that all commands given the same configuration see the same events. Images are read
 * when first asked for, once.
 */
public final class RunData {
    private final DatasetCatalog catalog;
    private final DataConfig what;
    private final FleetStreamSpec streams;
    private final RandomStreams random;
    private Dataset train;
    private Dataset test;
    private List<DeviceStream> devices;

    private RunData(DatasetCatalog catalog, DataConfig what, FleetStreamSpec streams, long seed) {
        this.catalog = catalog;
        this.what = what;
        this.streams = streams;
        this.random = RandomStreams.of(seed);
    }

    public static RunData of(RunConfig run, DatasetCatalog catalog) {
        return new RunData(catalog, run.data(), run.streams(), run.seed());
    }

    public static RunData of(TrainingRun run, DatasetCatalog catalog) {
        return new RunData(catalog, run.data(), run.streams(), run.seed());
    }

    /** The streams of the run's seed. */
    RandomStreams random() {
        return random;
    }

    Dataset train() {
        train = train == null ? what.load(catalog, Split.TRAIN) : train;
        return train;
    }

    Dataset test() {
        test = test == null ? what.load(catalog, Split.TEST) : test;
        return test;
    }

    /** Which classes are critical, by id. */
    Task task() {
        return what.task().on(test());
    }

    /** SHA-256 of both parts' content, by the part's name. */
    Map<String, String> sha256() {
        return Map.of("train", train().sha256(), "test", test().sha256());
    }

    /**
     * What is allowed in the data but will hardly do, for a training; known before it.
     *
     * @param withDevices whether the devices' events are wanted too
     */
    List<Warning> warnings(TrainingConfig training, boolean withDevices) {
        List<Warning> warnings = new ArrayList<>(ofData());
        warnings.addAll(ModelWarnings.beforeTraining(
                learning(training), training.budget().offload()));
        if (withDevices) {
            warnings.addAll(ModelWarnings.ofDevices(devices()));
        }
        return warnings;
    }

    /** The same of the images alone. */
    List<Warning> ofData() {
        return DatasetWarnings.of(train(), test(), task());
    }

    /** What a model learns, and the part held out of it. */
    TrainingData learning(TrainingConfig training) {
        return learning(training.heldOutFraction());
    }

    /** As {@link #learning(TrainingConfig)}, for a share that is held out. */
    TrainingData learning(double heldOutFraction) {
        return TrainingData.of(learnt(task(), train(), random), heldOutFraction, random);
    }

    /** Ids of the critical classes, ascending. */
    public List<Integer> critical() {
        return task().critical();
    }

    /** The training images as a task's events, as rare as it says. */
    public static LabelledSet learnt(Task task, Dataset train, RandomStreams random) {
        return task.apply(train, random, "task");
    }

    /** The devices and their events, drawn or, by group, as the data has them. */
    public List<DeviceStream> devices() {
        devices = devices == null ? FleetStreams.draw(streams, test(), task(), random, "streams") : devices;
        return devices;
    }

    /**
     * The test events of one device, in the order in which it meets them.
     *
     * @throws UserError if there is no such device
     */
    public BundleEvents testEvents(String device) {
        LabelledSet events = devices().stream()
                .filter(stream -> stream.device().equals(device))
                .findFirst()
                .orElseThrow(() -> new UserError("the run has no device '" + UserError.shown(device)
                        + "'; expected one of: "
                        + String.join(", ", deviceIds().stream().limit(12).toList())))
                .part(DeviceStream.Part.TEST);
        return new BundleEvents(device, events.labels(), Deployment.values(events));
    }

    /** Classes of the test events of a device, in the order of {@link #testEvents}. */
    public int[] testClasses(String device) {
        return devices().stream()
                .filter(stream -> stream.device().equals(device))
                .findFirst()
                .orElseThrow(() -> new UserError("the run has no device '" + UserError.shown(device) + "'"))
                .part(DeviceStream.Part.TEST)
                .classes()
                .clone();
    }

    /** Ids of the devices, in order. */
    List<String> deviceIds() {
        return devices().stream().map(DeviceStream::device).toList();
    }

    /** A part of the events of all devices together, one device after another; some of both kinds. */
    public LabelledSet events(DeviceStream.Part part) {
        int[] samples = devices().stream()
                .flatMapToInt(device -> Arrays.stream(device.part(part).indices()))
                .toArray();
        LabelledSet all = LabelledSet.of(test(), task(), samples);
        if (all.positives() == 0 || all.positives() == all.size()) {
            throw new UserError("the " + part.word() + " events of the devices are " + all.size() + ", "
                    + all.positives() + " of them critical; expected some of both kinds");
        }
        return all;
    }

    /**
     * This, if its images are what a network reads.
     *
     * @throws UserError if they have another shape
     */
    public RunData fitting(ModelConfig network) {
        try {
            network.checkReads("data set " + test().name(), test().channels(), test().height(), test().width());
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
        return this;
    }
}
