package org.qexit.nn.layer;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
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
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Simulator;
import org.qexit.quantum.noise.DensityMatrixSimulator;
import org.qexit.quantum.noise.NoiseModel;
import org.qexit.quantum.noise.ShotSimulator;
import org.qexit.quantum.statevector.BatchedSimulator;

/**
 * A circuit as a layer: n pre-angles z in, n expectation values out,
 *
 * <pre>y_i = ⟨Z_i⟩ of the ansatz at inputs x = π/2 + z and parameters θ,</pre>
 *
 * docs/maths.md §9. z = 0 falls where the RY encoding's ⟨Z⟩ = cos x is steepest; without the shift its slope there is 0. A squashed angle
 * (π tanh z and the like) saturates: heads whose first pre-angles came out large never learnt. θ is initialised by whoever builds the graph.
 *
 * <p>With shots, each y_i is an estimate from that many measurements; with noise, ⟨Z_i⟩ = tr(Z_i ρ) of the density matrix. Gradients are then
 * by parameter shift on the same machine.
 */
public final class QuantumLayer extends FeedForwardLayer {
    private static final long serialVersionUID = 1L;

    private final transient Ansatz ansatz;
    private final transient Integer shots;
    private final transient NoiseModel noise;

    /**
     * Makes it.
     *
     * @param shots null for exact expectation values
     * @param noise null for none
     */
    public QuantumLayer(Ansatz ansatz, Integer shots, NoiseModel noise) {
        this.ansatz = ansatz;
        this.shots = shots;
        this.noise = noise;
        setNIn(ansatz.qubits());
        setNOut(ansatz.qubits());
        setActivationFn(new ActivationIdentity());
    }

    public Ansatz ansatz() {
        return ansatz;
    }

    /** Starts the random numbers of a running quantum layer's shots anew; without shots there are none. */
    public static void seedShots(Layer running, long seed) {
        ((CircuitLayer) running).seedShots(seed);
    }

    /** How to simulate the circuit as this layer's machine would run it, its shots drawn from {@code seed}. */
    Simulator simulator(long seed) {
        Function<Circuit, Simulator> machine = BatchedSimulator::of;
        if (noise != null) {
            machine = circuit -> DensityMatrixSimulator.of(circuit, noise);
        }
        Circuit circuit = ansatz.circuit();
        return shots == null ? machine.apply(circuit) : ShotSimulator.of(circuit, machine, shots, seed);
    }

    boolean hasShots() {
        return shots != null;
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
        return other instanceof QuantumLayer that
                && super.equals(other)
                && Objects.equals(ansatz, that.ansatz)
                && Objects.equals(shots, that.shots)
                && Objects.equals(noise, that.noise);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + Objects.hash(ansatz, shots, noise);
    }
}
