package org.qexit.engine.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.qexit.engine.PlainKernels;
import org.qexit.engine.Tanh;

/**
 * The hot loops on the Vector API. A tile's sixteen samples are one vector of 512 bits, or two, or four, worked on one after another: the
 * arithmetic of a lane does not depend on it. Written out straight, in one flat loop per method with accumulators as local variables: vectors
 * that are carried through nested loops or passed to other methods end up on the heap. One species for all, and {@code fma} by 1 for sums: the
 * compiler goes by which classes a method of the API has seen.
 */
public final class VectorKernels extends PlainKernels {
    private static final VectorSpecies<Float> S =
            FloatVector.SPECIES_PREFERRED.length() > LANES ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;
    private static final int W = S.length();

    /** Whether there are registers for sixteen accumulators and what they are made of. */
    private static final boolean MANY_REGISTERS = W == LANES;

    /** Sums that are made at a time before their lanes are added. */
    private static final int CHUNK = 64;

    private final float[] chunk = new float[(CHUNK + 1) * LANES];
    private final float[] eights = new float[8 * CHUNK + 2 * LANES];
    private final float[] fours = new float[4 * CHUNK + 2 * LANES];
    private final float[] spilled = new float[4 * CHANNELS * LANES];

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public void convolve(
            float[] x, int xAt, int[] taps, float[] w, int wAt, int[] fours, float[] y, int yAt, int step) {
        for (int row = 0; row < fours.length; row += 8) {
            for (int lane = 0; lane < LANES; lane += W) {
                int x0 = xAt + lane + fours[row];
                int x1 = xAt + lane + fours[row + 1];
                int x2 = xAt + lane + fours[row + 2];
                int x3 = xAt + lane + fours[row + 3];
                int y0 = yAt + lane + fours[row + 4];
                int y1 = yAt + lane + fours[row + 5];
                int y2 = yAt + lane + fours[row + 6];
                int y3 = yAt + lane + fours[row + 7];
                if (MANY_REGISTERS) {
                    fourChannels(x, x0, x1, x2, x3, taps, w, wAt, y, y0, y1, y2, y3, step);
                } else {
                    twoChannels(x, x0, x1, x2, x3, taps, w, wAt, y, y0, y1, y2, y3, step);
                    int next = 2 * step;
                    twoChannels(
                            x, x0, x1, x2, x3, taps, w, wAt + 2, y, y0 + next, y1 + next, y2 + next, y3 + next, step);
                }
            }
        }
    }

    private static void fourChannels(
            float[] x,
            int x0,
            int x1,
            int x2,
            int x3,
            int[] taps,
            float[] w,
            int wAt,
            float[] y,
            int y0,
            int y1,
            int y2,
            int y3,
            int step) {
        FloatVector a0 = FloatVector.fromArray(S, y, y0);
        FloatVector a1 = FloatVector.fromArray(S, y, y1);
        FloatVector a2 = FloatVector.fromArray(S, y, y2);
        FloatVector a3 = FloatVector.fromArray(S, y, y3);
        FloatVector b0 = FloatVector.fromArray(S, y, y0 + step);
        FloatVector b1 = FloatVector.fromArray(S, y, y1 + step);
        FloatVector b2 = FloatVector.fromArray(S, y, y2 + step);
        FloatVector b3 = FloatVector.fromArray(S, y, y3 + step);
        FloatVector c0 = FloatVector.fromArray(S, y, y0 + 2 * step);
        FloatVector c1 = FloatVector.fromArray(S, y, y1 + 2 * step);
        FloatVector c2 = FloatVector.fromArray(S, y, y2 + 2 * step);
        FloatVector c3 = FloatVector.fromArray(S, y, y3 + 2 * step);
        FloatVector d0 = FloatVector.fromArray(S, y, y0 + 3 * step);
        FloatVector d1 = FloatVector.fromArray(S, y, y1 + 3 * step);
        FloatVector d2 = FloatVector.fromArray(S, y, y2 + 3 * step);
        FloatVector d3 = FloatVector.fromArray(S, y, y3 + 3 * step);
        for (int k = 0; k < taps.length; k++) {
            int tap = taps[k];
            FloatVector v0 = FloatVector.fromArray(S, x, x0 + tap);
            FloatVector v1 = FloatVector.fromArray(S, x, x1 + tap);
            FloatVector v2 = FloatVector.fromArray(S, x, x2 + tap);
            FloatVector v3 = FloatVector.fromArray(S, x, x3 + tap);
            FloatVector w0 = FloatVector.broadcast(S, w[wAt + CHANNELS * k]);
            a0 = v0.fma(w0, a0);
            a1 = v1.fma(w0, a1);
            a2 = v2.fma(w0, a2);
            a3 = v3.fma(w0, a3);
            FloatVector w1 = FloatVector.broadcast(S, w[wAt + CHANNELS * k + 1]);
            b0 = v0.fma(w1, b0);
            b1 = v1.fma(w1, b1);
            b2 = v2.fma(w1, b2);
            b3 = v3.fma(w1, b3);
            FloatVector w2 = FloatVector.broadcast(S, w[wAt + CHANNELS * k + 2]);
            c0 = v0.fma(w2, c0);
            c1 = v1.fma(w2, c1);
            c2 = v2.fma(w2, c2);
            c3 = v3.fma(w2, c3);
            FloatVector w3 = FloatVector.broadcast(S, w[wAt + CHANNELS * k + 3]);
            d0 = v0.fma(w3, d0);
            d1 = v1.fma(w3, d1);
            d2 = v2.fma(w3, d2);
            d3 = v3.fma(w3, d3);
        }
        a0.intoArray(y, y0);
        a1.intoArray(y, y1);
        a2.intoArray(y, y2);
        a3.intoArray(y, y3);
        b0.intoArray(y, y0 + step);
        b1.intoArray(y, y1 + step);
        b2.intoArray(y, y2 + step);
        b3.intoArray(y, y3 + step);
        c0.intoArray(y, y0 + 2 * step);
        c1.intoArray(y, y1 + 2 * step);
        c2.intoArray(y, y2 + 2 * step);
        c3.intoArray(y, y3 + 2 * step);
        d0.intoArray(y, y0 + 3 * step);
        d1.intoArray(y, y1 + 3 * step);
        d2.intoArray(y, y2 + 3 * step);
        d3.intoArray(y, y3 + 3 * step);
    }

