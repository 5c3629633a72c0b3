package org.qexit.experiment.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.qexit.common.Checks;
import org.qexit.common.ConfigText;
import org.qexit.common.Progress;
import org.qexit.common.Provenance;
import org.qexit.common.RandomStreams;
import org.qexit.common.Version;
import org.qexit.common.Warning;
import org.qexit.data.Dataset;
import org.qexit.data.streams.DeviceStream;
import org.qexit.data.streams.FleetStreamSpec;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ExitCost;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.ThresholdChooser;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.Twin;
import org.qexit.nn.node.EdgeNodeConfig;
import org.qexit.nn.store.StoredModel;
import org.qexit.nn.training.TrainedModel;
import org.qexit.nn.training.Trainer;
import org.qexit.nn.training.TrainingData;
import org.qexit.nn.training.TrainingListener;
import org.qexit.threshold.BudgetSearch;
import org.qexit.threshold.exits.ExitSearch;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.RuleKind;
import org.qexit.trace.Thresholds;
import org.qexit.trace.TraceMetadata;
import org.qexit.trace.TraceWriter;

/**
 * What {@code qexit train} and {@code qexit trace} read: one model and what it learns. A file for {@code qexit run} will do; the sections
 * about devices and plans are passed over.
 *
 * @param format {@value #FORMAT}, or that of a run
 * @param name of the run
 * @param seed of every random choice
 * @param data what is learnt
 * @param streams the devices' events, for traces; null means all defaults, or in a run without a fleet one device that has all test samples
 * @param fleet of a run, not looked at beyond whether it is there
 * @param model the model
 * @param training how; null means all defaults
 * @param edgeNode the edge nodes' model, or null
 */
