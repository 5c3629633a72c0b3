package org.qexit.quantum.statevector;

import java.util.ArrayList;
import java.util.List;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Block;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Matrix2;

/**
 * A permutation of the basis with phases: what lies between two layers of real rotations. In order: the diagonal factors that the
 * segments before it leave behind, fixed gates such as CNOT or CZ and diagonal rotations, the diagonal factors that the segments after it begin
 * with. Basis state k goes to diag[k] |target[k]⟩, times the phases that each sample has of its own ({@link OwnPhases}).
 */
final class Monomial {
    private final int qubits;
    private final int[] target;
    private final double[] phase;
    private final List<Segment> before = new ArrayList<>();
    private final List<Integer> beforeQubits = new ArrayList<>();
    private final List<Segment> after = new ArrayList<>();
    private final List<Integer> afterQubits = new ArrayList<>();
    /** Diagonal rotations, in order. */
    final List<PhaseGroup> groups = new ArrayList<>();

    private int gates;
    /** Moves so far, and when the last group began. */
    private int moves;

    private int groupMoves;

    /** Where row k goes; ready after {@link #finish}. */
    int[] rows;

    /** Where the row that becomes k comes from. */
    int[] rowsBack;

    /** The phases at the parameters last prepared. */
    final double[] diag;

    private double[] factor;

    Monomial(int qubits) {
        this.qubits = qubits;
        this.target = new int[1 << qubits];
        this.phase = new double[2 << qubits];
        this.diag = new double[2 << qubits];
        for (int k = 0; k < target.length; k++) {
            target[k] = k;
            phase[2 * k] = 1;
        }
    }

    /** What the segment leaves behind its rotation about y: diag(1, e^{iγ}). */
    void leave(int qubit, Segment segment) {
        before.add(segment);
        beforeQubits.add(qubit);
    }

    /** What the segment begins with: diag(1, e^{iα}). */
    void enter(int qubit, Segment segment) {
        after.add(segment);
        afterQubits.add(qubit);
    }

    /** Whether nothing but the diagonal factors of segments is in it. */
    boolean isDiagonalOnly() {
        return gates == 0 && groups.isEmpty();
    }

    /** Whether it has diagonal rotations with a gradient. */
    boolean hasTrainedPhases() {
        return groups.stream().anyMatch(PhaseGroup::trained);
    }

    /** Appends a diagonal rotation. */
    void append(Gate.Rotation gate) {
        group().add(gate);
    }

    /** Appends a rotation about z of one qubit. */
    void appendTurn(int qubit, Angle angle) {
        group().add(qubit, 1, angle);
    }

    private PhaseGroup group() {
        if (groups.isEmpty() || groupMoves != moves) {
            groups.add(new PhaseGroup(qubits, moves == 0 ? null : target.clone()));
            groupMoves = moves;
        }
        return groups.get(groups.size() - 1);
    }

    /** Where, in a state before this permutation, amplitude k of a group's moment is. */
    int[] rowsOf(PhaseGroup group, int width) {
        int[] from = new int[target.length];
        for (int k = 0; k < from.length; k++) {
            from[group.places == null ? k : group.places[k]] = TileKernels.rowOf(k, width);
        }
        return from;
    }

    /** Appends a gate of which every row and column has one entry. */
    void append(Gate.Fixed gate) {
        gates++;
        Block block = gate.blocks().get(0);
        Matrix2 m = block.action().at(0);
        boolean diagonal = m.bRe() == 0 && m.bIm() == 0;
        moves += diagonal ? 0 : 1;
        for (int k = 0; k < target.length; k++) {
            int at = target[k];
            if ((at & block.mask()) == block.value()) {
                move(k, diagonal ? at : at ^ block.flip(), diagonal ? m.aRe() : m.cRe(), diagonal ? m.aIm() : m.cIm());
            } else if (((at ^ block.flip()) & block.mask()) == block.value()) {
                move(k, diagonal ? at : at ^ block.flip(), diagonal ? m.dRe() : m.bRe(), diagonal ? m.dIm() : m.bIm());
            }
        }
    }

    private void move(int k, int to, double re, double im) {
        target[k] = to;
        double r = phase[2 * k];
        double i = phase[2 * k + 1];
        phase[2 * k] = r * re - i * im;
        phase[2 * k + 1] = r * im + i * re;
    }

    /** The tables for tiles of a width; call once, when all gates are in. */
    void finish(int width) {
        rows = new int[target.length];
        rowsBack = new int[target.length];
        for (int k = 0; k < target.length; k++) {
            rows[k] = TileKernels.rowOf(target[k], width);
            rowsBack[target[k]] = TileKernels.rowOf(k, width);
        }
        if (factor == null && !after.isEmpty()) {
            factor = new double[diag.length];
        }
    }

    /** diag[k] = after[target[k]] · phase[k] · before[k]. Costs 2^n · 6 flops for each of the two products and their growth. */
    void prepare(double[] theta) {
        grow(diag, before, beforeQubits, true);
        for (int k = 0; k < target.length; k++) {
            times(diag, k, phase[2 * k], phase[2 * k + 1]);
        }
        for (int i = 0; i < groups.size(); i++) {
            if (!groups.get(i).shared.isEmpty()) {
                groups.get(i).multiply(diag, theta);
            }
        }
        if (!after.isEmpty()) {
            grow(factor, after, afterQubits, false);
            for (int k = 0; k < target.length; k++) {
                times(diag, k, factor[2 * target[k]], factor[2 * target[k] + 1]);
            }
        }
    }

    private static void times(double[] table, int k, double re, double im) {
        double r = table[2 * k];
        double i = table[2 * k + 1];
        table[2 * k] = r * re - i * im;
        table[2 * k + 1] = r * im + i * re;
    }

    /** table[k] = Π over the qubits with k_q = 1 of e^{iγ} or e^{iα}. */
    private void grow(double[] table, List<Segment> segments, List<Integer> on, boolean gamma) {
        table[0] = 1;
        table[1] = 0;
        int next = 0;
        for (int q = 0; q < qubits; q++) {
            double re = 1;
            double im = 0;
            if (next < on.size() && on.get(next) == q) {
                Segment segment = segments.get(next++);
                re = gamma ? segment.gammaRe : segment.alphaRe;
                im = gamma ? segment.gammaIm : segment.alphaIm;
            }
            int half = 1 << q;
            for (int k = 0; k < half; k++) {
                table[2 * (half + k)] = table[2 * k] * re - table[2 * k + 1] * im;
                table[2 * (half + k) + 1] = table[2 * k] * im + table[2 * k + 1] * re;
            }
        }
    }
}