    private static void twoChannels(
            float[] x,
            int x0,
            int x1,
            int x2,
            int x3,
            int[] taps,
            float[] w,
            int wAt,
            float[] y,
            int y0,
            int y1,
            int y2,
            int y3,
            int step) {
        FloatVector a0 = FloatVector.fromArray(S, y, y0);
        FloatVector a1 = FloatVector.fromArray(S, y, y1);
        FloatVector a2 = FloatVector.fromArray(S, y, y2);
        FloatVector a3 = FloatVector.fromArray(S, y, y3);
        FloatVector b0 = FloatVector.fromArray(S, y, y0 + step);
        FloatVector b1 = FloatVector.fromArray(S, y, y1 + step);
        FloatVector b2 = FloatVector.fromArray(S, y, y2 + step);
        FloatVector b3 = FloatVector.fromArray(S, y, y3 + step);
        for (int k = 0; k < taps.length; k++) {
            int tap = taps[k];
            FloatVector v0 = FloatVector.fromArray(S, x, x0 + tap);
            FloatVector v1 = FloatVector.fromArray(S, x, x1 + tap);
            FloatVector v2 = FloatVector.fromArray(S, x, x2 + tap);
            FloatVector v3 = FloatVector.fromArray(S, x, x3 + tap);
            FloatVector w0 = FloatVector.broadcast(S, w[wAt + CHANNELS * k]);
            a0 = v0.fma(w0, a0);
            a1 = v1.fma(w0, a1);
            a2 = v2.fma(w0, a2);
            a3 = v3.fma(w0, a3);
            FloatVector w1 = FloatVector.broadcast(S, w[wAt + CHANNELS * k + 1]);
            b0 = v0.fma(w1, b0);
            b1 = v1.fma(w1, b1);
            b2 = v2.fma(w1, b2);
            b3 = v3.fma(w1, b3);
        }
        a0.intoArray(y, y0);
        a1.intoArray(y, y1);
        a2.intoArray(y, y2);
        a3.intoArray(y, y3);
        b0.intoArray(y, y0 + step);
        b1.intoArray(y, y1 + step);
        b2.intoArray(y, y2 + step);
        b3.intoArray(y, y3 + step);
    }

