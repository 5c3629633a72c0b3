package org.qexit.experiment.scenario;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.data.streams.DeviceStream;
import org.qexit.nn.node.ClassTrainingConfig;
import org.qexit.nn.node.PayloadEncoder;
import org.qexit.tier.retrain.NodeRetraining;
import org.qexit.tier.retrain.NodeVersion;
import org.qexit.tier.scenario.NodeModels;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.ClassTrace;

/**
 * A run's test events as versions of its nodes' model see them, however dark or noisy, and trainings on them. A device sends the disturbed image that
 * {@link DisturbedImages} shows its own model.
 */
final class NodeImages implements NodeModels {
    /** Probabilities of the same images may differ by this much between machines. */
    private static final float SAME = 1e-3f;

    private final List<DeviceStream> streams;
    private final PayloadEncoder encoder;
    private final RandomStreams random;
    private final double accuracy;
    private final TrainedVersion deployed;

    /** What the node is sent of all devices' events, by noise and darkness; also the encoder's guard, which serves one thread at a time. */
    private final Map<List<Double>, List<LabelledSet>> encoded = new HashMap<>();

    /**
     * @param streams the run's events, device by device
     * @param encoder of what the node is sent
     * @param deployed the run's version
     * @param accuracy share of its best class accuracy that a candidate's thresholds keep
     * @throws UserError if the images are not those of the run
     */
    NodeImages(
            List<DeviceStream> streams,
            PayloadEncoder encoder,
            NodeVersion deployed,
            double accuracy,
            RandomStreams random) {
        this.streams = List.copyOf(streams);
        this.encoder = encoder;
        this.deployed = new TrainedVersion(deployed);
        this.accuracy = accuracy;
        this.random = random;
    }

    /**
     * This, if it sees what the run recorded.
     *
     * @throws UserError if not
     */
    NodeImages checked(List<ClassTrace> recorded) {
        List<LabelledSet> images = encoded(0, 0);
        for (int n = 0; n < images.size(); n++) {
            String device = streams.get(n).device();
            ClassTrace seen = deployed.version.trace(device, images.get(n));
            ClassTrace told = recorded.stream()
                    .filter(trace -> trace.device().equals(device))
                    .findFirst()
                    .orElse(null);
            if (told == null || told.size() != seen.size() || !alike(told, seen)) {
                throw new UserError("device " + device + ": the images and the nodes' model do not give the recorded"
                        + " probabilities; expected the data of the run. Maybe the data set has changed since");
            }
        }
        return this;
    }

    private static boolean alike(ClassTrace one, ClassTrace other) {
        for (int q = 0; q < one.exits(); q++) {
            for (int c = 0; c < one.classes(); c++) {
                for (int k = 0; k < one.size(); k++) {
                    if (!(Math.abs(one.probabilities()[q][c][k] - other.probabilities()[q][c][k]) <= SAME)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    @Override
    public Version deployed() {
        return deployed;
    }

    @Override
    public Version trainedOn(Version base, List<Sample> events, ClassTrainingConfig training, long seed) {
        NodeVersion current = ((TrainedVersion) base).version;
        return new TrainedVersion(new NodeRetraining(training, accuracy)
                .train(current, pool(current, events), RandomStreams.of(seed))
                .version());
    }

    /** The samples as one set. */
    private LabelledSet pool(NodeVersion current, List<Sample> samples) {
        float[][] values = new float[samples.size()][current.model().config().features()];
        int[] classes = new int[values.length];
        byte[] labels = new byte[values.length];
        int[] indices = new int[values.length];
        for (int k = 0; k < values.length; k++) {
            Sample sample = samples.get(k);
            LabelledSet events = encoded(sample.noise(), sample.darkness()).get(sample.device());
            events.copyTo(sample.row(), values[k], 0);
            classes[k] = events.classes()[sample.row()];
            labels[k] = events.labels()[sample.row()];
            indices[k] = k;
        }
        Dataset images = encoded(0, 0).get(0).dataset();
        int[] shape = {images.channels(), images.height(), images.width()};
        Dataset pool = Dataset.ofReals(
                "replay store", shape, values, classes, current.model().config().classes());
        return new LabelledSet(pool, indices, labels, classes);
    }

    private List<LabelledSet> encoded(double noise, double darkness) {
        synchronized (encoded) {
            return encoded.computeIfAbsent(List.of(noise, darkness), level -> {
                List<LabelledSet> sets = new ArrayList<>();
                for (DeviceStream stream : streams) {
                    sets.add(encoder.encode(seen(stream, noise, darkness)));
                }
                return sets;
            });
        }
    }

    private LabelledSet seen(DeviceStream stream, double noise, double darkness) {
        if (noise == 0 && darkness == 0) {
            return stream.test();
        }
        SplittableRandom own = DisturbedImages.random(random, stream.device());
        return DisturbedImages.disturbed(stream.test(), noise, darkness, own);
    }

    private final class TrainedVersion implements Version {
        private final NodeVersion version;

        TrainedVersion(NodeVersion version) {
            this.version = version;
        }

        @Override
        public String sha256() {
            return version.sha256();
        }

        @Override
        public long bits() {
            return version.bits();
        }

        @Override
        public ClassThresholds.Decision[][] decisions(double noise, double darkness) {
            return version.decide(encoded(noise, darkness));
        }
    }
}
