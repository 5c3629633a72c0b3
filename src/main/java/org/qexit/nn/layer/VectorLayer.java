package org.qexit.nn.layer;

import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.qexit.engine.Unit;

/** A layer of as many outputs as inputs, whose parameters are vectors that whoever builds the graph initialises. */
abstract class VectorLayer extends FeedForwardLayer {
    private static final long serialVersionUID = 1L;

    VectorLayer(int width) {
        setNIn(width);
        setNOut(width);
        setActivationFn(new ActivationIdentity());
    }

    /** Names and lengths of the parameters, in the order they are stored. */
    abstract Map<String, Integer> vectors();

    /** What it computes; its parameters are the vectors one after another. */
    abstract Unit unit();

    @Override
    public final Layer instantiate(
            NeuralNetConfiguration configuration,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialise,
            DataType type) {
        return prepared(
                new RunningLayer(configuration, type, unit()), configuration, listeners, index, parameters, initialise);
    }

    /** A running layer with everything that DL4J's own layers get on their instantiation. */
    static Layer prepared(
            BaseLayer<?> layer,
            NeuralNetConfiguration configuration,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialise) {
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        Map<String, INDArray> table =
                configuration.getLayer().initializer().init(configuration, parameters, initialise);
        layer.setParamTable(table);
        layer.setConf(configuration);
        return layer;
    }

    @Override
    public final ParamInitializer initializer() {
        return VectorInitializer.INSTANCE;
    }

    @Override
    public final LayerMemoryReport getMemoryReport(InputType type) {
        return new LayerMemoryReport.Builder(layerName, getClass(), type, type)
                .standardMemory(initializer().numParams(this), initializer().numParams(this))
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }
}