    @Override
    public void convolvePooled(
            float[] x,
            int xAt,
            int[] taps,
            float[] w,
            int wAt,
            float[] bias,
            int biasAt,
            int[] windows,
            float[] y,
            float[] code,
            int yAt,
            int step,
            boolean rectify) {
        float least = rectify ? 0 : Float.NEGATIVE_INFINITY;
        for (int row = 0; row < windows.length; row += 5) {
            for (int lane = 0; lane < LANES; lane += W) {
                int x0 = xAt + lane + windows[row];
                int x1 = xAt + lane + windows[row + 1];
                int x2 = xAt + lane + windows[row + 2];
                int x3 = xAt + lane + windows[row + 3];
                int to = yAt + lane + windows[row + 4];
                if (MANY_REGISTERS) {
                    pooledFour(x, x0, x1, x2, x3, taps, w, wAt, spilled);
                    pool(spilled, 4, bias, biasAt, y, code, to, step, least);
                } else {
                    pooledTwo(x, x0, x1, x2, x3, taps, w, wAt, spilled);
                    pool(spilled, 2, bias, biasAt, y, code, to, step, least);
                    pooledTwo(x, x0, x1, x2, x3, taps, w, wAt + 2, spilled);
                    pool(spilled, 2, bias, biasAt + 2, y, code, to + 2 * step, step, least);
                }
            }
        }
    }

    /** The largest of each channel's four sums, which of them it is, and max(least, bias + that). */
    private static void pool(
            float[] sums,
            int channels,
            float[] bias,
            int biasAt,
            float[] y,
            float[] code,
            int at,
            int step,
            float least) {
        for (int c = 0; c < channels; c++) {
            int from = 4 * c * W;
            FloatVector a = FloatVector.fromArray(S, sums, from);
            FloatVector b = FloatVector.fromArray(S, sums, from + W);
            FloatVector d = FloatVector.fromArray(S, sums, from + 2 * W);
            FloatVector e = FloatVector.fromArray(S, sums, from + 3 * W);
            VectorMask<Float> second = b.compare(VectorOperators.GT, a);
            VectorMask<Float> fourth = e.compare(VectorOperators.GT, d);
            a = a.blend(b, second);
            d = d.blend(e, fourth);
            VectorMask<Float> lower = d.compare(VectorOperators.GT, a);
            FloatVector best = a.blend(d, lower).add(bias[biasAt + c]);
            best.blend(least, best.compare(VectorOperators.LT, least)).intoArray(y, at + c * step);
            FloatVector upper = FloatVector.zero(S).blend(1f, second);
            upper.blend(FloatVector.broadcast(S, 2f).blend(3f, fourth), lower).intoArray(code, at + c * step);
        }
    }

