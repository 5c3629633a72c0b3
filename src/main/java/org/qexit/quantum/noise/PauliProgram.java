package org.qexit.quantum.noise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;

/**
 * A circuit with noise as steps on the vector of all Pauli strings' values. Clifford gates and shrinking noise between two turns become one table.
 * Depolarising noise commutes with gates on its qubit alone, so it waits for a gate on several.
 */
final class PauliProgram {
    private final int qubits;
    private final List<PauliStep> steps = new ArrayList<>();
    private final Map<Long, int[]> planes = new HashMap<>();
    private int turns;

    // The table that is being composed.
    private int[] source;
    private double[] factor;
    private boolean composed;
    /** By how much each qubit's strings wait to be shrunk. */
    private final double[] waiting;

    private PauliProgram(int qubits) {
        this.qubits = qubits;
        this.waiting = new double[qubits];
        Arrays.fill(waiting, 1);
        clear();
    }

    /** The steps, in order. */
    static List<PauliStep> of(Circuit circuit, NoiseModel noise) {
        PauliProgram program = new PauliProgram(circuit.qubits());
        for (Gate gate : circuit.gates()) {
            program.add(gate, noise);
        }
        for (int q = 0; q < circuit.qubits(); q++) {
            program.release(q);
        }
        program.flush();
        return List.copyOf(program.steps);
    }

    private void add(Gate gate, NoiseModel noise) {
        if (gate.qubits().size() > 1) {
            gate.qubits().forEach(this::release);
        }
        for (PauliTurn turn : PauliTurn.of(gate)) {
            int quarters = turn.quarters();
            if (quarters >= 0) {
                compose(turn, quarters);
            } else {
                flush();
                long key = (long) turn.zMask() << 32 | turn.xMask();
                steps.add(new PauliStep.Turn(
                        planes.computeIfAbsent(key, k -> planes(turn)), turns++, turn.factor(), turn.angle()));
            }
        }
        double depolarising = 1 - 4 * noise.depolarising() / 3;
        double phase = Math.sqrt(1 - noise.phaseDamping());
        double damping = noise.amplitudeDamping();
        for (int q : gate.qubits()) {
            waiting[q] *= depolarising;
            if (damping > 0) {
                release(q);
                flush();
                steps.add(new PauliStep.Damping(1 << q, qubits, Math.sqrt(1 - damping) * phase, 1 - damping, damping));
            } else if (phase < 1) {
                release(q);
                shrink(q, phase, 1);
            }
        }
    }

    private void release(int q) {
        if (waiting[q] != 1) {
            shrink(q, waiting[q], waiting[q]);
            waiting[q] = 1;
        }
    }

    /** Strings with X or Y on a qubit by {@code across}, with Z by {@code along}. */
    private void shrink(int q, double across, double along) {
        composed = true;
        for (int k = 0; k < factor.length; k++) {
            if ((k >> q & 1) != 0) {
                factor[k] *= across;
            } else if ((k >> qubits + q & 1) != 0) {
                factor[k] *= along;
            }
        }
    }

    private void compose(PauliTurn turn, int quarters) {
        if (quarters == 0) {
            return;
        }
        composed = true;
        long key = (long) turn.zMask() << 32 | turn.xMask();
        int[] pairs = planes.computeIfAbsent(key, k -> planes(turn));
        for (int i = 0; i < pairs.length; i += 2) {
            int a = pairs[i];
            int b = pairs[i + 1];
            if (quarters == 2) {
                factor[a] = -factor[a];
                factor[b] = -factor[b];
            } else {
                // By π/2: a ← -b, b ← a; by -π/2: a ← b, b ← -a.
                int swap = source[a];
                double old = factor[a];
                source[a] = source[b];
                factor[a] = quarters == 1 ? -factor[b] : factor[b];
                source[b] = swap;
                factor[b] = quarters == 1 ? old : -old;
            }
        }
    }

    private int[] planes(PauliTurn turn) {
        int[] pairs = new int[1 << 2 * qubits - 1];
        int n = 0;
        int mask = (1 << qubits) - 1;
        int flip = turn.xMask() | turn.zMask() << qubits;
        for (int k = 0; k < 1 << 2 * qubits; k++) {
            int x = k & mask;
            int z = k >> qubits;
            if (k < (k ^ flip) && turn.turns(x, z)) {
                boolean first = turn.side(x, z) > 0;
                pairs[n++] = first ? k : k ^ flip;
                pairs[n++] = first ? k ^ flip : k;
            }
        }
        return Arrays.copyOf(pairs, n);
    }

    private void flush() {
        if (composed) {
            steps.add(new PauliStep.Table(source, factor));
            clear();
        }
    }

    private void clear() {
        source = new int[1 << 2 * qubits];
        factor = new double[source.length];
        for (int k = 0; k < source.length; k++) {
            source[k] = k;
            factor[k] = 1;
        }
        composed = false;
    }

    /** Whether an angle has a gradient. */
    static boolean trained(PauliStep.Turn turn) {
        return !(turn.angle() instanceof Angle.Constant);
    }
}