@JsonIgnoreProperties({"twins", "staticTwin", "rule", "methods", "simulate"})
public record TrainingRun(
        String format,
        String name,
        Long seed,
        DataConfig data,
        FleetStreamSpec streams,
        Map<String, Object> fleet,
        ModelConfig model,
        TrainingConfig training,
        EdgeNodeConfig edgeNode) {
    public static final String FORMAT = "qexit.train/1";

    /** All that are read; the reader tells a document of another one before what is wrong with it. */
    public static final List<String> FORMATS = List.of(FORMAT, RunConfig.FORMAT);

    /** The exact search, as what the trainer asks for. */
    public static final ThresholdChooser EXACT = TrainingRun::exactPair;

    private static final ThresholdChooser PER_EXIT = (trace, offloadBudget) -> {
        long offloads = (long) (offloadBudget * trace.size());
        return ExitSearch.of(trace, new ExitSearch.Limits(offloads, Integer.MAX_VALUE, null), 0)
                .thresholds();
    };

    /** The exact search for a pair. */
    public static Thresholds exactPair(DeviceTrace trace, double offloadBudget) {
        return BudgetSearch.of(trace)
                .within((long) (offloadBudget * trace.size()))
                .thresholds();
    }

    /** The search for the rule that a training has: exact for pairs, exit after exit otherwise. */
    public static ThresholdChooser chooser(TrainingConfig config) {
        return chooser(config.thresholds().rule());
    }

    /** The search for a kind of rule. */
    static ThresholdChooser chooser(RuleKind kind) {
        return switch (kind) {
            case PAIR -> EXACT;
            case PER_EXIT -> PER_EXIT;
        };
    }

    public TrainingRun {
        if (!FORMATS.contains(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + String.join(" or ", FORMATS));
        }
        Checks.notBlank("name", name);
        Checks.present("seed", seed);
        Checks.present("data", data);
        Checks.present("model", model);
        if (streams == null) {
            streams =
                    RunConfig.FORMAT.equals(format) && fleet == null ? FleetStreamSpec.WHOLE : FleetStreamSpec.DEFAULT;
        }
        training = training == null ? TrainingConfig.DEFAULT : training;
    }

    public static TrainingRun read(Path file) {
        return read(ConfigText.of(file));
    }

    /** The same with fields that were set on the command line. */
    public static TrainingRun read(ConfigText text) {
        return text.as(TrainingRun.class).near(text.directory());
    }

    /** The same with the data's paths, as seen from the configuration's directory, made absolute. */
    TrainingRun near(Path directory) {
        return new TrainingRun(format, name, seed, data.near(directory), streams, fleet, model, training, edgeNode);
    }

    public TrainingRun withSeed(long other) {
        return new TrainingRun(format, name, other, data, streams, fleet, model, training, edgeNode);
    }

    /** The same run with a twin of the model, named as in a run. */
    public TrainingRun withTwin(Twin twin, RunData images) {
        ModelConfig shaped = model.forData(images.train());
        ModelConfig other = twin.of(shaped);
        return new TrainingRun(
                format, name, seed, data, streams, fleet, other.withName(twin.label()), training, edgeNode);
    }

    /** What will hardly do, told before the training: of an edge node's, the images alone. */
    public List<Warning> warnings(RunData images, boolean ofEdgeNode) {
        return ofEdgeNode ? images.ofData() : images.warnings(training, false);
    }

    /**
     * Trains the model, with the random streams that a run would take.
     *
     * @param directory the model directory; kept whole after every epoch
     * @param resume whether to take up the unfinished training there; does no harm where there is none, or it is over
     */
    public TrainedModel train(RunData images, Path directory, boolean resume, TrainingListener listener) {
        RandomStreams random = images.random();
        TrainingData learning = images.learning(training);
        return train(
                Trainer.of(model, training, learning, random, chooser(training)).with(listener), directory, resume);
    }

    /** Trains the model and keeps nothing on disk; what it gives is what a run of the same configuration would. */
    public EarlyExitModel train(RunData images) {
        return Trainer.of(model, training, images.learning(training), images.random(), chooser(training))
                .train()
                .model();
    }

    /** On all cores. */
    static TrainedModel train(Trainer wanted, Path directory, boolean resume) {
        Trainer trainer = wanted.onThreads(Runtime.getRuntime().availableProcessors());
        if (resume && !Trainer.canResume(directory)) {
            Optional<TrainedModel> over = trainer.finished(directory);
            if (over.isPresent()) {
                Progress.say("qexit: the training in " + directory + " is over already");
                return over.get();
            }
            Progress.say("qexit: " + directory + " holds no unfinished training; starting from the beginning");
        }
        return resume && Trainer.canResume(directory) ? trainer.resume(directory) : trainer.train(directory);
    }

    /**
     * Records a trained model's confidences on the events of all devices, drawn as a run would draw them.
     *
     * @param file .parquet or .csv
     */
    public Recorded trace(StoredModel stored, RunData images, DeviceStream.Part part, Path file) {
        EarlyExitModel network = stored.model();
        Dataset seen = images.fitting(network.config()).test();
        List<DeviceStream> devices = images.devices();
        List<TraceMetadata.CumulativeCost> costs = ExitCost.of(network.config()).stream()
                .map(cost -> new TraceMetadata.CumulativeCost(cost.macs(), cost.memoryAccesses(), cost.parameters()))
                .toList();
        TraceMetadata metadata = TraceMetadata.of(
                network.config().name(),
                network.sha256(),
                costs,
                part.word(),
                new Provenance(Version.current(), seed, null, Map.of(seen.name(), seen.sha256())));
        ModelWarnings.Spread spread = new ModelWarnings.Spread();
        TraceWriter.write(file, network.config().exits(), metadata, out -> {
            for (DeviceStream device : devices) {
                DeviceTrace trace = network.trace(device.device(), device.part(part));
                spread.add(trace);
                out.append(trace);
            }
        });
        List<Warning> warnings = new ArrayList<>(images.ofData());
        warnings.addAll(ModelWarnings.ofDevices(devices));
        warnings.addAll(spread.warnings(network.config().name()));
        return new Recorded(devices.size(), warnings);
    }

    /**
     * What a recorded trace holds.
     *
     * @param devices how many
     * @param warnings what makes it of little use
     */
    public record Recorded(int devices, List<Warning> warnings) {}
}
