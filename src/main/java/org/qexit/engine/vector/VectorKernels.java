package org.qexit.engine.vector;

import java.util.Arrays;
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
    private final float[] summed = new float[CHUNK];
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
            int yAt,
            float[] code,
            int codeAt,
            int step,
            boolean rectify) {
        float least = rectify ? 0 : Float.NEGATIVE_INFINITY;
        for (int row = 0; row < windows.length; row += 5) {
            for (int lane = 0; lane < LANES; lane += W) {
                int x0 = xAt + lane + windows[row];
                int x1 = xAt + lane + windows[row + 1];
                int x2 = xAt + lane + windows[row + 2];
                int x3 = xAt + lane + windows[row + 3];
                int to = lane + windows[row + 4];
                if (MANY_REGISTERS) {
                    pooledFour(x, x0, x1, x2, x3, taps, w, wAt, spilled);
                    pool(spilled, 4, bias, biasAt, y, yAt + to, code, codeAt + to, step, least);
                } else {
                    pooledTwo(x, x0, x1, x2, x3, taps, w, wAt, spilled);
                    pool(spilled, 2, bias, biasAt, y, yAt + to, code, codeAt + to, step, least);
                    pooledTwo(x, x0, x1, x2, x3, taps, w, wAt + 2, spilled);
                    to += 2 * step;
                    pool(spilled, 2, bias, biasAt + 2, y, yAt + to, code, codeAt + to, step, least);
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
            int yAt,
            float[] code,
            int codeAt,
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
            best.blend(least, best.compare(VectorOperators.LT, least)).intoArray(y, yAt + c * step);
            FloatVector upper = FloatVector.zero(S).blend(1f, second);
            upper.blend(FloatVector.broadcast(S, 2f).blend(3f, fourth), lower).intoArray(code, codeAt + c * step);
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
    public void winogradInputs(
            float[] x,
            int xAt,
            int row,
            int step,
            int[] patches,
            int first,
            int channels,
            float[] v,
            int vAt,
            int vStep) {
        for (int t = 0; t < PATCHES; t++) {
            for (int lane = 0; lane < LANES; lane += W) {
                int from = xAt + lane + patches[(first + t) * PATCH];
                int to = vAt + lane + t * LANES;
                for (int c = 0; c < channels; c++) {
                    patch(x, from + c * step, row, v, to + c * PATCHES * LANES, vStep);
                }
            }
        }
    }

    private static void patch(float[] x, int at, int row, float[] v, int to, int step) {
        FloatVector one = FloatVector.broadcast(S, 1f);
        FloatVector minus = FloatVector.broadcast(S, -1f);
        FloatVector d00 = FloatVector.fromArray(S, x, at);
        FloatVector d10 = FloatVector.fromArray(S, x, at + row);
        FloatVector d20 = FloatVector.fromArray(S, x, at + 2 * row);
        FloatVector d30 = FloatVector.fromArray(S, x, at + 3 * row);
        FloatVector t00 = d20.fma(minus, d00);
        FloatVector t10 = d20.fma(one, d10);
        FloatVector t20 = d10.fma(minus, d20);
        FloatVector t30 = d30.fma(minus, d10);
        FloatVector d01 = FloatVector.fromArray(S, x, at + LANES);
        FloatVector d11 = FloatVector.fromArray(S, x, at + row + LANES);
        FloatVector d21 = FloatVector.fromArray(S, x, at + 2 * row + LANES);
        FloatVector d31 = FloatVector.fromArray(S, x, at + 3 * row + LANES);
        FloatVector t01 = d21.fma(minus, d01);
        FloatVector t11 = d21.fma(one, d11);
        FloatVector t21 = d11.fma(minus, d21);
        FloatVector t31 = d31.fma(minus, d11);
        FloatVector d02 = FloatVector.fromArray(S, x, at + 2 * LANES);
        FloatVector d12 = FloatVector.fromArray(S, x, at + row + 2 * LANES);
        FloatVector d22 = FloatVector.fromArray(S, x, at + 2 * row + 2 * LANES);
        FloatVector d32 = FloatVector.fromArray(S, x, at + 3 * row + 2 * LANES);
        FloatVector t02 = d22.fma(minus, d02);
        FloatVector t12 = d22.fma(one, d12);
        FloatVector t22 = d12.fma(minus, d22);
        FloatVector t32 = d32.fma(minus, d12);
        FloatVector d03 = FloatVector.fromArray(S, x, at + 3 * LANES);
        FloatVector d13 = FloatVector.fromArray(S, x, at + row + 3 * LANES);
        FloatVector d23 = FloatVector.fromArray(S, x, at + 2 * row + 3 * LANES);
        FloatVector d33 = FloatVector.fromArray(S, x, at + 3 * row + 3 * LANES);
        FloatVector t03 = d23.fma(minus, d03);
        FloatVector t13 = d23.fma(one, d13);
        FloatVector t23 = d13.fma(minus, d23);
        FloatVector t33 = d33.fma(minus, d13);
        t02.fma(minus, t00).intoArray(v, to);
        t02.fma(one, t01).intoArray(v, to + step);
        t01.fma(minus, t02).intoArray(v, to + 2 * step);
        t03.fma(minus, t01).intoArray(v, to + 3 * step);
        t12.fma(minus, t10).intoArray(v, to + 4 * step);
        t12.fma(one, t11).intoArray(v, to + 5 * step);
        t11.fma(minus, t12).intoArray(v, to + 6 * step);
        t13.fma(minus, t11).intoArray(v, to + 7 * step);
        t22.fma(minus, t20).intoArray(v, to + 8 * step);
        t22.fma(one, t21).intoArray(v, to + 9 * step);
        t21.fma(minus, t22).intoArray(v, to + 10 * step);
        t23.fma(minus, t21).intoArray(v, to + 11 * step);
        t32.fma(minus, t30).intoArray(v, to + 12 * step);
        t32.fma(one, t31).intoArray(v, to + 13 * step);
        t31.fma(minus, t32).intoArray(v, to + 14 * step);
        t33.fma(minus, t31).intoArray(v, to + 15 * step);
    }

    @Override
    public void winogradProducts(
            float[] u, float[] v, int vAt, int vStep, int channels, int groups, float[] m, int mAt, int mStep) {
        for (int k = 0; k < POINTS; k++) {
            for (int g = 0; g < groups; g++) {
                int factors = (k * groups + g) * CHANNELS * channels;
                for (int lane = 0; lane < LANES; lane += W) {
                    int from = vAt + k * vStep + lane;
                    int to = mAt + k * mStep + g * CHANNELS * PATCHES * LANES + lane;
                    if (MANY_REGISTERS) {
                        fourProducts(u, factors, v, from, channels, m, to);
                    } else {
                        twoProducts(u, factors, v, from, channels, m, to);
                        twoProducts(u, factors + 2, v, from, channels, m, to + 2 * PATCHES * LANES);
                    }
                }
            }
        }
    }

    private static void fourProducts(float[] u, int uAt, float[] v, int vAt, int channels, float[] m, int mAt) {
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
        for (int c = 0; c < channels; c++) {
            int from = vAt + c * PATCHES * LANES;
            FloatVector v0 = FloatVector.fromArray(S, v, from);
            FloatVector v1 = FloatVector.fromArray(S, v, from + LANES);
            FloatVector v2 = FloatVector.fromArray(S, v, from + 2 * LANES);
            FloatVector v3 = FloatVector.fromArray(S, v, from + 3 * LANES);
            int factor = uAt + CHANNELS * c;
            FloatVector w0 = FloatVector.broadcast(S, u[factor]);
            a0 = v0.fma(w0, a0);
            a1 = v1.fma(w0, a1);
            a2 = v2.fma(w0, a2);
            a3 = v3.fma(w0, a3);
            FloatVector w1 = FloatVector.broadcast(S, u[factor + 1]);
            b0 = v0.fma(w1, b0);
            b1 = v1.fma(w1, b1);
            b2 = v2.fma(w1, b2);
            b3 = v3.fma(w1, b3);
            FloatVector w2 = FloatVector.broadcast(S, u[factor + 2]);
            c0 = v0.fma(w2, c0);
            c1 = v1.fma(w2, c1);
            c2 = v2.fma(w2, c2);
            c3 = v3.fma(w2, c3);
            FloatVector w3 = FloatVector.broadcast(S, u[factor + 3]);
            d0 = v0.fma(w3, d0);
            d1 = v1.fma(w3, d1);
            d2 = v2.fma(w3, d2);
            d3 = v3.fma(w3, d3);
        }
        a0.intoArray(m, mAt);
        a1.intoArray(m, mAt + LANES);
        a2.intoArray(m, mAt + 2 * LANES);
        a3.intoArray(m, mAt + 3 * LANES);
        b0.intoArray(m, mAt + 4 * LANES);
        b1.intoArray(m, mAt + 5 * LANES);
        b2.intoArray(m, mAt + 6 * LANES);
        b3.intoArray(m, mAt + 7 * LANES);
        c0.intoArray(m, mAt + 8 * LANES);
        c1.intoArray(m, mAt + 9 * LANES);
        c2.intoArray(m, mAt + 10 * LANES);
        c3.intoArray(m, mAt + 11 * LANES);
        d0.intoArray(m, mAt + 12 * LANES);
        d1.intoArray(m, mAt + 13 * LANES);
        d2.intoArray(m, mAt + 14 * LANES);
        d3.intoArray(m, mAt + 15 * LANES);
    }

    private static void twoProducts(float[] u, int uAt, float[] v, int vAt, int channels, float[] m, int mAt) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector a0 = zero;
        FloatVector a1 = zero;
        FloatVector a2 = zero;
        FloatVector a3 = zero;
        FloatVector b0 = zero;
        FloatVector b1 = zero;
        FloatVector b2 = zero;
        FloatVector b3 = zero;
        for (int c = 0; c < channels; c++) {
            int from = vAt + c * PATCHES * LANES;
            FloatVector v0 = FloatVector.fromArray(S, v, from);
            FloatVector v1 = FloatVector.fromArray(S, v, from + LANES);
            FloatVector v2 = FloatVector.fromArray(S, v, from + 2 * LANES);
            FloatVector v3 = FloatVector.fromArray(S, v, from + 3 * LANES);
            int factor = uAt + CHANNELS * c;
            FloatVector w0 = FloatVector.broadcast(S, u[factor]);
            a0 = v0.fma(w0, a0);
            a1 = v1.fma(w0, a1);
            a2 = v2.fma(w0, a2);
            a3 = v3.fma(w0, a3);
            FloatVector w1 = FloatVector.broadcast(S, u[factor + 1]);
            b0 = v0.fma(w1, b0);
            b1 = v1.fma(w1, b1);
            b2 = v2.fma(w1, b2);
            b3 = v3.fma(w1, b3);
        }
        a0.intoArray(m, mAt);
        a1.intoArray(m, mAt + LANES);
        a2.intoArray(m, mAt + 2 * LANES);
        a3.intoArray(m, mAt + 3 * LANES);
        b0.intoArray(m, mAt + 4 * LANES);
        b1.intoArray(m, mAt + 5 * LANES);
        b2.intoArray(m, mAt + 6 * LANES);
        b3.intoArray(m, mAt + 7 * LANES);
    }

    @Override
    public void winogradSums(
            float[] m, int mAt, int mStep, int channels, int[] patches, int first, float[] y, int yAt, int step) {
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < PATCHES; t++) {
                int patch = (first + t) * PATCH;
                for (int lane = 0; lane < LANES; lane += W) {
                    fold(m, mAt + (c * PATCHES + t) * LANES + lane, mStep, spilled);
                    int to = yAt + c * step + lane;
                    for (int i = 0; i < CHANNELS; i++) {
                        if (patches[patch + 1 + i] >= 0) {
                            addTo(spilled, i * W, y, to + patches[patch + 1 + i]);
                        }
                    }
                }
            }
        }
    }

    private static void addTo(float[] sums, int at, float[] y, int to) {
        FloatVector one = FloatVector.broadcast(S, 1f);
        FloatVector.fromArray(S, sums, at)
                .fma(one, FloatVector.fromArray(S, y, to))
                .intoArray(y, to);
    }

    @Override
    public void winogradPooled(
            float[] m,
            int mAt,
            int mStep,
            float[] bias,
            int channels,
            int[] patches,
            int first,
            float[] y,
            int yAt,
            float[] code,
            int codeAt,
            int step,
            boolean rectify) {
        float least = rectify ? 0 : Float.NEGATIVE_INFINITY;
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < PATCHES; t++) {
                int place = patches[(first + t) * PATCH + 1];
                for (int lane = 0; place >= 0 && lane < LANES; lane += W) {
                    fold(m, mAt + (c * PATCHES + t) * LANES + lane, mStep, spilled);
                    int to = place + c * step + lane;
                    pool(spilled, 1, bias, c, y, yAt + to, code, codeAt + to, step, least);
                }
            }
        }
    }

    private static void fold(float[] m, int at, int step, float[] sums) {
        FloatVector one = FloatVector.broadcast(S, 1f);
        FloatVector minus = FloatVector.broadcast(S, -1f);
        FloatVector m00 = FloatVector.fromArray(S, m, at);
        FloatVector m10 = FloatVector.fromArray(S, m, at + 4 * step);
        FloatVector m20 = FloatVector.fromArray(S, m, at + 8 * step);
        FloatVector m30 = FloatVector.fromArray(S, m, at + 12 * step);
        FloatVector s00 = m20.fma(one, m10.fma(one, m00));
        FloatVector s10 = m30.fma(minus, m20.fma(minus, m10));
        FloatVector m01 = FloatVector.fromArray(S, m, at + step);
        FloatVector m11 = FloatVector.fromArray(S, m, at + 5 * step);
        FloatVector m21 = FloatVector.fromArray(S, m, at + 9 * step);
        FloatVector m31 = FloatVector.fromArray(S, m, at + 13 * step);
        FloatVector s01 = m21.fma(one, m11.fma(one, m01));
        FloatVector s11 = m31.fma(minus, m21.fma(minus, m11));
        FloatVector m02 = FloatVector.fromArray(S, m, at + 2 * step);
        FloatVector m12 = FloatVector.fromArray(S, m, at + 6 * step);
        FloatVector m22 = FloatVector.fromArray(S, m, at + 10 * step);
        FloatVector m32 = FloatVector.fromArray(S, m, at + 14 * step);
        FloatVector s02 = m22.fma(one, m12.fma(one, m02));
        FloatVector s12 = m32.fma(minus, m22.fma(minus, m12));
        FloatVector m03 = FloatVector.fromArray(S, m, at + 3 * step);
        FloatVector m13 = FloatVector.fromArray(S, m, at + 7 * step);
        FloatVector m23 = FloatVector.fromArray(S, m, at + 11 * step);
        FloatVector m33 = FloatVector.fromArray(S, m, at + 15 * step);
        FloatVector s03 = m23.fma(one, m13.fma(one, m03));
        FloatVector s13 = m33.fma(minus, m23.fma(minus, m13));
        s02.fma(one, s01.fma(one, s00)).intoArray(sums, 0);
        s03.fma(minus, s02.fma(minus, s01)).intoArray(sums, W);
        s12.fma(one, s11.fma(one, s10)).intoArray(sums, 2 * W);
        s13.fma(minus, s12.fma(minus, s11)).intoArray(sums, 3 * W);
    }

    @Override
    public void winogradDeltas(
            float[] d, int dAt, int step, int[] patches, int first, int channels, float[] m, int mAt, int mStep) {
        for (int t = 0; t < PATCHES; t++) {
            int row = (first + t) * PATCH;
            for (int lane = 0; lane < LANES; lane += W) {
                int d0 = dAt + lane + patches[row + 1];
                int d1 = dAt + lane + patches[row + 2];
                int d2 = dAt + lane + patches[row + 3];
                int d3 = dAt + lane + patches[row + 4];
                int to = mAt + lane + t * LANES;
                for (int c = 0; c < channels; c++) {
                    int at = c * step;
                    delta(d, d0 + at, d1 + at, d2 + at, d3 + at, m, to + c * PATCHES * LANES, mStep);
                }
            }
        }
    }

    private static void delta(float[] d, int d0, int d1, int d2, int d3, float[] m, int to, int step) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector one = FloatVector.broadcast(S, 1f);
        FloatVector minus = FloatVector.broadcast(S, -1f);
        FloatVector d00 = FloatVector.fromArray(S, d, d0);
        FloatVector d01 = FloatVector.fromArray(S, d, d1);
        FloatVector d10 = FloatVector.fromArray(S, d, d2);
        FloatVector d11 = FloatVector.fromArray(S, d, d3);
        FloatVector t10 = d10.fma(one, d00);
        FloatVector t11 = d11.fma(one, d01);
        FloatVector t20 = d10.fma(minus, d00);
        FloatVector t21 = d11.fma(minus, d01);
        FloatVector t30 = d10.fma(minus, zero);
        FloatVector t31 = d11.fma(minus, zero);
        d00.intoArray(m, to);
        d01.fma(one, d00).intoArray(m, to + step);
        d01.fma(minus, d00).intoArray(m, to + 2 * step);
        d01.fma(minus, zero).intoArray(m, to + 3 * step);
        t10.intoArray(m, to + 4 * step);
        t11.fma(one, t10).intoArray(m, to + 5 * step);
        t11.fma(minus, t10).intoArray(m, to + 6 * step);
        t11.fma(minus, zero).intoArray(m, to + 7 * step);
        t20.intoArray(m, to + 8 * step);
        t21.fma(one, t20).intoArray(m, to + 9 * step);
        t21.fma(minus, t20).intoArray(m, to + 10 * step);
        t21.fma(minus, zero).intoArray(m, to + 11 * step);
        t30.intoArray(m, to + 12 * step);
        t31.fma(one, t30).intoArray(m, to + 13 * step);
        t31.fma(minus, t30).intoArray(m, to + 14 * step);
        t31.fma(minus, zero).intoArray(m, to + 15 * step);
    }

    @Override
    public void winogradGradient(
            float[] v,
            int vAt,
            int vBlock,
            int rows,
            float[] m,
            int mAt,
            int mBlock,
            int groups,
            int blocks,
            float[] lanes,
            int at) {
        int four = CHANNELS * PATCHES * LANES;
        for (int g = 0; g < groups; g++) {
            for (int h = 0; h < rows; h++) {
                int to = at + (rows * g + h) * CHANNELS * CHANNELS * LANES;
                for (int lane = 0; lane < LANES; lane += W) {
                    int from = vAt + h * four + lane;
                    int with = mAt + g * four + lane;
                    if (MANY_REGISTERS) {
                        fourByFour(v, from, vBlock, m, with, mBlock, blocks, lanes, to + lane);
                    } else {
                        int next = 2 * PATCHES * LANES;
                        twoByFour(v, from, vBlock, m, with, mBlock, blocks, lanes, to + lane);
                        twoByFour(v, from, vBlock, m, with + next, mBlock, blocks, lanes, to + 8 * LANES + lane);
                    }
                }
            }
        }
    }

    private static void fourByFour(
            float[] v, int vAt, int vBlock, float[] m, int mAt, int mBlock, int blocks, float[] lanes, int at) {
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
        for (int t = 0; t < PATCHES * blocks; t++) {
            int patch = t % PATCHES * LANES;
            int from = vAt + t / PATCHES * vBlock + patch;
            int with = mAt + t / PATCHES * mBlock + patch;
            FloatVector v0 = FloatVector.fromArray(S, v, from);
            FloatVector v1 = FloatVector.fromArray(S, v, from + PATCHES * LANES);
            FloatVector v2 = FloatVector.fromArray(S, v, from + 2 * PATCHES * LANES);
            FloatVector v3 = FloatVector.fromArray(S, v, from + 3 * PATCHES * LANES);
            FloatVector m0 = FloatVector.fromArray(S, m, with);
            a0 = v0.fma(m0, a0);
            a1 = v1.fma(m0, a1);
            a2 = v2.fma(m0, a2);
            a3 = v3.fma(m0, a3);
            FloatVector m1 = FloatVector.fromArray(S, m, with + PATCHES * LANES);
            b0 = v0.fma(m1, b0);
            b1 = v1.fma(m1, b1);
            b2 = v2.fma(m1, b2);
            b3 = v3.fma(m1, b3);
            FloatVector m2 = FloatVector.fromArray(S, m, with + 2 * PATCHES * LANES);
            c0 = v0.fma(m2, c0);
            c1 = v1.fma(m2, c1);
            c2 = v2.fma(m2, c2);
            c3 = v3.fma(m2, c3);
            FloatVector m3 = FloatVector.fromArray(S, m, with + 3 * PATCHES * LANES);
            d0 = v0.fma(m3, d0);
            d1 = v1.fma(m3, d1);
            d2 = v2.fma(m3, d2);
            d3 = v3.fma(m3, d3);
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + LANES);
        a2.intoArray(lanes, at + 2 * LANES);
        a3.intoArray(lanes, at + 3 * LANES);
        b0.intoArray(lanes, at + 4 * LANES);
        b1.intoArray(lanes, at + 5 * LANES);
        b2.intoArray(lanes, at + 6 * LANES);
        b3.intoArray(lanes, at + 7 * LANES);
        c0.intoArray(lanes, at + 8 * LANES);
        c1.intoArray(lanes, at + 9 * LANES);
        c2.intoArray(lanes, at + 10 * LANES);
        c3.intoArray(lanes, at + 11 * LANES);
        d0.intoArray(lanes, at + 12 * LANES);
        d1.intoArray(lanes, at + 13 * LANES);
        d2.intoArray(lanes, at + 14 * LANES);
        d3.intoArray(lanes, at + 15 * LANES);
    }

    private static void twoByFour(
            float[] v, int vAt, int vBlock, float[] m, int mAt, int mBlock, int blocks, float[] lanes, int at) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector a0 = zero;
        FloatVector a1 = zero;
        FloatVector a2 = zero;
        FloatVector a3 = zero;
        FloatVector b0 = zero;
        FloatVector b1 = zero;
        FloatVector b2 = zero;
        FloatVector b3 = zero;
        for (int t = 0; t < PATCHES * blocks; t++) {
            int patch = t % PATCHES * LANES;
            int from = vAt + t / PATCHES * vBlock + patch;
            int with = mAt + t / PATCHES * mBlock + patch;
            FloatVector v0 = FloatVector.fromArray(S, v, from);
            FloatVector v1 = FloatVector.fromArray(S, v, from + PATCHES * LANES);
            FloatVector v2 = FloatVector.fromArray(S, v, from + 2 * PATCHES * LANES);
            FloatVector v3 = FloatVector.fromArray(S, v, from + 3 * PATCHES * LANES);
            FloatVector m0 = FloatVector.fromArray(S, m, with);
            a0 = v0.fma(m0, a0);
            a1 = v1.fma(m0, a1);
            a2 = v2.fma(m0, a2);
            a3 = v3.fma(m0, a3);
            FloatVector m1 = FloatVector.fromArray(S, m, with + PATCHES * LANES);
            b0 = v0.fma(m1, b0);
            b1 = v1.fma(m1, b1);
            b2 = v2.fma(m1, b2);
            b3 = v3.fma(m1, b3);
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + LANES);
        a2.intoArray(lanes, at + 2 * LANES);
        a3.intoArray(lanes, at + 3 * LANES);
        b0.intoArray(lanes, at + 4 * LANES);
        b1.intoArray(lanes, at + 5 * LANES);
        b2.intoArray(lanes, at + 6 * LANES);
        b3.intoArray(lanes, at + 7 * LANES);
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
            int yAt,
            float[] code,
            int codeAt,
            int yStep,
            int[] windows,
            int size,
            float[] d,
            int dAt,
            int dStep,
            int channels) {
        for (int c = 0; c < channels; c++) {
            int from = yAt + c * yStep;
            int codes = codeAt + c * yStep;
            if (size == 4) {
                unpoolFour(dy, code, from, codes, windows, d, dAt + c * dStep);
                continue;
            }
            for (int row = 0; row < windows.length; row += size + 1) {
                for (int lane = 0; lane < LANES; lane += W) {
                    int y = windows[row] + lane;
                    unpoolWindow(dy, from + y, code, codes + y, windows, row + 1, size, d, dAt + c * dStep + lane);
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
            float[] x,
            int xAt,
            int xStep,
            int[] windows,
            int size,
            float[] y,
            int yAt,
            float[] code,
            int codeAt,
            int yStep,
            int channels) {
        for (int c = 0; c < channels; c++) {
            for (int row = 0; row < windows.length; row += size + 1) {
                for (int lane = 0; lane < LANES; lane += W) {
                    int to = c * yStep + windows[row] + lane;
                    poolWindow(x, xAt + c * xStep + lane, windows, row + 1, size, y, yAt + to, code, codeAt + to);
                }
            }
        }
    }

    private static void poolWindow(
            float[] x, int xAt, int[] windows, int first, int size, float[] y, int yAt, float[] code, int codeAt) {
        FloatVector best = FloatVector.fromArray(S, x, xAt + windows[first]);
        FloatVector which = FloatVector.zero(S);
        for (int i = 1; i < size; i++) {
            FloatVector v = FloatVector.fromArray(S, x, xAt + windows[first + i]);
            VectorMask<Float> larger = v.compare(VectorOperators.GT, best);
            best = best.blend(v, larger);
            which = which.blend(FloatVector.broadcast(S, (float) i), larger);
        }
        best.intoArray(y, yAt);
        which.intoArray(code, codeAt);
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
            int xAt,
            int xTile,
            int[] taps,
            float[] dy,
            int dyTile,
            int outputs,
            int tiles,
            float[] gradient,
            int at) {
        for (int first = 0; first < taps.length; first += CHUNK / CHANNELS) {
            int end = Math.min(taps.length, first + CHUNK / CHANNELS);
            for (int j = 0; j < outputs; j += CHANNELS) {
                int some = Math.min(CHANNELS, outputs - j);
                Arrays.fill(chunk, 0, (end - first) * some * LANES, 0);
                for (int lane = 0; lane < LANES; lane += W) {
                    int from = xAt + lane;
                    int with = j * LANES + lane;
                    int t = 0;
                    for (; some == CHANNELS && t + 2 <= tiles; t += 2) {
                        int xTo = from + t * xTile;
                        int dyTo = with + t * dyTile;
                        twoTiles(x, xTo, xTo + xTile, taps, first, end, dy, dyTo, dyTo + dyTile, chunk, lane);
                    }
                    for (; t < tiles; t++) {
                        for (int c = 0; c < some; c++) {
                            int dyTo = with + t * dyTile + c * LANES;
                            int to = c * LANES + lane;
                            oneTile(x, from + t * xTile, taps, first, end, dy, dyTo, chunk, to, some * LANES);
                        }
                    }
                }
                sumLanes(chunk, 0, (end - first) * some, summed, 0);
                for (int k = 0; k < (end - first) * some; k++) {
                    gradient[at + outputs * (first + k / some) + j + k % some] = summed[k];
                }
            }
        }
    }

    /** Four outputs' products with the inputs from {@code first} to {@code end} in two tiles, added to what is there. */
    private static void twoTiles(
            float[] x,
            int x0,
            int x1,
            int[] taps,
            int first,
            int end,
            float[] dy,
            int dy0,
            int dy1,
            float[] sums,
            int at) {
        FloatVector a0 = FloatVector.fromArray(S, dy, dy0);
        FloatVector b0 = FloatVector.fromArray(S, dy, dy0 + LANES);
        FloatVector c0 = FloatVector.fromArray(S, dy, dy0 + 2 * LANES);
        FloatVector d0 = FloatVector.fromArray(S, dy, dy0 + 3 * LANES);
        FloatVector a1 = FloatVector.fromArray(S, dy, dy1);
        FloatVector b1 = FloatVector.fromArray(S, dy, dy1 + LANES);
        FloatVector c1 = FloatVector.fromArray(S, dy, dy1 + 2 * LANES);
        FloatVector d1 = FloatVector.fromArray(S, dy, dy1 + 3 * LANES);
        for (int i = first; i < end; i++) {
            FloatVector v0 = FloatVector.fromArray(S, x, x0 + taps[i]);
            FloatVector v1 = FloatVector.fromArray(S, x, x1 + taps[i]);
            int to = at + (i - first) * CHANNELS * LANES;
            v1.fma(a1, v0.fma(a0, FloatVector.fromArray(S, sums, to))).intoArray(sums, to);
            v1.fma(b1, v0.fma(b0, FloatVector.fromArray(S, sums, to + LANES))).intoArray(sums, to + LANES);
            v1.fma(c1, v0.fma(c0, FloatVector.fromArray(S, sums, to + 2 * LANES)))
                    .intoArray(sums, to + 2 * LANES);
            v1.fma(d1, v0.fma(d0, FloatVector.fromArray(S, sums, to + 3 * LANES)))
                    .intoArray(sums, to + 3 * LANES);
        }
    }

    private static void oneTile(
            float[] x, int xAt, int[] taps, int first, int end, float[] dy, int dyAt, float[] sums, int at, int step) {
        FloatVector a = FloatVector.fromArray(S, dy, dyAt);
        for (int i = first; i < end; i++) {
            int to = at + (i - first) * step;
            FloatVector.fromArray(S, x, xAt + taps[i])
                    .fma(a, FloatVector.fromArray(S, sums, to))
                    .intoArray(sums, to);
        }
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
    public void sumLanes(float[] lanes, int lanesAt, int count, float[] sums, int at) {
        for (int first = 0; first < count; first += CHUNK) {
            int some = Math.min(CHUNK, count - first);
            addEights(lanes, lanesAt + first * LANES, some, eights);
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
