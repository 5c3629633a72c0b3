package org.qexit.nn.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The vectors of a {@link VectorLayer} as DL4J parameters, one behind another. All are "biases" to DL4J, so that weight decay leaves them
 * alone.
 */
final class VectorInitializer implements ParamInitializer {
    static final VectorInitializer INSTANCE = new VectorInitializer();

    private VectorInitializer() {}

    private static Map<String, Integer> vectors(Layer layer) {
        return ((VectorLayer) layer).vectors();
    }

    @Override
    public long numParams(NeuralNetConfiguration configuration) {
        return numParams(configuration.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return vectors(layer).values().stream().mapToLong(Integer::longValue).sum();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return List.copyOf(vectors(layer).keySet());
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return List.of();
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return paramKeys(layer);
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return false;
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return vectors(layer).containsKey(key);
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration configuration, INDArray view, boolean initialise) {
        vectors(configuration.getLayer()).keySet().forEach(configuration::addVariable);
        return cut(configuration, view);
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration configuration, INDArray view) {
        return cut(configuration, view);
    }

    private static Map<String, INDArray> cut(NeuralNetConfiguration configuration, INDArray view) {
        INDArray row = view.reshape('c', 1, view.length());
        Map<String, INDArray> table = new LinkedHashMap<>();
        long from = 0;
        for (Map.Entry<String, Integer> vector :
                vectors(configuration.getLayer()).entrySet()) {
            long to = from + vector.getValue();
            table.put(vector.getKey(), row.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to)));
            from = to;
        }
        return table;
    }
}
