package org.qexit.quantum.statevector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Gate;

/**
 * Diagonal rotations that follow each other, up to a phase of the whole state: exp(-i/2 Σ_m φ_m Z_m) over products m of one or two Z, each
 * φ_m a sum of angles.
 *
 * <pre>RZ(θ), P(θ):  φ_q = θ
 * RZZ(θ):       φ_ab = θ
 * CP(θ):        φ_a = φ_b = θ/2, φ_ab = -θ/2,   for k_a k_b = (1 - Z_a - Z_b + Z_a Z_b) / 4
 * CRZ(θ):       φ_target = θ/2, φ_ab = -θ/2</pre>
 *
 * They commute, so the derivative by φ_m is Im⟨λ|Z_m|ψ⟩ before as after all of them.
 */
final class PhaseGroup {
    private final int qubits;
    /** Where each basis state of the beginning of the permutation is when the group acts; null for where it began. */
    final int[] places;
    /** Of parameters and constants. */
    final List<Term> shared = new ArrayList<>();
    /** Of inputs. */
    final List<Term> own = new ArrayList<>();

    private boolean pairs;
    private boolean trained;
    private boolean parameters;
    /** To work in. */
    private double[] half = new double[0];

    private double[] sin;
    private double[] cos;
    private double[] table;
    private double[] growing;

    /**
     * A part of φ_m.
     *
     * @param slot number of the product
     * @param weight what the angle is multiplied by
     */
    record Term(int slot, double weight, Angle angle) {}

    PhaseGroup(int qubits, int[] places) {
        this.qubits = qubits;
        this.places = places;
    }

    /** Whether a gate is one of these. */
    static boolean takes(Gate gate) {
        return gate instanceof Gate.Rotation rotation
                && switch (rotation.kind()) {
                    case RZ, P, RZZ, CP, CRZ -> true;
                    default -> false;
                };
    }

    void add(Gate.Rotation gate) {
        int a = gate.qubits().get(0);
        int b = gate.qubits().size() == 1 ? a : gate.qubits().get(1);
        int pair = a == b ? a : TileKernels.slot(Math.min(a, b), Math.max(a, b), qubits);
        switch (gate.kind()) {
            case RZ, P -> add(a, 1, gate.turn());
            case RZZ -> add(pair, 1, gate.turn());
            case CP -> {
                add(a, 0.5, gate.turn());
                add(b, 0.5, gate.turn());
                add(pair, -0.5, gate.turn());
            }
            case CRZ -> {
                add(b, 0.5, gate.turn());
                add(pair, -0.5, gate.turn());
            }
            default -> throw new IllegalStateException(gate + " is not diagonal");
        }
    }

    /** φ_slot += weight · angle. */
    void add(int slot, double weight, Angle angle) {
        (angle instanceof Angle.Input ? own : shared).add(new Term(slot, weight, angle));
        if (!(angle instanceof Angle.Constant)) {
            trained = true;
            pairs |= slot >= qubits;
            parameters |= angle instanceof Angle.Parameter;
        }
    }

    /** Whether a gradient is asked of it. */
    boolean trained() {
        return trained;
    }

    /** Whether the gradient needs products of two Z. */
    boolean pairs() {
        return pairs;
    }

    /** How many sums over the samples the gradient needs. */
    int sums() {
        return pairs ? TileKernels.slots(qubits) : qubits;
    }

    /** Whether parameters are among its angles. */
    boolean hasParameters() {
        return parameters;
    }

    /** Multiplies a table of phases by those that all samples share. Costs 2^n · 22 flops. */
    void multiply(double[] diag, double[] theta) {
        int slots = TileKernels.slots(qubits);
        if (half.length == 0) {
            half = new double[slots];
            sin = new double[slots];
            cos = new double[slots];
            table = new double[2 << qubits];
            growing = new double[2 << qubits];
        }
        Arrays.fill(half, 0);
        for (int i = 0; i < shared.size(); i++) {
            Term term = shared.get(i);
            half[term.slot()] += 0.5 * term.weight() * term.angle().of(null, theta);
        }
        SinCos.of(half, 0, slots, sin, cos);
        table[0] = 1;
        table[1] = 0;
        for (int q = 0; q < qubits; q++) {
            growing[0] = cos[q];
            growing[1] = -sin[q];
            for (int a = 0; a < q; a++) {
                int slot = TileKernels.slot(a, q, qubits);
                for (int k = 0; k < 1 << a; k++) {
                    turn(growing, k, k | 1 << a, growing, k, cos[slot], -sin[slot]);
                }
            }
            for (int k = 0; k < 1 << q; k++) {
                turn(table, k, k | 1 << q, table, k, growing[2 * k], growing[2 * k + 1]);
            }
        }
        for (int k = 0; k < 1 << qubits; k++) {
            int at = places == null ? k : places[k];
            times(diag, k, table[2 * at], table[2 * at + 1]);
        }
    }

    /** to[plus] = from[k] · e, to[minus] = from[k] · conj(e). */
    private static void turn(double[] to, int plus, int minus, double[] from, int k, double re, double im) {
        double r = from[2 * k];
        double i = from[2 * k + 1];
        to[2 * minus] = r * re + i * im;
        to[2 * minus + 1] = i * re - r * im;
        to[2 * plus] = r * re - i * im;
        to[2 * plus + 1] = r * im + i * re;
    }

    private static void times(double[] table, int k, double re, double im) {
        double r = table[2 * k];
        double i = table[2 * k + 1];
        table[2 * k] = r * re - i * im;
        table[2 * k + 1] = r * im + i * re;
    }
}
