package org.qexit.nn.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.deeplearning4j.nn.api.Layer;
import org.qexit.engine.CircuitUnit;
import org.qexit.engine.Unit;
import org.qexit.quantum.Ansatz;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Simulator;
import org.qexit.quantum.noise.DensityMatrixSimulator;
import org.qexit.quantum.noise.NoiseModel;
import org.qexit.quantum.noise.ShotSimulator;
import org.qexit.quantum.statevector.BatchedSimulator;
import org.qexit.quantum.statevector.SimulatorOptions;

/**
 * A circuit as a layer: n pre-angles z in, n expectation values out,
 *
 * <pre>y_i = ⟨Z_i⟩ of the ansatz at inputs x = π/2 + z and parameters θ,</pre>
 *
 * docs/maths.md §9. z = 0 falls where the RY encoding's ⟨Z⟩ = cos x is steepest; without the shift its slope there is 0. A squashed angle
 * (π tanh z and the like) saturates: heads whose first pre-angles came out large never learnt. With scaling, upload u
 * of qubit i turns by x_{ui} = π/2 + s_{ui} z_i instead.
 *
 * <p>With shots, each y_i is an estimate from that many measurements; with noise, ⟨Z_i⟩ = tr(Z_i ρ) of the density matrix, and gradients are exact;
 * with shots they are what the parameter-shift rule measures on the same machine.
 */
public final class QuantumLayer extends VectorLayer {
    public static final String THETA = "theta";
    public static final String SCALE = "scale";

    private static final long serialVersionUID = 1L;

    private final transient Ansatz ansatz;
    private final boolean scaled;
    private final transient Integer shots;
    private final transient NoiseModel noise;

    /**
     * Makes it.
     *
     * @param scaled whether the pre-angles have trained factors
     * @param shots null for exact expectation values
     * @param noise null for none
     */
    public QuantumLayer(Ansatz ansatz, boolean scaled, Integer shots, NoiseModel noise) {
        super(ansatz.qubits());
        this.ansatz = ansatz;
        this.scaled = scaled;
        this.shots = shots;
        this.noise = noise;
    }

    /** The angle that a pre-angle enters by, π/2 + s z [rad]; s = 1 where there are no trained factors. */
    public static double angle(double preAngle, double scale) {
        return CircuitUnit.angle(preAngle, scale);
    }

    public Ansatz ansatz() {
        return ansatz;
    }

    /** Starts the random numbers of a running layer's shots anew, if it has any. */
    public static void seedShots(Layer running, LongSupplier seed) {
        if (running instanceof RunningLayer layer
                && layer.layerConf() instanceof QuantumLayer circuit
                && circuit.shots != null) {
            layer.run(circuit.unit(seed.getAsLong(), SimulatorOptions.DEFAULT));
        }
    }

    /** The circuit as this layer's machine would run it, its shots drawn from {@code seed}. */
    public Unit unit(long seed, SimulatorOptions options) {
        Function<Circuit, Simulator> machine = circuit -> BatchedSimulator.of(circuit, options);
        if (noise != null) {
            machine = circuit -> DensityMatrixSimulator.of(circuit, noise);
        }
        Circuit circuit = ansatz.circuit();
        Simulator simulator = shots == null ? machine.apply(circuit) : ShotSimulator.of(circuit, machine, shots, seed);
        return new CircuitUnit(simulator, ansatz.qubits(), scaled);
    }

    @Override
    Map<String, Integer> vectors() {
        Map<String, Integer> vectors = new LinkedHashMap<>();
        vectors.put(THETA, ansatz.parameters());
        if (scaled) {
            vectors.put(SCALE, ansatz.inputs());
        }
        return vectors;
    }

    @Override
    Unit unit() {
        return unit(0, SimulatorOptions.DEFAULT);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QuantumLayer that
                && super.equals(other)
                && Objects.equals(ansatz, that.ansatz)
                && scaled == that.scaled
                && Objects.equals(shots, that.shots)
                && Objects.equals(noise, that.noise);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + Objects.hash(ansatz, scaled, shots, noise);
    }
}
