package org.qexit.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Gate.FixedKind;

/**
 * A circuit of constant gates as few steps: layers of gates on single qubits, and moves that permute amplitudes and turn signs. A ring of
 * entanglers is one move, for gates of one step follow each other directly.
 */
final class ConstantSteps {
    private final int qubits;
    private final List<Step> steps = new ArrayList<>();

    private ConstantSteps(int qubits) {
        this.qubits = qubits;
    }

    /** Something that is done to all amplitudes. */
    sealed interface Step {}

    /**
     * Gates that act on one qubit each.
     *
     * @param gates in order
     */
    record Layer(List<Gate> gates) implements Step {}

    /**
     * {@code new[k] = sign[k] · old[source[k]]}.
     *
     * @param source {@code [basis index]}
     * @param sign 1 or −1, {@code [basis index]}
     */
    record Move(int[] source, float[] sign) implements Step {
        boolean permutes() {
            for (int k = 0; k < source.length; k++) {
                if (source[k] != k) {
                    return true;
                }
            }
            return false;
        }

        boolean turnsSigns() {
            for (float s : sign) {
                if (s < 0) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Empty if the circuit holds a gate on several qubits that is neither CNOT, CZ nor SWAP. */
    static Optional<List<Step>> of(Circuit circuit) {
        ConstantSteps made = new ConstantSteps(circuit.qubits());
        for (Gate gate : circuit.gates()) {
            if (gate.qubits().size() == 1) {
                made.layer().gates().add(gate);
            } else if (!(gate instanceof Gate.Fixed fixed && made.move(fixed))) {
                return Optional.empty();
            }
        }
        return Optional.of(made.steps);
    }

    private Layer layer() {
        if (!steps.isEmpty() && steps.get(steps.size() - 1) instanceof Layer last) {
            return last;
        }
        Layer fresh = new Layer(new ArrayList<>());
        steps.add(fresh);
        return fresh;
    }

    private boolean move(Gate.Fixed gate) {
        if (gate.kind() != FixedKind.CNOT && gate.kind() != FixedKind.CZ && gate.kind() != FixedKind.SWAP) {
            return false;
        }
        Move before = lastMove();
        int first = gate.qubits().get(0);
        int second = gate.qubits().get(1);
        int[] source = new int[1 << qubits];
        float[] sign = new float[1 << qubits];
        for (int k = 0; k < source.length; k++) {
            int one = k >> first & 1;
            int two = k >> second & 1;
            // Each of these gates undoes itself: where k comes from is where k goes to.
            int from = switch (gate.kind()) {
                case CNOT -> k ^ one << second;
                case SWAP -> k ^ (one ^ two) << first ^ (one ^ two) << second;
                default -> k;
            };
            source[k] = before.source()[from];
            sign[k] = gate.kind() == FixedKind.CZ && (one & two) == 1 ? -before.sign()[from] : before.sign()[from];
        }
        steps.set(steps.size() - 1, new Move(source, sign));
        return true;
    }

    private Move lastMove() {
        if (!steps.isEmpty() && steps.get(steps.size() - 1) instanceof Move last) {
            return last;
        }
        int[] source = new int[1 << qubits];
        float[] sign = new float[1 << qubits];
        Arrays.setAll(source, k -> k);
        Arrays.fill(sign, 1);
        Move still = new Move(source, sign);
        steps.add(still);
        return still;
    }
}
