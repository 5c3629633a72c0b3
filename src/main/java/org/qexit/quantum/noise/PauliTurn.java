package org.qexit.quantum.noise;

import java.util.ArrayList;
import java.util.List;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Gate;

/**
 * exp(-iφP/2) with a Pauli string P, which turns ρ by φ in planes of Pauli strings: every gate is one of these or several, up to a phase that no
 * density matrix sees.
 *
 * <pre>H = RX(π) RY(π/2), S = RZ(π/2), T = RZ(π/4), CP(θ) = RZ(θ/2) RZ(θ/2) RZZ(-θ/2), CZ = CP(π), CNOT = H CZ H,
 * CY = S CNOT S†, SWAP = RXX(π/2) RYY(π/2) RZZ(π/2), XY(θ) = RXX(-θ/2) RYY(-θ/2), iSWAP = XY(π),
 * controlled R_P(θ) = R_P(θ/2) R_ZP(-θ/2),
 * CCZ = exp(iπ k_a k_b k_c): turns by -(-1)^w π/4 about each product of w Z on its qubits,
 * CCX = H CCZ H, CSWAP(c, a, b) = CNOT(b, a) CCX(c, a, b) CNOT(b, a)</pre>
 *
 * <p>These are identities of 2 × 2 to 8 × 8 matrices; the tests hold all gates against the matrices of {@link Gate}.
 *
 * @param xMask qubits with X or Y
 * @param zMask qubits with Z or Y
 * @param factor φ = factor · angle
 */
record PauliTurn(int xMask, int zMask, double factor, Angle angle) {
    private static final double HALF = Math.PI / 2;

    /** The turns of a gate, in the order of their application. */
    static List<PauliTurn> of(Gate gate) {
        List<PauliTurn> turns = new ArrayList<>();
        int a = 1 << gate.qubits().get(0);
        int b = gate.qubits().size() > 1 ? 1 << gate.qubits().get(1) : 0;
        int c = gate.qubits().size() > 2 ? 1 << gate.qubits().get(2) : 0;
        if (gate instanceof Gate.Rotation r) {
            rotation(r, a, b, turns);
            return turns;
        }
        switch (((Gate.Fixed) gate).kind()) {
            case H -> hadamard(a, turns);
            case X -> turn(a, 0, Math.PI, turns);
            case Y -> turn(a, a, Math.PI, turns);
            case Z -> turn(0, a, Math.PI, turns);
            case S -> turn(0, a, HALF, turns);
            case T -> turn(0, a, Math.PI / 4, turns);
            case CNOT -> not(a, b, turns);
            case CY -> {
                turn(0, b, -HALF, turns);
                not(a, b, turns);
                turn(0, b, HALF, turns);
            }
            case CZ -> sign(a, b, turns);
            case SWAP -> {
                turn(a | b, 0, HALF, turns);
                turn(a | b, a | b, HALF, turns);
                turn(0, a | b, HALF, turns);
            }
            case ISWAP -> {
                turn(a | b, 0, -HALF, turns);
                turn(a | b, a | b, -HALF, turns);
            }
            case CCX -> toffoli(a, b, c, turns);
            case CSWAP -> {
                not(c, b, turns);
                toffoli(a, b, c, turns);
                not(c, b, turns);
            }
            default -> throw new IllegalStateException(gate + " is not known");
        }
        return turns;
    }

    private static void rotation(Gate.Rotation gate, int a, int b, List<PauliTurn> turns) {
        Angle angle = gate.turn();
        switch (gate.kind()) {
            case RX -> turns.add(new PauliTurn(a, 0, 1, angle));
            case RY -> turns.add(new PauliTurn(a, a, 1, angle));
            case RZ, P -> turns.add(new PauliTurn(0, a, 1, angle));
            case RXX -> turns.add(new PauliTurn(a | b, 0, 1, angle));
            case RYY -> turns.add(new PauliTurn(a | b, a | b, 1, angle));
            case RZZ -> turns.add(new PauliTurn(0, a | b, 1, angle));
            case CRX -> controlled(b, 0, a, angle, turns);
            case CRY -> controlled(b, b, a, angle, turns);
            case CRZ -> controlled(0, b, a, angle, turns);
            case CP -> {
                turns.add(new PauliTurn(0, a, 0.5, angle));
                controlled(0, b, a, angle, turns);
            }
            case XY -> {
                turns.add(new PauliTurn(a | b, 0, -0.5, angle));
                turns.add(new PauliTurn(a | b, a | b, -0.5, angle));
            }
            default -> throw new IllegalStateException(gate + " is not known");
        }
    }

    private static void controlled(int x, int z, int control, Angle angle, List<PauliTurn> turns) {
        turns.add(new PauliTurn(x, z, 0.5, angle));
        turns.add(new PauliTurn(x, z | control, -0.5, angle));
    }

    private static void turn(int x, int z, double angle, List<PauliTurn> turns) {
        turns.add(new PauliTurn(x, z, 1, Angle.constant(angle)));
    }

    private static void hadamard(int q, List<PauliTurn> turns) {
        turn(q, q, HALF, turns);
        turn(q, 0, Math.PI, turns);
    }

    private static void sign(int a, int b, List<PauliTurn> turns) {
        turn(0, a, HALF, turns);
        turn(0, b, HALF, turns);
        turn(0, a | b, -HALF, turns);
    }

    private static void not(int control, int target, List<PauliTurn> turns) {
        hadamard(target, turns);
        sign(control, target, turns);
        hadamard(target, turns);
    }

    private static void toffoli(int a, int b, int c, List<PauliTurn> turns) {
        hadamard(c, turns);
        for (int subset = 1; subset < 8; subset++) {
            int mask = ((subset & 1) == 0 ? 0 : a) | ((subset & 2) == 0 ? 0 : b) | ((subset & 4) == 0 ? 0 : c);
            turn(0, mask, (Integer.bitCount(subset) % 2 == 0 ? -1 : 1) * Math.PI / 4, turns);
        }
        hadamard(c, turns);
    }

    /** How many quarter turns it is, 0 to 3, if it is a constant and a whole number of them; else -1. */
    int quarters() {
        if (!(angle instanceof Angle.Constant constant)) {
            return -1;
        }
        double quarters = factor * constant.radians() / HALF;
        return quarters == Math.rint(quarters) && Math.abs(quarters) < 1e6
                ? (int) Math.floorMod((long) quarters, 4L)
                : -1;
    }

    /** Whether a string anticommutes with it, so that it turns. */
    boolean turns(int x, int z) {
        return (Integer.bitCount(x & zMask) + Integer.bitCount(z & xMask) & 1) == 1;
    }

    /** The sign of {@code -i P Q} as a string, for a string Q = (x, z) that turns; strings are i^{|x & z|} X^x Z^z. */
    int side(int x, int z) {
        int power = Integer.bitCount(xMask & zMask)
                + Integer.bitCount(x & z)
                - Integer.bitCount((x ^ xMask) & (z ^ zMask))
                + 2 * Integer.bitCount(zMask & x)
                + 3;
        return (power & 3) == 0 ? 1 : -1;
    }
}
