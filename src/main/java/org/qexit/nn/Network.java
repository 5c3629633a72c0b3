package org.qexit.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.qexit.common.RandomStreams;
import org.qexit.data.LabelledSet;
import org.qexit.engine.Blueprint;
import org.qexit.engine.Engine;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.loss.CoupledLoss;
import org.qexit.nn.loss.DeepSupervision;
import org.qexit.nn.loss.LogitLoss;
import org.qexit.nn.loss.Objective;
import org.qexit.trace.DeviceTrace;

/**
 * A model that can be trained and asked: on our own engine or as a DL4J graph, which agree to single precision. Parameters and the
 * optimiser's state of the one load in the other. Used by one thread at a time; two networks share nothing.
 */
public abstract sealed class Network permits EngineNetwork, GraphNetwork {
    /** Of the heap, for all that there is while a network trains; the rest is for what comes and goes. */
    private static final double HEAP_SHARE = 0.8;

    /** Of the largest budget: who needs less need not know what is left. */
    private static final double SMALL_SHARE = 0.25;

    private final ModelConfig model;
    private final TensorLayout layout;

    Network(ModelConfig model) {
        this.model = model;
        this.layout = TensorLayout.of(model);
    }

    /** For inference, on our own engine where it can run the model. */
    static Network forInference(ModelConfig model) {
        Optional<Blueprint> blueprint = EngineNetwork.blueprint(model);
        return blueprint.isPresent()
                ? new EngineNetwork(model, blueprint.get(), step -> 0, 1)
                : GraphNetwork.forInference(model);
    }

    /**
     * For training with Adam on our own engine where it can run the model, on one thread.
     *
     * @param learningRate of a step, from 0
     */
    public static Network forTraining(ModelConfig model, IntToDoubleFunction learningRate) {
        return forTraining(model, learningRate, TrainingEngine.QEXIT, 1);
    }

    /**
     * For training with Adam.
     *
     * @param learningRate of a step, from 0
     * @param engine what runs the steps, where it can
     * @param threads that work on a step, where our own engine does; results do not depend on it
     */
    public static Network forTraining(
            ModelConfig model, IntToDoubleFunction learningRate, TrainingEngine engine, int threads) {
        return forTraining(model, learningRate, engine, threads, Engine.budget());
    }

    /**
     * As before.
     *
     * @param budget bytes that a batch may take on our own engine, see {@link #budget}
     */
    public static Network forTraining(
            ModelConfig model, IntToDoubleFunction learningRate, TrainingEngine engine, int threads, long budget) {
        Optional<Blueprint> blueprint =
                engine == TrainingEngine.QEXIT ? EngineNetwork.blueprint(model) : Optional.empty();
        return blueprint.isPresent()
                ? new EngineNetwork(model, blueprint.get(), learningRate, threads, budget)
                : GraphNetwork.training(model, learningRate);
    }

    /**
     * Bytes that a batch may take on our own engine: half of the heap, or what images and all else have left of four fifths of it, which is
     * found by a collection where it matters.
     *
     * @param batch events of a step
     */
    public static long budget(ModelConfig model, int batch, int threads) {
        long most = Engine.budget();
        Optional<Blueprint> blueprint = EngineNetwork.blueprint(model);
        if (blueprint.isEmpty() || Engine.keptBytes(blueprint.get(), batch, threads) < SMALL_SHARE * most) {
            return most;
        }
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        long used = runtime.totalMemory() - runtime.freeMemory();
        return Math.max(0, Math.min(most, (long) (HEAP_SHARE * runtime.maxMemory()) - used));
    }

    /** Why our own engine cannot train a model that has half of the heap, see {@link #obstacle(ModelConfig, int, long)}. */
    public static String obstacle(ModelConfig model, int batch) {
        return obstacle(model, batch, Engine.budget());
    }