    private static void pooledFour(
            float[] x, int x0, int x1, int x2, int x3, int[] taps, float[] w, int wAt, float[] spilled) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector a0 = zero;
        FloatVector a1 = zero;
        FloatVector a2 = zero;
        FloatVector a3 = zero;
        FloatVector b0 = zero;
        FloatVector b1 = zero;
        FloatVector b2 = zero;
        FloatVector b3 = zero;
        FloatVector c0 = zero;
        FloatVector c1 = zero;
        FloatVector c2 = zero;
        FloatVector c3 = zero;
        FloatVector d0 = zero;
        FloatVector d1 = zero;
        FloatVector d2 = zero;
        FloatVector d3 = zero;
        for (int k = 0; k < taps.length; k++) {
            int tap = taps[k];
            FloatVector v0 = FloatVector.fromArray(S, x, x0 + tap);
            FloatVector v1 = FloatVector.fromArray(S, x, x1 + tap);
            FloatVector v2 = FloatVector.fromArray(S, x, x2 + tap);
            FloatVector v3 = FloatVector.fromArray(S, x, x3 + tap);
            FloatVector w0 = FloatVector.broadcast(S, w[wAt + CHANNELS * k]);
            a0 = v0.fma(w0, a0);
            a1 = v1.fma(w0, a1);
            a2 = v2.fma(w0, a2);
            a3 = v3.fma(w0, a3);
            FloatVector w1 = FloatVector.broadcast(S, w[wAt + CHANNELS * k + 1]);
            b0 = v0.fma(w1, b0);
            b1 = v1.fma(w1, b1);
            b2 = v2.fma(w1, b2);
            b3 = v3.fma(w1, b3);
            FloatVector w2 = FloatVector.broadcast(S, w[wAt + CHANNELS * k + 2]);
            c0 = v0.fma(w2, c0);
            c1 = v1.fma(w2, c1);
            c2 = v2.fma(w2, c2);
            c3 = v3.fma(w2, c3);
            FloatVector w3 = FloatVector.broadcast(S, w[wAt + CHANNELS * k + 3]);
            d0 = v0.fma(w3, d0);
            d1 = v1.fma(w3, d1);
            d2 = v2.fma(w3, d2);
            d3 = v3.fma(w3, d3);
        }
        a0.intoArray(spilled, 0);
        a1.intoArray(spilled, W);
        a2.intoArray(spilled, 2 * W);
        a3.intoArray(spilled, 3 * W);
        b0.intoArray(spilled, 4 * W);
        b1.intoArray(spilled, 5 * W);
        b2.intoArray(spilled, 6 * W);
        b3.intoArray(spilled, 7 * W);
        c0.intoArray(spilled, 8 * W);
        c1.intoArray(spilled, 9 * W);
        c2.intoArray(spilled, 10 * W);
        c3.intoArray(spilled, 11 * W);
        d0.intoArray(spilled, 12 * W);
        d1.intoArray(spilled, 13 * W);
        d2.intoArray(spilled, 14 * W);
        d3.intoArray(spilled, 15 * W);
    }

    private static void pooledTwo(
            float[] x, int x0, int x1, int x2, int x3, int[] taps, float[] w, int wAt, float[] spilled) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector a0 = zero;
        FloatVector a1 = zero;
        FloatVector a2 = zero;
        FloatVector a3 = zero;
        FloatVector b0 = zero;
        FloatVector b1 = zero;
        FloatVector b2 = zero;
        FloatVector b3 = zero;
        for (int k = 0; k < taps.length; k++) {
            int tap = taps[k];
            FloatVector v0 = FloatVector.fromArray(S, x, x0 + tap);
            FloatVector v1 = FloatVector.fromArray(S, x, x1 + tap);
            FloatVector v2 = FloatVector.fromArray(S, x, x2 + tap);
            FloatVector v3 = FloatVector.fromArray(S, x, x3 + tap);
            FloatVector w0 = FloatVector.broadcast(S, w[wAt + CHANNELS * k]);
            a0 = v0.fma(w0, a0);
            a1 = v1.fma(w0, a1);
            a2 = v2.fma(w0, a2);
            a3 = v3.fma(w0, a3);
            FloatVector w1 = FloatVector.broadcast(S, w[wAt + CHANNELS * k + 1]);
            b0 = v0.fma(w1, b0);
            b1 = v1.fma(w1, b1);
            b2 = v2.fma(w1, b2);
            b3 = v3.fma(w1, b3);
        }
        a0.intoArray(spilled, 0);
        a1.intoArray(spilled, W);
        a2.intoArray(spilled, 2 * W);
        a3.intoArray(spilled, 3 * W);
        b0.intoArray(spilled, 4 * W);
        b1.intoArray(spilled, 5 * W);
        b2.intoArray(spilled, 6 * W);
        b3.intoArray(spilled, 7 * W);
    }

    @Override
    public void convolutionGradient(
            float[] x,
            int xAt,
            int[] taps,
            int tap,
            float[] d,
            int dAt,
            int step,
            int[] pairs,
            int begin,
            int end,
            float[] lanes,
            int at,
            boolean fresh) {
        for (int lane = 0; lane < LANES; lane += W) {
            int x0 = xAt + lane + taps[tap];
            int x1 = xAt + lane + taps[tap + 1];
            int x2 = xAt + lane + taps[tap + 2];
            if (MANY_REGISTERS) {
                gradientOfFour(x, x0, x1, x2, d, dAt + lane, step, pairs, begin, end, lanes, at + lane, fresh);
            } else {
                gradientOfTwo(x, x0, x1, x2, d, dAt + lane, step, pairs, begin, end, lanes, at + lane, fresh);
                gradientOfTwo(
                        x,
                        x0,
                        x1,
                        x2,
                        d,
                        dAt + lane + 2 * step,
                        step,
                        pairs,
                        begin,
                        end,
                        lanes,
                        at + lane + 2 * LANES,
                        fresh);
            }
        }
    }

    private static void gradientOfFour(
            float[] x,
            int x0,
            int x1,
            int x2,
            float[] d,
            int dAt,
            int step,
            int[] pairs,
            int begin,
            int end,
            float[] lanes,
            int at,
            boolean fresh) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector one = FloatVector.broadcast(S, 1f);
        FloatVector a0 = zero;
        FloatVector a1 = zero;
        FloatVector a2 = zero;
        FloatVector b0 = zero;
        FloatVector b1 = zero;
        FloatVector b2 = zero;
        FloatVector c0 = zero;
        FloatVector c1 = zero;
        FloatVector c2 = zero;
        FloatVector d0 = zero;
        FloatVector d1 = zero;
        FloatVector d2 = zero;
        for (int p = begin; p < end; p += 2) {
            int from = pairs[p];
            int with = dAt + pairs[p + 1];
            FloatVector v0 = FloatVector.fromArray(S, x, x0 + from);
            FloatVector v1 = FloatVector.fromArray(S, x, x1 + from);
            FloatVector v2 = FloatVector.fromArray(S, x, x2 + from);
            FloatVector w0 = FloatVector.fromArray(S, d, with);
            a0 = v0.fma(w0, a0);
            a1 = v1.fma(w0, a1);
            a2 = v2.fma(w0, a2);
            FloatVector w1 = FloatVector.fromArray(S, d, with + step);
            b0 = v0.fma(w1, b0);
            b1 = v1.fma(w1, b1);
            b2 = v2.fma(w1, b2);
            FloatVector w2 = FloatVector.fromArray(S, d, with + 2 * step);
            c0 = v0.fma(w2, c0);
            c1 = v1.fma(w2, c1);
            c2 = v2.fma(w2, c2);
            FloatVector w3 = FloatVector.fromArray(S, d, with + 3 * step);
            d0 = v0.fma(w3, d0);
            d1 = v1.fma(w3, d1);
            d2 = v2.fma(w3, d2);
        }
        if (!fresh) {
            a0 = FloatVector.fromArray(S, lanes, at).fma(one, a0);
            b0 = FloatVector.fromArray(S, lanes, at + LANES).fma(one, b0);
            c0 = FloatVector.fromArray(S, lanes, at + 2 * LANES).fma(one, c0);
            d0 = FloatVector.fromArray(S, lanes, at + 3 * LANES).fma(one, d0);
            a1 = FloatVector.fromArray(S, lanes, at + 4 * LANES).fma(one, a1);
            b1 = FloatVector.fromArray(S, lanes, at + 5 * LANES).fma(one, b1);
            c1 = FloatVector.fromArray(S, lanes, at + 6 * LANES).fma(one, c1);
            d1 = FloatVector.fromArray(S, lanes, at + 7 * LANES).fma(one, d1);
            a2 = FloatVector.fromArray(S, lanes, at + 8 * LANES).fma(one, a2);
            b2 = FloatVector.fromArray(S, lanes, at + 9 * LANES).fma(one, b2);
            c2 = FloatVector.fromArray(S, lanes, at + 10 * LANES).fma(one, c2);
            d2 = FloatVector.fromArray(S, lanes, at + 11 * LANES).fma(one, d2);
        }
        a0.intoArray(lanes, at);
        b0.intoArray(lanes, at + LANES);
        c0.intoArray(lanes, at + 2 * LANES);
        d0.intoArray(lanes, at + 3 * LANES);
        a1.intoArray(lanes, at + 4 * LANES);
        b1.intoArray(lanes, at + 5 * LANES);
        c1.intoArray(lanes, at + 6 * LANES);
        d1.intoArray(lanes, at + 7 * LANES);
        a2.intoArray(lanes, at + 8 * LANES);
        b2.intoArray(lanes, at + 9 * LANES);
        c2.intoArray(lanes, at + 10 * LANES);
        d2.intoArray(lanes, at + 11 * LANES);
    }

    private static void gradientOfTwo(
            float[] x,
            int x0,
            int x1,
            int x2,
            float[] d,
            int dAt,
            int step,
            int[] pairs,
            int begin,
            int end,
            float[] lanes,
            int at,
            boolean fresh) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector one = FloatVector.broadcast(S, 1f);
        FloatVector a0 = zero;
        FloatVector a1 = zero;
        FloatVector a2 = zero;
        FloatVector b0 = zero;
        FloatVector b1 = zero;
        FloatVector b2 = zero;
        for (int p = begin; p < end; p += 2) {
            int from = pairs[p];
            int with = dAt + pairs[p + 1];
            FloatVector v0 = FloatVector.fromArray(S, x, x0 + from);
            FloatVector v1 = FloatVector.fromArray(S, x, x1 + from);
            FloatVector v2 = FloatVector.fromArray(S, x, x2 + from);
            FloatVector w0 = FloatVector.fromArray(S, d, with);
            a0 = v0.fma(w0, a0);
            a1 = v1.fma(w0, a1);
            a2 = v2.fma(w0, a2);
            FloatVector w1 = FloatVector.fromArray(S, d, with + step);
            b0 = v0.fma(w1, b0);
            b1 = v1.fma(w1, b1);
            b2 = v2.fma(w1, b2);
        }
        if (!fresh) {
            a0 = FloatVector.fromArray(S, lanes, at).fma(one, a0);
            b0 = FloatVector.fromArray(S, lanes, at + LANES).fma(one, b0);
            a1 = FloatVector.fromArray(S, lanes, at + 4 * LANES).fma(one, a1);
            b1 = FloatVector.fromArray(S, lanes, at + 5 * LANES).fma(one, b1);
            a2 = FloatVector.fromArray(S, lanes, at + 8 * LANES).fma(one, a2);
            b2 = FloatVector.fromArray(S, lanes, at + 9 * LANES).fma(one, b2);
        }
        a0.intoArray(lanes, at);
        b0.intoArray(lanes, at + LANES);
        a1.intoArray(lanes, at + 4 * LANES);
        b1.intoArray(lanes, at + 5 * LANES);
        a2.intoArray(lanes, at + 8 * LANES);
        b2.intoArray(lanes, at + 9 * LANES);
    }

    @Override
    public void unpool(
            float[] dy,
            float[] code,
            int yAt,
            int codeAt,
            int yStep,
            int[] windows,
            int size,
            float[] d,
            int dStep,
            int channels) {
        for (int c = 0; c < channels; c++) {
            int from = yAt + c * yStep;
            int codes = codeAt + c * yStep;
            if (size == 4) {
                unpoolFour(dy, code, from, codes, windows, d, c * dStep);
                continue;
            }
            for (int row = 0; row < windows.length; row += size + 1) {
                for (int lane = 0; lane < LANES; lane += W) {
                    int y = windows[row] + lane;
                    unpoolWindow(dy, from + y, code, codes + y, windows, row + 1, size, d, c * dStep + lane);
                }
            }
        }
    }

    private static void unpoolWindow(
            float[] dy, int y, float[] code, int at, int[] windows, int first, int size, float[] d, int dAt) {
        for (int i = 0; i < size; i++) {
            FloatVector v = FloatVector.fromArray(S, dy, y);
            FloatVector which = FloatVector.fromArray(S, code, at);
            FloatVector.zero(S)
                    .blend(v, which.compare(VectorOperators.EQ, (float) i))
                    .intoArray(d, dAt + windows[first + i]);
        }
    }

    @Override
    public void pool(
            float[] x, int xStep, int[] windows, int size, float[] y, float[] code, int yAt, int yStep, int channels) {
        for (int c = 0; c < channels; c++) {
            for (int row = 0; row < windows.length; row += size + 1) {
                for (int lane = 0; lane < LANES; lane += W) {
                    int to = yAt + c * yStep + windows[row] + lane;
                    poolWindow(x, c * xStep + lane, windows, row + 1, size, y, code, to);
                }
            }
        }
    }

    private static void poolWindow(
            float[] x, int xAt, int[] windows, int first, int size, float[] y, float[] code, int to) {
        FloatVector best = FloatVector.fromArray(S, x, xAt + windows[first]);
        FloatVector which = FloatVector.zero(S);
        for (int i = 1; i < size; i++) {
            FloatVector v = FloatVector.fromArray(S, x, xAt + windows[first + i]);
            VectorMask<Float> larger = v.compare(VectorOperators.GT, best);
            best = best.blend(v, larger);
            which = which.blend(FloatVector.broadcast(S, (float) i), larger);
        }
        best.intoArray(y, to);
        which.intoArray(code, to);
    }

    private static void unpoolFour(float[] dy, float[] code, int yAt, int codeAt, int[] windows, float[] d, int dAt) {
        FloatVector zero = FloatVector.zero(S);
        for (int row = 0; row < windows.length; row += 5) {
            for (int lane = 0; lane < LANES; lane += W) {
                FloatVector v = FloatVector.fromArray(S, dy, yAt + windows[row] + lane);
                FloatVector which = FloatVector.fromArray(S, code, codeAt + windows[row] + lane);
                int to = dAt + lane;
                zero.blend(v, which.compare(VectorOperators.EQ, 0f)).intoArray(d, to + windows[row + 1]);
                zero.blend(v, which.compare(VectorOperators.EQ, 1f)).intoArray(d, to + windows[row + 2]);
                zero.blend(v, which.compare(VectorOperators.EQ, 2f)).intoArray(d, to + windows[row + 3]);
                zero.blend(v, which.compare(VectorOperators.EQ, 3f)).intoArray(d, to + windows[row + 4]);
            }
        }
    }

    @Override
    public void sumPlaces(
            float[] d, int dAt, int step, int[] windows, int size, float[] lanes, int at, int channels, boolean fresh) {
        for (int c = 0; c < channels; c++) {
            for (int lane = 0; lane < LANES; lane += W) {
                int to = at + c * LANES + lane;
                if (fresh) {
                    FloatVector.zero(S).intoArray(lanes, to);
                }
                sum(d, dAt + c * step + lane, windows, size + 1, lanes, to);
            }
        }
    }

    private static void sum(float[] d, int dAt, int[] windows, int stride, float[] lanes, int at) {
        FloatVector one = FloatVector.broadcast(S, 1f);
        FloatVector sum = FloatVector.zero(S);
        for (int row = 0; row < windows.length; row += stride) {
            sum = FloatVector.fromArray(S, d, dAt + windows[row]).fma(one, sum);
        }
        FloatVector.fromArray(S, lanes, at).fma(one, sum).intoArray(lanes, at);
    }

    @Override
    public void dense(float[] x, int xAt, int[] taps, float[] w, int wAt, float[] y, int yAt) {
        for (int lane = 0; lane < LANES; lane += W) {
            denseFour(x, xAt + lane, taps, w, wAt, y, yAt + lane);
        }
    }

    private static void denseFour(float[] x, int xAt, int[] taps, float[] w, int wAt, float[] y, int yAt) {
        FloatVector a = FloatVector.fromArray(S, y, yAt);
        FloatVector b = FloatVector.fromArray(S, y, yAt + LANES);
        FloatVector c = FloatVector.fromArray(S, y, yAt + 2 * LANES);
        FloatVector d = FloatVector.fromArray(S, y, yAt + 3 * LANES);
        for (int i = 0; i < taps.length; i++) {
            FloatVector v = FloatVector.fromArray(S, x, xAt + taps[i]);
            int k = wAt + CHANNELS * i;
            a = v.fma(FloatVector.broadcast(S, w[k]), a);
            b = v.fma(FloatVector.broadcast(S, w[k + 1]), b);
            c = v.fma(FloatVector.broadcast(S, w[k + 2]), c);
            d = v.fma(FloatVector.broadcast(S, w[k + 3]), d);
        }
        a.intoArray(y, yAt);
        b.intoArray(y, yAt + LANES);
        c.intoArray(y, yAt + 2 * LANES);
        d.intoArray(y, yAt + 3 * LANES);
    }

    @Override
    public void denseBack(float[] dy, int dyAt, int outputs, float[] w, int wAt, int[] taps, float[] dx, int dxAt) {
        for (int lane = 0; lane < LANES; lane += W) {
            int j = 0;
            for (; j + 4 <= outputs; j += 4) {
                backFour(dy, dyAt + j * LANES + lane, outputs, w, wAt + j, taps, dx, dxAt + lane);
            }
            for (; j < outputs; j++) {
                backOne(dy, dyAt + j * LANES + lane, outputs, w, wAt + j, taps, dx, dxAt + lane);
            }
        }
    }

    private static void backFour(
            float[] dy, int dyAt, int outputs, float[] w, int wAt, int[] taps, float[] dx, int dxAt) {
        FloatVector a = FloatVector.fromArray(S, dy, dyAt);
        FloatVector b = FloatVector.fromArray(S, dy, dyAt + LANES);
        FloatVector c = FloatVector.fromArray(S, dy, dyAt + 2 * LANES);
        FloatVector d = FloatVector.fromArray(S, dy, dyAt + 3 * LANES);
        for (int i = 0; i < taps.length; i++) {
            int to = dxAt + taps[i];
            int k = wAt + outputs * i;
            FloatVector v = FloatVector.fromArray(S, dx, to);
            v = a.fma(FloatVector.broadcast(S, w[k]), v);
            v = b.fma(FloatVector.broadcast(S, w[k + 1]), v);
            v = c.fma(FloatVector.broadcast(S, w[k + 2]), v);
            v = d.fma(FloatVector.broadcast(S, w[k + 3]), v);
            v.intoArray(dx, to);
        }
    }

    private static void backOne(
            float[] dy, int dyAt, int outputs, float[] w, int wAt, int[] taps, float[] dx, int dxAt) {
        FloatVector a = FloatVector.fromArray(S, dy, dyAt);
        for (int i = 0; i < taps.length; i++) {
            int to = dxAt + taps[i];
            a.fma(FloatVector.broadcast(S, w[wAt + outputs * i]), FloatVector.fromArray(S, dx, to))
                    .intoArray(dx, to);
        }
    }

    @Override
    public void denseGradient(
            float[] x,
            int xTile,
            int[] taps,
            float[] dy,
            int dyTile,
            int outputs,
            int tiles,
            float[] gradient,
            int at) {
        int filled = 0;
        int next = at;
        for (int i = 0; i < taps.length; i++) {
            for (int j = 0; j < outputs; j++) {
                for (int lane = 0; lane < LANES; lane += W) {
                    product(
                            x,
                            taps[i] + lane,
                            xTile,
                            dy,
                            j * LANES + lane,
                            dyTile,
                            tiles,
                            chunk,
                            filled * LANES + lane);
                }
                filled++;
                if (filled == CHUNK) {
                    sumLanes(chunk, CHUNK, gradient, next);
                    next += CHUNK;
                    filled = 0;
                }
            }
        }
        sumLanes(chunk, filled, gradient, next);
    }

    private static void product(
            float[] x, int xAt, int xTile, float[] dy, int dyAt, int dyTile, int tiles, float[] sums, int at) {
        FloatVector sum = FloatVector.zero(S);
        for (int t = 0; t < tiles; t++) {
            sum = FloatVector.fromArray(S, x, xAt + t * xTile)
                    .fma(FloatVector.fromArray(S, dy, dyAt + t * dyTile), sum);
        }
        sum.intoArray(sums, at);
    }

    @Override
    public void rectifyBack(float[] y, int yAt, float[] d, int dAt, int count) {
        FloatVector zero = FloatVector.zero(S);
        for (int i = 0; i < count; i += W) {
            VectorMask<Float> alive = FloatVector.fromArray(S, y, yAt + i).compare(VectorOperators.GT, 0f);
            zero.blend(FloatVector.fromArray(S, d, dAt + i), alive).intoArray(d, dAt + i);
        }
    }

    @Override
    public void tanhBack(float[] y, int yAt, float[] d, int dAt, int count) {
        FloatVector one = FloatVector.broadcast(S, 1f);
        for (int i = 0; i < count; i += W) {
            FloatVector v = FloatVector.fromArray(S, y, yAt + i);
            FloatVector.fromArray(S, d, dAt + i).mul(v.neg().fma(v, one)).intoArray(d, dAt + i);
        }
    }

    @Override
    public void rectify(float[] a, int at, int count) {
        for (int i = at; i < at + count; i += W) {
            FloatVector v = FloatVector.fromArray(S, a, i);
            v.blend(0f, v.compare(VectorOperators.LT, 0f)).intoArray(a, i);
        }
    }

    @Override
    public void tanh(float[] a, int at, int count) {
        FloatVector most = FloatVector.broadcast(S, Tanh.LARGEST);
        FloatVector least = FloatVector.broadcast(S, -Tanh.LARGEST);
        for (int i = at; i < at + count; i += W) {
            FloatVector x = FloatVector.fromArray(S, a, i);
            // Clamped so that what is no number stays none.
            x = x.blend(most, x.compare(VectorOperators.GT, most));
            x = x.blend(least, x.compare(VectorOperators.LT, least));
            FloatVector u = x.mul(x);
            FloatVector p = u.fma(FloatVector.broadcast(S, Tanh.P13), FloatVector.broadcast(S, Tanh.P11));
            p = p.fma(u, FloatVector.broadcast(S, Tanh.P9));
            p = p.fma(u, FloatVector.broadcast(S, Tanh.P7));
            p = p.fma(u, FloatVector.broadcast(S, Tanh.P5));
            p = p.fma(u, FloatVector.broadcast(S, Tanh.P3));
            p = p.fma(u, FloatVector.broadcast(S, Tanh.P1));
            FloatVector q = u.fma(FloatVector.broadcast(S, Tanh.Q6), FloatVector.broadcast(S, Tanh.Q4));
            q = q.fma(u, FloatVector.broadcast(S, Tanh.Q2));
            q = q.fma(u, FloatVector.broadcast(S, Tanh.Q0));
            x.mul(p).div(q).intoArray(a, i);
        }
    }

    @Override
    public void sumLanes(float[] lanes, int count, float[] sums, int at) {
        for (int first = 0; first < count; first += CHUNK) {
            int some = Math.min(CHUNK, count - first);
            addEights(lanes, first * LANES, some, eights);
            addFours(eights, some, fours);
            for (int i = 0; i < some; i++) {
                int l = 4 * i;
                sums[at + first + i] = fours[l] + fours[l + 2] + (fours[l + 1] + fours[l + 3]);
            }
        }
    }

    /** sums[8 i + l] = lanes[16 i + l] + lanes[16 i + l + 8]; whatever a vector holds beyond, the next one overwrites. */
    private static void addEights(float[] lanes, int at, int count, float[] sums) {
        FloatVector one = FloatVector.broadcast(S, 1f);
        for (int i = 0; i < count; i++) {
            for (int l = 0; l < 8; l += W) {
                int from = at + LANES * i + l;
                FloatVector low = FloatVector.fromArray(S, lanes, from);
                low.fma(one, FloatVector.fromArray(S, lanes, from + 8)).intoArray(sums, 8 * i + l);
            }
        }
    }

    /** sums[4 i + l] = lanes[8 i + l] + lanes[8 i + l + 4]. */
    private static void addFours(float[] lanes, int count, float[] sums) {
        FloatVector one = FloatVector.broadcast(S, 1f);
        for (int i = 0; i < count; i++) {
            FloatVector low = FloatVector.fromArray(S, lanes, 8 * i);
            low.fma(one, FloatVector.fromArray(S, lanes, 8 * i + 4)).intoArray(sums, 4 * i);
        }
    }
}
