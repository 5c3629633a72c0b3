package org.qexit.nn.layer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The angles θ of a {@link QuantumLayer} as one DL4J parameter. A "bias" to DL4J, so that weight decay leaves it alone. */
final class AngleInitializer implements ParamInitializer {
    static final AngleInitializer INSTANCE = new AngleInitializer();
    static final String ANGLES = "theta";

    private AngleInitializer() {}

    @Override
    public long numParams(NeuralNetConfiguration configuration) {
        return numParams(configuration.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return ((QuantumLayer) layer).ansatz().circuit().parameters();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return List.of(ANGLES);
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return List.of();
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return List.of(ANGLES);
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return false;
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return ANGLES.equals(key);
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration configuration, INDArray view, boolean initialise) {
        configuration.addVariable(ANGLES);
        Map<String, INDArray> table = new java.util.LinkedHashMap<>();
        table.put(ANGLES, row(view));
        return table;
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration configuration, INDArray view) {
        Map<String, INDArray> table = new java.util.LinkedHashMap<>();
        table.put(ANGLES, row(view));
        return table;
    }

    private static INDArray row(INDArray view) {
        return view.reshape('c', 1, view.length());
    }
}
