package org.qexit.nn;

import java.util.List;
import java.util.Optional;
import org.qexit.common.Checks;
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
    private final List<Tensor> stored;
    private final List<Double> temperatures;
    private final List<Tensor> tensors;
    private final long shotSeed;

    private EarlyExitModel(
            Network network, List<Tensor> stored, List<Double> temperatures, List<Tensor> tensors, long shotSeed) {
        this.network = network;
        this.stored = stored;
        this.temperatures = temperatures;
        this.tensors = tensors;
        this.shotSeed = shotSeed;
    }

    /**
     * @param config with the input's shape
     * @param tensors all parameters, in the order of {@link #tensors()}
     * @throws IllegalArgumentException if names or shapes are not those of the configuration
     */
    public static EarlyExitModel of(ModelConfig config, List<Tensor> tensors) {
        return of(config, tensors, null, SHOT_SEED);
    }

    /** The same model with every exit's logits divided by a temperature T_q; null for none, as trained. */
    public EarlyExitModel withTemperatures(List<Double> perExit) {
        if (perExit != null && perExit.size() != config().exits()) {
            throw new IllegalArgumentException(
                    perExit.size() + " temperatures; expected one per exit, " + config().exits());
        }
        return of(config(), stored, perExit, shotSeed);
    }

    private static EarlyExitModel of(
            ModelConfig config, List<Tensor> tensors, List<Double> temperatures, long shotSeed) {
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
        List<Tensor> effective = folded(tensors, temperatures);
        network.setTensors(effective);
        return new EarlyExitModel(
                network,
                List.copyOf(tensors),
                temperatures == null ? null : List.copyOf(temperatures),
                effective,
                shotSeed);
    }

    /** Temperatures go into the last layer of each exit, so that whoever reads the parameters has them. */
    private static List<Tensor> folded(List<Tensor> tensors, List<Double> temperatures) {
        if (temperatures == null) {
            return List.copyOf(tensors);
        }
        return tensors.stream()
                .map(tensor -> {
                    for (int q = 0; q < temperatures.size(); q++) {
                        if (tensor.name().startsWith(Network.logits(q) + ".")) {
                            float[] values = tensor.values().clone();
                            double temperature = Checks.positive("temperature", temperatures.get(q));
                            for (int i = 0; i < values.length; i++) {
                                values[i] = (float) (values[i] / temperature);
                            }
                            return new Tensor(tensor.name(), tensor.shape(), values);
                        }
                    }
                    return tensor;
                })
                .toList();
    }

    /** An untrained model. */
    public static EarlyExitModel initial(ModelConfig config, RandomStreams random) {
        return of(config, TensorLayout.of(config).initial(random));
    }

    public ModelConfig config() {
        return network.model();
    }

    /** All parameters by name, blocks first, then heads, from the input on; temperatures are in the exits' last layers. */
    public List<Tensor> tensors() {
        return tensors;
    }

    /** All parameters as trained, without temperatures. */
    List<Tensor> stored() {
        return stored;
    }

    /** T_q per exit; empty if the model has none. */
    public Optional<List<Double>> temperatures() {
        return Optional.ofNullable(temperatures);
    }

    /** The parameter tensor of this name. */
    public Tensor tensor(String name) {
        return tensors.stream()
                .filter(tensor -> tensor.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("model " + config().name() + " has no tensor " + name));
    }

    /** SHA-256 of {@link #tensors()}; without temperatures that of the parameter file. */
    public String sha256() {
        return Hashing.sha256Hex(ParameterFile.encode(tensors));
    }

    /** A model of its own for another thread. */
    public EarlyExitModel copy() {
        return of(config(), stored, temperatures, shotSeed);
    }

    /** The same model with other random numbers in its shots. */
    public EarlyExitModel withShotSeed(long seed) {
        return of(config(), stored, temperatures, seed);
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

    /** Logits of the confidences, {@code [exit][event]}, in double precision, which does not end at 0 and 1. */
    public double[][] margins(LabelledSet events) {
        checkFeatures(network, events);
        return margins(network, shotSeed, events.size(), events::copyTo);
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
        checkFeatures(network, events);
        return confidences(network, shotSeed, events.size(), events::copyTo);
    }

    private static void checkFeatures(Network network, LabelledSet events) {
        int features = network.model().features();
        if (events.dataset().features() != features) {
            throw new IllegalArgumentException("data set " + events.dataset().name() + " has "
                    + events.dataset().features() + " values per sample; expected " + features);
        }
    }

    /** Writes an event's pixels somewhere into an array. */
    @FunctionalInterface
    private interface Source {
        void copyTo(int event, float[] target, int at);
    }

    private static float[][] confidences(Network network, long shotSeed, int events, Source source) {
        double[][] margins = margins(network, shotSeed, events, source);
        float[][] scores = new float[margins.length][events];
        for (int q = 0; q < scores.length; q++) {
            for (int k = 0; k < events; k++) {
                scores[q][k] = (float) CoupledLoss.confidence(margins[q][k]);
            }
        }
        return scores;
    }

    private static double[][] margins(Network network, long shotSeed, int events, Source source) {
        network.seedShots(RandomStreams.of(shotSeed));
        int features = network.model().features();
        int exits = network.model().exits();
        double[][] margins = new double[exits][events];
        for (int first = 0; first < events; first += BATCH) {
            int batch = Math.min(BATCH, events - first);
            float[] images = new float[batch * features];
            for (int k = 0; k < batch; k++) {
                source.copyTo(first + k, images, k * features);
            }
            double[] logits = network.logits(images, batch);
            for (int k = 0; k < batch; k++) {
                for (int q = 0; q < exits; q++) {
                    int at = 2 * (k * exits + q);
                    double margin = logits[at + 1] - logits[at];
                    if (Double.isNaN(margin)) {
                        throw new ArithmeticException("the confidence at exit " + (q + 1) + " is NaN");
                    }
                    margins[q][first + k] = margin;
                }
            }
        }
        return margins;
    }
}
