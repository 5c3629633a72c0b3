package org.qexit.nn.layer;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.qexit.quantum.Ansatz;

/**
 * A circuit as a layer: n pre-angles z in, n expectation values out,
 *
 * <pre>y_i = ⟨Z_i⟩ of the ansatz at inputs x = π/2 + z and parameters θ,</pre>
 *
 * docs/maths.md §9. z = 0 falls where the RY encoding's ⟨Z⟩ = cos x is steepest; without the shift its slope there is 0. A squashed angle
 * (π tanh z and the like) saturates: heads whose first pre-angles came out large never learnt. θ is initialised by whoever builds the graph.
 */
public final class QuantumLayer extends FeedForwardLayer {
    private static final long serialVersionUID = 1L;

    private final transient Ansatz ansatz;

    public QuantumLayer(Ansatz ansatz) {
        this.ansatz = ansatz;
        setNIn(ansatz.qubits());
        setNOut(ansatz.qubits());
        setActivationFn(new ActivationIdentity());
    }

    public Ansatz ansatz() {
        return ansatz;
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration configuration,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialise,
            DataType type) {
        CircuitLayer layer = new CircuitLayer(configuration, type);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        Map<String, INDArray> table = initializer().init(configuration, parameters, initialise);
        layer.setParamTable(table);
        layer.setConf(configuration);
        return layer;
    }

    @Override
    public ParamInitializer initializer() {
        return AngleInitializer.INSTANCE;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType type) {
        return new LayerMemoryReport.Builder(layerName, QuantumLayer.class, type, type)
                .standardMemory(initializer().numParams(this), initializer().numParams(this))
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QuantumLayer that && super.equals(other) && Objects.equals(ansatz, that.ansatz);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + Objects.hashCode(ansatz);
    }
}
