package org.qexit.quantum.noise;

import java.util.Arrays;
import java.util.List;
import org.qexit.quantum.Angle;
import org.qexit.quantum.BatchChecks;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.PauliString;
import org.qexit.quantum.Simulator;

/**
 * Noise exactly: ρ ← Σ_i K_i ρ K_i† on the density matrix, kept as the real values tr(Pρ) of all 4^n Pauli strings P. There a rotation turns
 * planes of strings, a Clifford gate permutes them, depolarising and phase damping shrink them, and outputs are read off. Gradients are exact by
 * the adjoint of these steps, at about three times the cost of values whatever the number of angles: 4^n operations per sample, gate and turn.
 */
public final class DensityMatrixSimulator implements Simulator {
    /** Beyond, trajectories are the better tool. */
    public static final int MAX_QUBITS = 7;

    /** Samples side by side; fewer where a state of so many would outgrow the caches. */
    private static final int WIDTH = 64;

    private static final int MOST_NUMBERS = 1 << 16;

    private static final long KEPT_BYTES = 64L << 20;

    private final Circuit circuit;
    private final NoiseModel noise;
    private final List<PauliStep> steps;
    private final long keptBytes;
    /** By the logarithm of their width, as far as they were needed. */
    private final PauliEngine[] engines = new PauliEngine[Integer.numberOfTrailingZeros(WIDTH) + 1];

    private DensityMatrixSimulator(Circuit circuit, NoiseModel noise, long keptBytes) {
        if (circuit.qubits() > MAX_QUBITS) {
            throw new IllegalArgumentException("density matrix of " + circuit.qubits() + " qubits; expected at most "
                    + MAX_QUBITS + ". Maybe use trajectories");
        }
        this.circuit = circuit;
        this.noise = noise;
        this.steps = PauliProgram.of(circuit, noise);
        this.keptBytes = keptBytes;
    }

    public static DensityMatrixSimulator of(Circuit circuit, NoiseModel noise) {
        return of(circuit, noise, KEPT_BYTES);
    }

    /** With little room, to check that against the other. */
    static DensityMatrixSimulator of(Circuit circuit, NoiseModel noise, long keptBytes) {
        return new DensityMatrixSimulator(circuit, noise, keptBytes);
    }

    @Override
    public Circuit circuit() {
        return circuit;
    }

    @Override
    public void forward(double[] inputs, double[] theta, int batch, double[] outputs) {
        BatchChecks.forward(circuit, inputs, theta, batch, outputs);
        PauliEngine engine = engine(batch);
        for (int first = 0; first < batch; first += engine.width()) {
            engine.forward(inputs, theta, first, Math.min(engine.width(), batch - first), outputs);
        }
    }

    @Override
    public void backward(
            double[] inputs, double[] theta, int batch, double[] upstream, double[] gradInputs, double[] gradTheta) {
        BatchChecks.angles(circuit, inputs, theta, batch);
        BatchChecks.gradients(circuit, batch, upstream, gradInputs, gradTheta);
        Arrays.fill(gradTheta, 0, circuit.parameters(), 0);
        PauliEngine engine = engine(batch);
        for (int first = 0; first < batch; first += engine.width()) {
            int count = Math.min(engine.width(), batch - first);
            engine.backward(inputs, theta, first, count, upstream, gradInputs, gradTheta);
        }
    }

    /** Whether every angle with a gradient is that of one turn, of which two values tell the derivative. */
    boolean shifts() {
        return circuit.gates().stream()
                .filter(gate -> gate instanceof Gate.Rotation r && !(r.turn() instanceof Angle.Constant))
                .allMatch(gate -> PauliTurn.of(gate).size() == 1);
    }

    /** The angles of all turns, in the order of the numbers in {@link PauliEngine.Shifted}. */
    List<Angle> turns() {
        return steps.stream()
                .filter(PauliStep.Turn.class::isInstance)
                .map(step -> ((PauliStep.Turn) step).angle())
                .toList();
    }

    /** The values of all strings with each angle in turn a quarter turn up and down, tile after tile. */
    void shifted(double[] inputs, double[] theta, int batch, PauliEngine.Shifted shifted) {
        PauliEngine engine = engine(batch);
        for (int first = 0; first < batch; first += engine.width()) {
            engine.shifted(inputs, theta, first, Math.min(engine.width(), batch - first), shifted);
        }
    }

    private PauliEngine engine(int batch) {
        int most = Math.min(WIDTH, Math.max(WIDTH / 8, MOST_NUMBERS >> 2 * circuit.qubits()));
        int width = Math.min(most, Math.max(1, Integer.highestOneBit(2 * Math.min(batch, WIDTH) - 1)));
        int which = Integer.numberOfTrailingZeros(width);
        if (engines[which] == null) {
            engines[which] = new PauliEngine(circuit, noise, steps, width, keptBytes);
        }
        return engines[which];
    }

    /** What readout errors leave of a Pauli string. */
    static double readout(NoiseModel noise, PauliString string) {
        return Math.pow(1 - 2 * noise.readoutError(), Integer.bitCount(string.xMask() | string.zMask()));
    }
}