    /**
     * Why our own engine cannot train a model, as the end of a sentence that begins with "for"; null where it can.
     *
     * @param batch events of a step
     * @param budget bytes that it may take
     */
    public static String obstacle(ModelConfig model, int batch, long budget) {
        Optional<Blueprint> blueprint = EngineNetwork.blueprint(model);
        if (blueprint.isEmpty()) {
            return "a head of it measures its circuit a finite number of times";
        }
        long bytes = Engine.leastBytes(blueprint.get(), batch);
        return bytes <= budget
                ? null
                : "batches of " + batch + " need " + (bytes >> 20)
                        + " MiB at least on the engine qexit, more than the " + (budget >> 20)
                        + " MiB that images and the rest leave for them of this program's "
                        + (Runtime.getRuntime().maxMemory() >> 20)
                        + " MiB. Maybe give it more by QEXIT_HEAP, or lower batch";
    }

    /** What runs it. */
    public abstract TrainingEngine engine();

    static String convolution(int block, int index) {
        return "block" + (block + 1) + ".conv" + (index + 1);
    }

    static String head(int exit, String layer) {
        return "exit" + (exit + 1) + "." + layer;
    }

    static String logits(int exit) {
        return head(exit, HeadConfig.LOGITS);
    }

    public final ModelConfig model() {
        return model;
    }

    public final TensorLayout layout() {
        return layout;
    }

    static LogitLoss crossEntropy(ModelConfig model) {
        if (model.binary()) {
            return new CoupledLoss(Objective.crossEntropy(model.exits()));
        }
        double[] exitWeights = new double[model.exits()];
        double[] classWeights = new double[model.outputs()];
        Arrays.fill(exitWeights, 1);
        Arrays.fill(classWeights, 1);
        return new DeepSupervision(exitWeights, classWeights);
    }

    /** By what the batches to come are judged, which then holds their loss; cross-entropies until it is said. */
    public abstract void judgeBy(LogitLoss next);

    /** Logits of the last batch that was judged, {@code [event][K · exit + class]}, flattened; not a copy. */
    public abstract double[] lastLogits();

    /** Sets all parameters to their initial values. */
    public final void initialise(RandomStreams random) {
        setTensors(layout.initial(random));
    }

    /**
     * Sets all parameters to those of a model as trained.
     *
     * @throws IllegalArgumentException if it is another network's
     */
    public final void initialise(EarlyExitModel trained) {
        if (!trained.config().equals(model)) {
            throw new IllegalArgumentException(
                    "model " + trained.config().name() + " is another network than model " + model.name());
        }
        setTensors(trained.stored());
    }

    /**
     * One optimiser step on a batch; its loss is then at what {@link #judgeBy} was given.
     *
     * @param truth each event's class; 0 or 1 where exits tell normal from critical
     */
    public abstract void fit(float[] images, int[] truth, int batch);

    /** Logits {@code [event][K · exit + class]} of a batch, flattened. */
    abstract double[] logits(float[] images, int batch);

    /** The output of the first block for a batch, {@code [event][channel · height · width]}, flattened. */
    abstract float[] firstBlock(float[] images, int batch);

    /** What enters the circuit of an exit's quantum head for a batch, {@code [event][qubit]}, flattened. */
    abstract double[] preAngles(int exit, float[] images, int batch);

    /** Logits of events by the parameters as they are now, {@code [exit][event · K + class]}. */
    public final double[][] logits(LabelledSet events) {
        return new Inference(this, Inference.SHOT_SEED).logits(events);
    }

    /** The confidence trace of a device's events by the parameters as they are now. */
    public final DeviceTrace trace(String device, LabelledSet events) {
        return new Inference(this, Inference.SHOT_SEED).trace(device, events);
    }

    /** Starts every quantum head's shots anew, each from a stream named after the head. Nothing happens without shots. */
    public abstract void seedShots(RandomStreams random);

    /** Copies of all parameters, in the layout's order. */
    public abstract List<Tensor> tensors();

    /** Sets all parameters. */
    abstract void setTensors(List<Tensor> tensors);

    /** A copy of all parameters, one tensor after another in the layout's order. */
    public final float[] parameters() {
        return layout.flat(tensors());
    }

    /** A copy of the optimiser's state: Adam's m of all parameters in the layout's order, then v. */
    public abstract float[] optimiser();

    /** Whether the last step's update, into which the updater turned the gradient, holds finite numbers only. */
    public abstract boolean updateIsFinite();

    /**
     * Puts the network where another one was after some steps.
     *
     * @throws IllegalArgumentException if the sizes are not this network's
     */
    public abstract void restore(float[] parameters, float[] optimiser, int steps);
}
