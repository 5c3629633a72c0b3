package org.qexit.nn;

import java.util.List;
import org.qexit.common.Hashing;
import org.qexit.common.RandomStreams;
import org.qexit.data.LabelledSet;
import org.qexit.nn.loss.CoupledLoss;
import org.qexit.trace.DeviceTrace;

/**
 * A network with its parameters: images in, a confidence "critical" at every exit out. Used by one thread at a time;
 * {@link #copy} gives another thread its own.
 *
 * <p>Where heads measure a finite number of times, every call starts their random numbers anew: the same events in the same order get the
 * same confidences. {@link #withShotSeed} gives others.
 */
public final class EarlyExitModel {
    /** Of the shots of every model that says no other. */
    static final long SHOT_SEED = 0;

    private static final int BATCH = 256;

    private final Network network;
    private final List<Tensor> tensors;
    private final long shotSeed;

    private EarlyExitModel(Network network, List<Tensor> tensors, long shotSeed) {
        this.network = network;
        this.tensors = tensors;
        this.shotSeed = shotSeed;
    }

    /**
     * @param config with the input's shape
     * @param tensors all parameters, in the order of {@link #tensors()}
     * @throws IllegalArgumentException if names or shapes are not those of the configuration
     */
    public static EarlyExitModel of(ModelConfig config, List<Tensor> tensors) {
        return of(config, tensors, SHOT_SEED);
    }

    private static EarlyExitModel of(ModelConfig config, List<Tensor> tensors, long shotSeed) {
        List<TensorLayout.Slot> slots = TensorLayout.of(config).slots();
        if (tensors.size() != slots.size()) {
            throw new IllegalArgumentException(tensors.size() + " tensors; expected " + slots.size());
        }
        for (int i = 0; i < slots.size(); i++) {
            TensorLayout.Slot slot = slots.get(i);
            Tensor tensor = tensors.get(i);
            if (!tensor.name().equals(slot.name()) || !java.util.Arrays.equals(tensor.shape(), slot.shape())) {
                throw new IllegalArgumentException("tensor " + i + " is " + tensor.name() + " "
                        + java.util.Arrays.toString(tensor.shape()) + "; expected " + slot.name() + " "
                        + java.util.Arrays.toString(slot.shape()));
            }
        }
        Network network = Network.forInference(config);
        network.setTensors(tensors);
        return new EarlyExitModel(network, List.copyOf(tensors), shotSeed);
    }

    /** An untrained model. */
    public static EarlyExitModel initial(ModelConfig config, RandomStreams random) {
        return of(config, TensorLayout.of(config).initial(random));
    }

    public ModelConfig config() {
        return network.model();
    }

    /** All parameters by name, blocks first, then heads, from the input on. */
    public List<Tensor> tensors() {
        return tensors;
    }

    /** The parameter tensor of this name. */
    public Tensor tensor(String name) {
        return tensors.stream()
                .filter(tensor -> tensor.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("model " + config().name() + " has no tensor " + name));
    }

    /** SHA-256 of the parameters as they are stored. */
    public String sha256() {
        return Hashing.sha256Hex(ParameterFile.encode(tensors));
    }

    /** A model of its own for another thread. */
    public EarlyExitModel copy() {
        return of(config(), tensors, shotSeed);
    }

    /** The same model with other random numbers in its shots. */
    public EarlyExitModel withShotSeed(long seed) {
        return of(config(), tensors, seed);
    }

    /**
     * Confidences {@code [exit][event]}.
     *
     * @param images pixels in [0, 1], {@code [event][channel * height * width]}, flattened
     */
    public float[][] confidences(float[] images, int events) {
        int features = config().features();
        if (events < 0 || images.length < (long) events * features) {
            throw new IllegalArgumentException(
                    images.length + " pixels for " + events + " events of " + features + " pixels each");
        }
        return confidences(
                network,
                shotSeed,
                events,
                (event, batch, at) -> System.arraycopy(images, event * features, batch, at, features));
    }

    /** Confidences {@code [exit][event]} of a labelled set, in batches. */
    public float[][] confidences(LabelledSet events) {
        return confidences(network, shotSeed, events);
    }

    /** The confidence trace of a device's events, numbered from 0. */
    public DeviceTrace trace(String device, LabelledSet events) {
        return trace(network, shotSeed, device, events);
    }

    static DeviceTrace trace(Network network, long shotSeed, String device, LabelledSet events) {
        long[] ids = new long[events.size()];
        for (int k = 0; k < ids.length; k++) {
            ids[k] = k;
        }
        return new DeviceTrace(device, ids, events.labels(), confidences(network, shotSeed, events));
    }

    static float[][] confidences(Network network, long shotSeed, LabelledSet events) {
        int features = network.model().features();
        if (events.dataset().features() != features) {
            throw new IllegalArgumentException("data set " + events.dataset().name() + " has "
                    + events.dataset().features() + " values per sample; expected " + features);
        }
        return confidences(network, shotSeed, events.size(), events::copyTo);
    }

    /** Writes an event's pixels somewhere into an array. */
    @FunctionalInterface
    private interface Source {
        void copyTo(int event, float[] target, int at);
    }

    private static float[][] confidences(Network network, long shotSeed, int events, Source source) {
        network.seedShots(RandomStreams.of(shotSeed));
        int features = network.model().features();
        int exits = network.model().exits();
        float[][] scores = new float[exits][events];
        for (int first = 0; first < events; first += BATCH) {
            int batch = Math.min(BATCH, events - first);
            float[] images = new float[batch * features];
            for (int k = 0; k < batch; k++) {
                source.copyTo(first + k, images, k * features);
            }
            double[] logits = network.logits(images, batch);
            for (int k = 0; k < batch; k++) {
                for (int q = 0; q < exits; q++) {
                    float score = (float) CoupledLoss.confidence(logits, 2 * (k * exits + q));
                    if (Float.isNaN(score)) {
                        throw new ArithmeticException("the confidence at exit " + (q + 1) + " is NaN");
                    }
                    scores[q][first + k] = score;
                }
            }
        }
        return scores;
    }
}
