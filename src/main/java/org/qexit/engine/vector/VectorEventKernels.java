package org.qexit.engine.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.qexit.engine.event.EventKernels;
import org.qexit.engine.event.PlainEventKernels;

/**
 * The loops of one event on the Vector API: sixteen outputs are one vector of 512 bits, or two, or four, worked on one after another. What
 * is said of writing such loops at {@link VectorKernels} holds here; the species is the same.
 */
public final class VectorEventKernels implements EventKernels {
    private static final VectorSpecies<Float> S =
            FloatVector.SPECIES_PREFERRED.length() > LANES ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;
    private static final int W = S.length();

    private final float[] spilled = new float[OUTPUTS * LANES];

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public void convolve(
            float[] x,
            int[] taps,
            float[] w,
            int wAt,
            float[] b,
            int from,
            int[] rows,
            float[] y,
            int at,
            float least) {
        for (int row = 0; row < rows.length; row += 2 * PLACES) {
            for (int lane = 0; lane < LANES; lane += W) {
                eight(x, taps, w, wAt + lane, rows, row, b, from + lane, y, at + lane, least, false);
            }
        }
    }

    @Override
    public void convolvePooled(
            float[] x,
            int[] taps,
            float[] w,
            int wAt,
            float[] b,
            int from,
            int[] rows,
            float[] y,
            int at,
            float least) {
        for (int row = 0; row < rows.length; row += PLACES + 2) {
            for (int lane = 0; lane < LANES; lane += W) {
                eight(x, taps, w, wAt + lane, rows, row, b, from + lane, y, at + lane, least, true);
            }
        }
    }

    /** Eight places, or the largest of the first four and of the last four. */
    private static void eight(
            float[] x,
            int[] taps,
            float[] w,
            int wAt,
            int[] rows,
            int row,
            float[] b,
            int from,
            float[] y,
            int at,
            float least,
            boolean pooled) {
        int x0 = rows[row];
        int x1 = rows[row + 1];
        int x2 = rows[row + 2];
        int x3 = rows[row + 3];
        int x4 = rows[row + 4];
        int x5 = rows[row + 5];
        int x6 = rows[row + 6];
        int x7 = rows[row + 7];
        FloatVector a0 = FloatVector.zero(S);
        FloatVector a1 = FloatVector.zero(S);
        FloatVector a2 = FloatVector.zero(S);
        FloatVector a3 = FloatVector.zero(S);
        FloatVector a4 = FloatVector.zero(S);
        FloatVector a5 = FloatVector.zero(S);
        FloatVector a6 = FloatVector.zero(S);
        FloatVector a7 = FloatVector.zero(S);
        for (int k = 0; k < taps.length; k++) {
            int tap = taps[k];
            FloatVector v = FloatVector.fromArray(S, w, wAt + LANES * k);
            a0 = FloatVector.broadcast(S, x[x0 + tap]).fma(v, a0);
            a1 = FloatVector.broadcast(S, x[x1 + tap]).fma(v, a1);
            a2 = FloatVector.broadcast(S, x[x2 + tap]).fma(v, a2);
            a3 = FloatVector.broadcast(S, x[x3 + tap]).fma(v, a3);
            a4 = FloatVector.broadcast(S, x[x4 + tap]).fma(v, a4);
            a5 = FloatVector.broadcast(S, x[x5 + tap]).fma(v, a5);
            a6 = FloatVector.broadcast(S, x[x6 + tap]).fma(v, a6);
            a7 = FloatVector.broadcast(S, x[x7 + tap]).fma(v, a7);
        }
        FloatVector bias = FloatVector.fromArray(S, b, from);
        FloatVector lowest = FloatVector.broadcast(S, least);
        if (pooled) {
            a0.max(a1).max(a2.max(a3)).add(bias).max(lowest).intoArray(y, at + rows[row + PLACES]);
            a4.max(a5).max(a6.max(a7)).add(bias).max(lowest).intoArray(y, at + rows[row + PLACES + 1]);
            return;
        }
        a0.add(bias).max(lowest).intoArray(y, at + rows[row + PLACES]);
        a1.add(bias).max(lowest).intoArray(y, at + rows[row + PLACES + 1]);
        a2.add(bias).max(lowest).intoArray(y, at + rows[row + PLACES + 2]);
        a3.add(bias).max(lowest).intoArray(y, at + rows[row + PLACES + 3]);
        a4.add(bias).max(lowest).intoArray(y, at + rows[row + PLACES + 4]);
        a5.add(bias).max(lowest).intoArray(y, at + rows[row + PLACES + 5]);
        a6.add(bias).max(lowest).intoArray(y, at + rows[row + PLACES + 6]);
        a7.add(bias).max(lowest).intoArray(y, at + rows[row + PLACES + 7]);
    }

    @Override
    public void dense(float[] x, int[] chunks, float[] w, int wAt, float[] s, int at) {
        for (int lane = 0; lane < LANES; lane += W) {
            dense(x, chunks, lane, w, wAt + lane, spilled);
        }
        PlainEventKernels.addLanes(spilled, s, at);
    }

    private static void dense(float[] x, int[] chunks, int lane, float[] w, int wAt, float[] sums) {
        FloatVector a0 = FloatVector.zero(S);
        FloatVector a1 = FloatVector.zero(S);
        FloatVector a2 = FloatVector.zero(S);
        FloatVector a3 = FloatVector.zero(S);
        for (int k = 0; k < chunks.length; k++) {
            FloatVector v = FloatVector.fromArray(S, x, chunks[k] + lane);
            int from = wAt + OUTPUTS * LANES * k;
            a0 = v.fma(FloatVector.fromArray(S, w, from), a0);
            a1 = v.fma(FloatVector.fromArray(S, w, from + LANES), a1);
            a2 = v.fma(FloatVector.fromArray(S, w, from + 2 * LANES), a2);
            a3 = v.fma(FloatVector.fromArray(S, w, from + 3 * LANES), a3);
        }
        a0.intoArray(sums, lane);
        a1.intoArray(sums, LANES + lane);
        a2.intoArray(sums, 2 * LANES + lane);
        a3.intoArray(sums, 3 * LANES + lane);
    }

    @Override
    public void product(float[] x, int xAt, int inputs, float[] w, int wAt, float[] b, int from, float[] y, int at) {
        for (int lane = 0; lane < LANES; lane += W) {
            sums(x, xAt, inputs, w, wAt + lane, b, from + lane, y, at + lane);
        }
    }

    private static void sums(
            float[] x, int xAt, int inputs, float[] w, int wAt, float[] b, int from, float[] y, int at) {
        FloatVector sum = FloatVector.fromArray(S, b, from);
        for (int k = 0; k < inputs; k++) {
            sum = FloatVector.broadcast(S, x[xAt + k]).fma(FloatVector.fromArray(S, w, wAt + LANES * k), sum);
        }
        sum.intoArray(y, at);
    }
}
