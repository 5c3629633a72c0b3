package org.qexit.experiment.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.data.streams.DeviceStream;
import org.qexit.nn.EarlyExitModel;
import org.qexit.tier.scenario.DriftedTraces;
import org.qexit.trace.DeviceTrace;

/**
 * A run's test events as its model sees them when their images get dark or noisy: a pixel x in [0, 1] becomes (1 - darkness) x + noise &epsilon;, clipped,
 * with &epsilon; standard normal. Every device's &epsilon; come from a stream of its own, the same ones for every level.
 */
final class DisturbedImages implements DriftedTraces {
    /** Scores of the same images may differ by this much between machines. */
    private static final float SAME = 1e-3f;

    private final List<DeviceStream> streams;
    private final EarlyExitModel model;
    private final RandomStreams random;

    /**
     * @param streams the run's events, device by device
     * @param recorded what the run recorded of its test events
     * @throws UserError if the images are not those of the run
     */
    DisturbedImages(
            List<DeviceStream> streams, EarlyExitModel model, List<DeviceTrace> recorded, RandomStreams random) {
        this.streams = List.copyOf(streams);
        this.model = model;
        this.random = random;
        if (streams.size() != recorded.size()) {
            throw new UserError("the data give " + streams.size() + " devices; the run has " + recorded.size());
        }
        for (int n = 0; n < streams.size(); n++) {
            check(
                    recorded.get(n),
                    model.trace(streams.get(n).device(), streams.get(n).test()));
        }
    }

    private static void check(DeviceTrace recorded, DeviceTrace seen) {
        boolean same = recorded.device().equals(seen.device()) && recorded.size() == seen.size();
        for (int k = 0; same && k < seen.size(); k++) {
            same = recorded.labels()[k] == seen.labels()[k];
            for (int q = 0; same && q < seen.exits(); q++) {
                same = Math.abs(recorded.scores()[q][k] - seen.scores()[q][k]) <= SAME;
            }
        }
        if (!same) {
            throw new UserError(
                    "device " + recorded.device() + ": the images and the model do not give the recorded confidences;"
                            + " expected the data of the run. Maybe the data set has changed since, or the heads are measured with shots");
        }
    }

    @Override
    public List<DeviceTrace> disturbed(double noise, double darkness) {
        List<DeviceTrace> traces = new ArrayList<>();
        for (DeviceStream stream : streams) {
            SplittableRandom own = random(random, stream.device());
            traces.add(model.trace(stream.device(), disturbed(stream.test(), noise, darkness, own)));
        }
        return traces;
    }

    /** A device's &epsilon;. */
    static SplittableRandom random(RandomStreams random, String device) {
        return random.stream("disturbed/" + device);
    }

    static LabelledSet disturbed(LabelledSet events, double noise, double darkness, SplittableRandom random) {
        Dataset images = events.dataset();
        float[][] pixels = new float[events.size()][images.features()];
        int[] indices = new int[events.size()];
        for (int k = 0; k < pixels.length; k++) {
            indices[k] = k;
            events.copyTo(k, pixels[k], 0);
            for (int i = 0; i < pixels[k].length; i++) {
                double value = (1 - darkness) * pixels[k][i] + noise * random.nextGaussian();
                pixels[k][i] = (float) Math.min(1, Math.max(0, value));
            }
        }
        int[] shape = {images.channels(), images.height(), images.width()};
        Dataset changed = Dataset.ofFloats(images.name(), shape, pixels, events.classes(), images.classNames());
        return new LabelledSet(changed, indices, events.labels(), events.classes());
    }
}
