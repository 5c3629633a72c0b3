package org.qexit.nn;

import java.util.List;
import java.util.Optional;
import org.qexit.common.Checks;
import org.qexit.common.Hashing;
import org.qexit.common.RandomStreams;
import org.qexit.data.LabelledSet;
import org.qexit.trace.ClassTrace;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.EventOrigins;

/**
 * A network with its parameters: images in, a confidence "critical" at every exit out, or the probabilities of its classes. Used by one
 * thread at a time;
 * {@link #copy} gives another thread its own.
 *
 * <p>Where heads measure a finite number of times, every call starts their random numbers anew: the same events in the same order get the
 * same confidences. {@link #withShotSeed} gives others.
 */
public final class EarlyExitModel {
    private final Inference inference;
    private final List<Tensor> stored;
    private final List<Double> temperatures;
    private final List<Tensor> tensors;

    private EarlyExitModel(Inference inference, List<Tensor> stored, List<Double> temperatures, List<Tensor> tensors) {
        this.inference = inference;
        this.stored = stored;
        this.temperatures = temperatures;
        this.tensors = tensors;
    }

    /**
     * @param config with the input's shape
     * @param tensors all parameters, in the order of {@link #tensors()}
     * @throws IllegalArgumentException if names or shapes are not those of the configuration
     */
    public static EarlyExitModel of(ModelConfig config, List<Tensor> tensors) {
        return of(config, tensors, null, Inference.SHOT_SEED);
    }

    /** The same model with every exit's logits divided by a temperature T_q; null for none, as trained. */
    public EarlyExitModel withTemperatures(List<Double> perExit) {
        if (perExit != null && perExit.size() != config().exits()) {
            throw new IllegalArgumentException(
                    perExit.size() + " temperatures; expected one per exit, " + config().exits());
        }
        return of(config(), stored, perExit, inference.shotSeed());
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
                new Inference(network, shotSeed),
                List.copyOf(tensors),
                temperatures == null ? null : List.copyOf(temperatures),
                effective);
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
        return inference.network().model();
    }

    /** All parameters by name, blocks first, then heads, from the input on; temperatures are in the exits' last layers. */
    public List<Tensor> tensors() {
        return tensors;
    }

    /** All parameters as trained, without temperatures. */
    public List<Tensor> stored() {
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

    /**
     * A parameter tensor of an exit's head.
     *
     * @param exit from 0
     * @param layer of the head, such as {@code logits}
     * @param name of the tensor in it, such as {@code weight}
     */
    public Tensor headTensor(int exit, String layer, String name) {
        return tensor(Network.head(exit, layer) + "." + name);
    }

    /** SHA-256 of {@link #tensors()}; without temperatures that of the parameter file. */
    public String sha256() {
        return Hashing.sha256Hex(ParameterFile.encode(tensors));
    }

    /** A model of its own for another thread. */
    public EarlyExitModel copy() {
        return of(config(), stored, temperatures, inference.shotSeed());
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
        return inference.confidences(events, source(images, events));
    }

    /**
     * Probabilities {@code [exit][event * K + class]} of a model whose exits tell classes apart.
     *
     * @param values as the network sees them, {@code [event][channel * height * width]}, flattened
     */
    public float[][] probabilities(float[] values, int events) {
        return inference.probabilities(events, source(values, events));
    }

    private Inference.Source source(float[] values, int events) {
        int features = config().features();
        if (events < 0 || values.length < (long) events * features) {
            throw new IllegalArgumentException(
                    values.length + " values for " + events + " events of " + features + " values each");
        }
        return (event, batch, at) -> System.arraycopy(values, event * features, batch, at, features);
    }

    /** Confidences {@code [exit][event]} of a labelled set, in batches. */
    public float[][] confidences(LabelledSet events) {
        return inference.confidences(events);
    }

    /** Logits of the confidences, {@code [exit][event]}, in double precision, which does not end at 0 and 1. */
    public double[][] margins(LabelledSet events) {
        return inference.margins(events);
    }

    /**
     * What the pre-angles of a quantum head are for a labelled set, {@code [event][qubit]}, flattened: what the dense layer before the
     * circuit gives.
     *
     * @param exit from 0, one whose head has a circuit
     */
    public double[] preAngles(int exit, LabelledSet events) {
        if (config().heads().get(exit).circuit().isEmpty()) {
            throw new IllegalArgumentException(
                    "exit " + (exit + 1) + " of model " + config().name() + " has no circuit");
        }
        return inference.preAngles(exit, events);
    }

    /** Probabilities {@code [exit][event][class]} of a model whose exits tell classes apart. */
    public float[][][] probabilities(LabelledSet events) {
        return inference.probabilities(events);
    }

    /** The confidence trace of a device's events, numbered from 0. */
    public DeviceTrace trace(String device, LabelledSet events) {
        return inference.trace(device, events);
    }

    /**
     * The trace of a device's events by a model whose exits tell classes apart, numbered from 0.
     *
     * @param events as the model is sent them
     * @param origins of the events as the device saw them
     */
    public ClassTrace classTrace(String device, LabelledSet events, EventOrigins origins) {
        return inference.classTrace(device, events, origins);
    }
}
