package org.qexit.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.qexit.common.RandomStreams;
import org.qexit.engine.Adam;
import org.qexit.engine.Blueprint;
import org.qexit.engine.Engine;
import org.qexit.engine.KernelChoice;
import org.qexit.engine.Stage;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.HeadLayer;
import org.qexit.nn.head.Reduction;
import org.qexit.nn.loss.LogitLoss;

/** A model on our own engine. */
final class EngineNetwork extends Network {
    private final Engine engine;
    private final Adam adam;
    private final IntToDoubleFunction learningRate;
    private LogitLoss loss;
    private double[] logits = new double[0];
    private boolean updateIsFinite = true;

    EngineNetwork(ModelConfig model, Blueprint blueprint, IntToDoubleFunction learningRate, int threads) {
        this(model, blueprint, learningRate, threads, Engine.budget());
    }

    /** @param budget bytes that a batch may take */
    EngineNetwork(ModelConfig model, Blueprint blueprint, IntToDoubleFunction learningRate, int threads, long budget) {
        this(model, Engine.of(blueprint, KernelChoice.AUTO, threads, budget), learningRate);
    }

    /** On a given engine, whose parameters become this network's. */
    EngineNetwork(ModelConfig model, Engine engine, IntToDoubleFunction learningRate) {
        super(model);
        this.engine = engine;
        this.adam = new Adam(engine.parameters().length, engine.threads());
        this.learningRate = learningRate;
        this.loss = crossEntropy(model);
        if (engine.parameters().length != layout().size()) {
            throw new IllegalStateException("model " + model.name() + " has " + layout().size()
                    + " parameters, on our engine " + engine.parameters().length);
        }
    }

    /** A model as the engine runs it; empty where it cannot, as where heads measure a finite number of times. */
    static Optional<Blueprint> blueprint(ModelConfig model) {
        List<Blueprint.Block> blocks = new ArrayList<>();
        List<Blueprint.Head> heads = new ArrayList<>();
        int[] shape = {model.channels(), model.height(), model.width()};
        for (int b = 0; b < model.exits(); b++) {
            List<BlockConfig> parts = model.blocks().get(b).parts();
            for (int p = 0; p < parts.size(); p++) {
                BlockConfig part = parts.get(p);
                blocks.add(new Blueprint.Block(
                        part.channels(),
                        shape[1] == 1 ? 1 : part.kernel(),
                        part.kernel(),
                        part.convolutions(),
                        shape[1] == 1 ? 1 : part.pool(),
                        shape[2] == 1 ? 1 : part.pool(),
                        p == parts.size() - 1));
                shape = part.shapeBehind(shape);
            }
            HeadConfig head = model.heads().get(b);
            List<Stage> stages = new ArrayList<>();
            for (HeadLayer layer : head.stack(model.headFeatures(b), model.outputs())) {
                if (layer.stage() == null) {
                    return Optional.empty();
                }
                stages.add(layer.stage());
            }
            heads.add(new Blueprint.Head(head.reduce() == Reduction.AVERAGE, stages));
        }
        return Optional.of(new Blueprint(
                model.channels(), model.height(), model.width(), model.activation() == Activation.TANH, blocks, heads));
    }

    @Override
    public TrainingEngine engine() {
        return TrainingEngine.QEXIT;
    }

    @Override
    public void judgeBy(LogitLoss next) {
        loss = next;
    }

    @Override
    public double[] lastLogits() {
        return logits;
    }

    @Override
    public void fit(float[] images, int[] truth, int batch) {
        differentiate(images, truth, batch);
        adam.step(engine.parameters(), engine.gradient(), learningRate.applyAsDouble(Math.toIntExact(adam.steps())));
        updateIsFinite = finite(engine.parameters());
        engine.load();
    }

    /** Loss and gradient of a batch, without a step. */
    float[] differentiate(float[] images, int[] truth, int batch) {
        int length = batch * engine.blueprint().logits();
        if (logits.length != length) {
            logits = new double[length];
        }
        engine.forward(images, batch, logits);
        loss.evaluate(logits, truth, batch);
        engine.backward(loss.gradient());
        return engine.gradient();
    }

    private static boolean finite(float[] values) {
        int exponents = 0;
        for (float value : values) {
            exponents |= Float.floatToRawIntBits(value - value);
        }
        return exponents == 0;
    }

    @Override
    double[] logits(float[] images, int batch) {
        double[] all = new double[batch * engine.blueprint().logits()];
        engine.forward(images, batch, all);
        return all;
    }

    @Override
    float[] firstBlock(float[] images, int batch) {
        logits(images, batch);
        int[] shape = engine.featureShape(0);
        int length = shape[0] * shape[1] * shape[2];
        float[] features = new float[batch * length];
        for (int k = 0; k < batch; k++) {
            engine.features(0, k, features, k * length);
        }
        return features;
    }

    @Override
    double[] preAngles(int exit, float[] images, int batch) {
        logits(images, batch);
        int qubits = engine.blueprint().heads().get(exit).stages().get(0).outputs();
        double[] values = new double[batch * qubits];
        for (int k = 0; k < batch; k++) {
            for (int i = 0; i < qubits; i++) {
                values[k * qubits + i] = engine.stageValue(exit, 0, k, i);
            }
        }
        return values;
    }

    @Override
    public void seedShots(RandomStreams random) {
        // There are none.
    }

    @Override
    public List<Tensor> tensors() {
        return layout().tensors(engine.parameters());
    }

    @Override
    void setTensors(List<Tensor> tensors) {
        set(layout().flat(tensors));
    }

    private void set(float[] values) {
        System.arraycopy(values, 0, engine.parameters(), 0, engine.parameters().length);
        engine.load();
    }

    @Override
    public float[] optimiser() {
        return adam.moments().clone();
    }

    @Override
    public boolean updateIsFinite() {
        return updateIsFinite;
    }

    @Override
    public void restore(float[] parameters, float[] optimiser, int steps) {
        if (parameters.length != engine.parameters().length) {
            throw new IllegalArgumentException(parameters.length + " values; expected " + engine.parameters().length);
        }
        set(parameters);
        adam.restore(optimiser, steps);
    }
}
