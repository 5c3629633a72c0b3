package org.qexit.quantum.statevector;

import java.util.ArrayList;
import java.util.List;

/** Real rotations about y on several qubits at once, shared by all samples or each sample with its own, and what comes before. */
final class Layer {
    final Monomial before;
    /** Qubits that turn, ascending. */
    final int[] qubits;
    /** Of these, the ones whose overlaps the gradient needs. */
    final int[] trained;
    /** Shared: the segment of each qubit that turns, else null. */
    final Segment[] segments;
    /** Of each sample: the turn of each qubit, else null. */
    final Run.Turn[] turns;
    /** Cosine and sine of qubit q at 2q, 2q + 1, where shared. */
    final double[] cs;

    private Layer(Monomial before, int[] qubits, int[] trained, Segment[] segments, Run.Turn[] turns) {
        this.before = before;
        this.qubits = qubits;
        this.trained = trained;
        this.segments = segments;
        this.turns = turns;
        this.cs = new double[segments.length * 2];
    }

    static Layer shared(Monomial before, Segment[] segments) {
        List<Integer> on = new ArrayList<>();
        List<Integer> trained = new ArrayList<>();
        for (int q = 0; q < segments.length; q++) {
            if (segments[q] != null) {
                on.add(q);
                before.enter(q, segments[q]);
                if (segments[q].trainable()) {
                    trained.add(q);
                }
            }
        }
        return new Layer(before, array(on), array(trained), segments, null);
    }

    static Layer ofEachSample(Monomial before, Run.Turn[] turns) {
        List<Integer> on = new ArrayList<>();
        for (int q = 0; q < turns.length; q++) {
            if (turns[q] != null) {
                on.add(q);
            }
        }
        return new Layer(before, array(on), array(on), new Segment[0], turns);
    }

    boolean isShared() {
        return turns == null;
    }

    /** After its segments are prepared. */
    void prepare(double[] theta) {
        for (int q : isShared() ? qubits : new int[0]) {
            cs[2 * q] = segments[q].cos;
            cs[2 * q + 1] = segments[q].sin;
        }
        before.prepare(theta);
    }

    private static int[] array(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }
}
