package org.qexit.quantum.strange;

import java.util.ArrayList;
import java.util.List;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Block;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Matrix2;
import org.redfx.strange.Complex;
import org.redfx.strange.Program;
import org.redfx.strange.Step;
import org.redfx.strange.gate.Cnot;
import org.redfx.strange.gate.Cz;
import org.redfx.strange.gate.Hadamard;
import org.redfx.strange.gate.Identity;
import org.redfx.strange.gate.Swap;
import org.redfx.strange.gate.X;
import org.redfx.strange.gate.Y;
import org.redfx.strange.gate.Z;

/**
 * Circuits as Strange programs. Written so that Strange 0.1.3 runs them right: one gate per step (a step that mixes a two-qubit gate on
 * distant qubits with others is computed wrong), rotations about Z by their own matrix (its RotationZ is a multiple of the identity), a CCX
 * as two-qubit gates (its Toffoli is wrong for about half of the orders of its qubits), never an empty program (which throws).
 */
public final class StrangePrograms {
    private StrangePrograms() {}

    /**
     * The program of a circuit at one sample.
     *
     * @param circuit the circuit
     * @param inputs one row of inputs
     * @param theta the parameters
     */
    public static Program program(Circuit circuit, double[] inputs, double[] theta) {
        Program program = new Program(circuit.qubits());
        program.addStep(new Step(new Identity(0)));
        for (Gate gate : circuit.bind(inputs, theta).gates()) {
            for (org.redfx.strange.Gate translated : translate(gate)) {
                program.addStep(new Step(translated));
            }
        }
        return program;
    }

    /**
     * The circuit of a program, up to one phase of the whole state; measured in Z on every qubit. Single-qubit gates, controlled ones, Swap
     * and Toffoli are understood. Where Strange 0.1.3 computes something else than it says, what it says counts: {@code RotationZ(θ)} is
     * exp(-iθZ/2), {@code initializeQubit(i, α)} prepares qubit i.
     *
     * @throws UnsupportedOperationException if it has other gates: blocks, oracles, arithmetic
     */
    public static Circuit circuit(Program program) {
        return StrangeReader.circuit(program, program.getSteps().size());
    }

    private static List<org.redfx.strange.Gate> translate(Gate gate) {
        List<Integer> q = gate.qubits();
        if (gate instanceof Gate.Fixed fixed) {
            return switch (fixed.kind()) {
                case H -> List.of(new Hadamard(q.get(0)));
                case X -> List.of(new X(q.get(0)));
                case Y -> List.of(new Y(q.get(0)));
                case Z -> List.of(new Z(q.get(0)));
                case CNOT -> List.of(new Cnot(q.get(0), q.get(1)));
                case CZ -> List.of(new Cz(q.get(0), q.get(1)));
                case SWAP -> List.of(new Swap(q.get(0), q.get(1)));
                case CCX -> toffoli(q.get(0), q.get(1), q.get(2));
                case CSWAP -> controlledSwap(q.get(0), q.get(1), q.get(2));
                case S, T -> List.of(new BridgeGate.One(gate));
                case CY, ISWAP -> List.of(new BridgeGate.Two(gate));
            };
        }
        return List.of(q.size() == 1 ? new BridgeGate.One(gate) : new BridgeGate.Two(gate));
    }

    /** CCX = H_t · CP_at(π/2) · CNOT_ab · CP_bt(-π/2) · CNOT_ab · CP_bt(π/2) · H_t, rightmost first. */
    private static List<org.redfx.strange.Gate> toffoli(int a, int b, int target) {
        return List.of(
                new Hadamard(target),
                phase(Math.PI / 2, b, target),
                new Cnot(a, b),
                phase(-Math.PI / 2, b, target),
                new Cnot(a, b),
                phase(Math.PI / 2, a, target),
                new Hadamard(target));
    }

    private static List<org.redfx.strange.Gate> controlledSwap(int control, int a, int b) {
        List<org.redfx.strange.Gate> gates = new ArrayList<>();
        gates.add(new Cnot(b, a));
        gates.addAll(toffoli(control, a, b));
        gates.add(new Cnot(b, a));
        return gates;
    }

    private static org.redfx.strange.Gate phase(double angle, int control, int target) {
        return new BridgeGate.Two(Gate.of(Gate.RotationKind.CP, Angle.constant(angle), control, target));
    }

    /** The matrix of a bound gate; its first qubit is the most significant bit of the index, as Strange has it. */
    static Complex[][] matrix(Gate gate) {
        int arity = gate.qubits().size();
        double angle = gate.angle().map(a -> a.of(new double[0], new double[0])).orElse(0.0);
        // The same gate on qubits arity-1 … 0: then the basis index is the matrix index.
        List<Integer> local = new ArrayList<>();
        for (int i = arity - 1; i >= 0; i--) {
            local.add(i);
        }
        Gate moved = gate instanceof Gate.Fixed f
                ? new Gate.Fixed(f.kind(), local)
                : new Gate.Rotation(((Gate.Rotation) gate).kind(), local, Angle.constant(angle));
        Complex[][] matrix = Complex.identityMatrix(1 << arity);
        for (Block block : moved.blocks()) {
            Matrix2 m = block.action().at(angle);
            for (int k = 0; k < 1 << arity; k++) {
                if ((k & block.mask()) == block.value()) {
                    int other = k ^ block.flip();
                    matrix[k][k] = new Complex(m.aRe(), m.aIm());
                    matrix[k][other] = new Complex(m.bRe(), m.bIm());
                    matrix[other][k] = new Complex(m.cRe(), m.cIm());
                    matrix[other][other] = new Complex(m.dRe(), m.dIm());
                }
            }
        }
        return matrix;
    }
}
