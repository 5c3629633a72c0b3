package org.qexit.engine;

import java.util.Arrays;

/** The kernels in plain Java: what runs where there is no Vector API, and what the others are held to. */
public class PlainKernels implements Kernels {
    private final float[] sum = new float[LANES];

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public void convolve(
            float[] x, int xAt, int[] taps, float[] w, int wAt, int[] fours, float[] y, int yAt, int step) {
        for (int row = 0; row < fours.length; row += 8) {
            for (int c = 0; c < CHANNELS; c += 2) {
                for (int l = 0; l < LANES; l++) {
                    convolve(x, xAt + l, taps, w, wAt + c, fours, row, y, yAt + c * step + l, step);
                }
            }
        }
    }

    /** A lane of four places and two channels, in eight scalars. All of a row is read before any is written, for it may name a place twice. */
    private static void convolve(
            float[] x, int xAt, int[] taps, float[] w, int wAt, int[] fours, int row, float[] y, int yAt, int step) {
        int x0 = xAt + fours[row];
        int x1 = xAt + fours[row + 1];
        int x2 = xAt + fours[row + 2];
        int x3 = xAt + fours[row + 3];
        int y0 = yAt + fours[row + 4];
        int y1 = yAt + fours[row + 5];
        int y2 = yAt + fours[row + 6];
        int y3 = yAt + fours[row + 7];
        float a0 = y[y0];
        float a1 = y[y1];
        float a2 = y[y2];
        float a3 = y[y3];
        float b0 = y[y0 + step];
        float b1 = y[y1 + step];
        float b2 = y[y2 + step];
        float b3 = y[y3 + step];
        for (int k = 0; k < taps.length; k++) {
            int tap = taps[k];
            float u = w[wAt + CHANNELS * k];
            float v = w[wAt + CHANNELS * k + 1];
            a0 = Math.fma(x[x0 + tap], u, a0);
            b0 = Math.fma(x[x0 + tap], v, b0);
            a1 = Math.fma(x[x1 + tap], u, a1);
            b1 = Math.fma(x[x1 + tap], v, b1);
            a2 = Math.fma(x[x2 + tap], u, a2);
            b2 = Math.fma(x[x2 + tap], v, b2);
            a3 = Math.fma(x[x3 + tap], u, a3);
            b3 = Math.fma(x[x3 + tap], v, b3);
        }
        y[y0] = a0;
        y[y1] = a1;
        y[y2] = a2;
        y[y3] = a3;
        y[y0 + step] = b0;
        y[y1 + step] = b1;
        y[y2 + step] = b2;
        y[y3 + step] = b3;
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
            for (int c = 0; c < CHANNELS; c += 2) {
                for (int l = 0; l < LANES; l++) {
                    sums(x, xAt + l, taps, w, wAt + c, windows, row, sum);
                    int to = c * step + windows[row + 4] + l;
                    pool(sum, 0, bias[biasAt + c], least, y, yAt + to, code, codeAt + to);
                    pool(sum, 4, bias[biasAt + c + 1], least, y, yAt + to + step, code, codeAt + to + step);
                }
            }
        }
    }

    /** Σ_k x[taps[k] + x_i] · w[4 k + c] of a lane, at {@code sums[4 c + i]}. */
    private static void sums(float[] x, int xAt, int[] taps, float[] w, int wAt, int[] windows, int row, float[] sums) {
        int x0 = xAt + windows[row];
        int x1 = xAt + windows[row + 1];
        int x2 = xAt + windows[row + 2];
        int x3 = xAt + windows[row + 3];
        float a0 = 0;
        float a1 = 0;
        float a2 = 0;
        float a3 = 0;
        float b0 = 0;
        float b1 = 0;
        float b2 = 0;
        float b3 = 0;
        for (int k = 0; k < taps.length; k++) {
            int tap = taps[k];
            float u = w[wAt + CHANNELS * k];
            float v = w[wAt + CHANNELS * k + 1];
            a0 = Math.fma(x[x0 + tap], u, a0);
            b0 = Math.fma(x[x0 + tap], v, b0);
            a1 = Math.fma(x[x1 + tap], u, a1);
            b1 = Math.fma(x[x1 + tap], v, b1);
            a2 = Math.fma(x[x2 + tap], u, a2);
            b2 = Math.fma(x[x2 + tap], v, b2);
            a3 = Math.fma(x[x3 + tap], u, a3);
            b3 = Math.fma(x[x3 + tap], v, b3);
        }
        sums[0] = a0;
        sums[1] = a1;
        sums[2] = a2;
        sums[3] = a3;
        sums[4] = b0;
        sums[5] = b1;
        sums[6] = b2;
        sums[7] = b3;
    }

    /** The largest of four, pair by pair, so that the first of equals wins, and what is no number stays where it stands first. */
    private static void pool(
            float[] sums, int at, float bias, float least, float[] y, int yAt, float[] code, int codeAt) {
        float upper = sums[at];
        float first = 0;
        if (sums[at + 1] > upper) {
            upper = sums[at + 1];
            first = 1;
        }
        float lower = sums[at + 2];
        float second = 2;
        if (sums[at + 3] > lower) {
            lower = sums[at + 3];
            second = 3;
        }
        boolean below = lower > upper;
        float best = (below ? lower : upper) + bias;
        y[yAt] = best < least ? least : best;
        code[codeAt] = below ? second : first;
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
            int from = xAt + patches[(first + t) * PATCH];
            for (int c = 0; c < channels; c++) {
                int to = vAt + (c * PATCHES + t) * LANES;
                for (int l = 0; l < LANES; l++) {
                    patch(x, from + c * step + l, row, v, to + l, vStep);
                }
            }
        }
    }

    /** A lane of a patch, row after row of Bᵀ d. */
    private static void patch(float[] x, int at, int row, float[] v, int to, int step) {
        for (int i = 0; i < 4; i++) {
            // Which two rows, and whether the second is added.
            int one = at + (i == 0 ? 0 : i == 2 ? 2 : 1) * row;
            int other = at + (i == 0 || i == 1 ? 2 : i == 2 ? 1 : 3) * row;
            float sign = i == 1 ? 1 : -1;
            float t0 = x[one] + sign * x[other];
            float t1 = x[one + LANES] + sign * x[other + LANES];
            float t2 = x[one + 2 * LANES] + sign * x[other + 2 * LANES];
            float t3 = x[one + 3 * LANES] + sign * x[other + 3 * LANES];
            int next = to + 4 * i * step;
            v[next] = t0 - t2;
            v[next + step] = t1 + t2;
            v[next + 2 * step] = t2 - t1;
            v[next + 3 * step] = t1 - t3;
        }
    }

    @Override
    public void winogradProducts(
            float[] u, float[] v, int vAt, int vStep, int channels, int groups, float[] m, int mAt, int mStep) {
        for (int k = 0; k < POINTS; k++) {
            for (int g = 0; g < groups; g++) {
                int factors = (k * groups + g) * CHANNELS * channels;
                int to = mAt + k * mStep + g * CHANNELS * PATCHES * LANES;
                for (int t = 0; t < PATCHES; t++) {
                    for (int l = 0; l < LANES; l++) {
                        products(u, factors, v, vAt + k * vStep + t * LANES + l, channels, m, to + t * LANES + l);
                    }
                }
            }
        }
    }

    /** A lane of a patch and four channels. */
    private static void products(float[] u, int uAt, float[] v, int vAt, int channels, float[] m, int mAt) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        for (int i = 0; i < channels; i++) {
            float x = v[vAt + i * PATCHES * LANES];
            int k = uAt + CHANNELS * i;
            a = Math.fma(x, u[k], a);
            b = Math.fma(x, u[k + 1], b);
            c = Math.fma(x, u[k + 2], c);
            d = Math.fma(x, u[k + 3], d);
        }
        m[mAt] = a;
        m[mAt + PATCHES * LANES] = b;
        m[mAt + 2 * PATCHES * LANES] = c;
        m[mAt + 3 * PATCHES * LANES] = d;
    }

    @Override
    public void winogradSums(
            float[] m, int mAt, int mStep, int channels, int[] patches, int first, float[] y, int yAt, int step) {
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < PATCHES; t++) {
                for (int l = 0; l < LANES; l++) {
                    fold(m, mAt + (c * PATCHES + t) * LANES + l, mStep, sum);
                    for (int i = 0; i < CHANNELS; i++) {
                        int place = patches[(first + t) * PATCH + 1 + i];
                        if (place >= 0) {
                            y[yAt + c * step + place + l] += sum[i];
                        }
                    }
                }
            }
        }
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
                int to = place + c * step;
                for (int l = 0; place >= 0 && l < LANES; l++) {
                    fold(m, mAt + (c * PATCHES + t) * LANES + l, mStep, sum);
                    pool(sum, 0, bias[c], least, y, yAt + to + l, code, codeAt + to + l);
                }
            }
        }
    }

    /** A lane's four sums Aᵀ m A. */
    private static void fold(float[] m, int at, int step, float[] sums) {
        for (int i = 0; i < 2; i++) {
            float s0 = folded(m, at, step, i);
            float s1 = folded(m, at + step, step, i);
            float s2 = folded(m, at + 2 * step, step, i);
            float s3 = folded(m, at + 3 * step, step, i);
            sums[2 * i] = s0 + s1 + s2;
            sums[2 * i + 1] = s1 - s2 - s3;
        }
    }

    private static float folded(float[] m, int at, int step, int i) {
        float middle = m[at + 4 * step];
        return i == 0 ? m[at] + middle + m[at + 8 * step] : middle - m[at + 8 * step] - m[at + 12 * step];
    }

    @Override
    public void winogradDeltas(
            float[] d, int dAt, int step, int[] patches, int first, int channels, float[] m, int mAt, int mStep) {
        for (int t = 0; t < PATCHES; t++) {
            int row = (first + t) * PATCH;
            for (int c = 0; c < channels; c++) {
                int at = dAt + c * step;
                int to = mAt + (c * PATCHES + t) * LANES;
                for (int l = 0; l < LANES; l++) {
                    float d00 = d[at + patches[row + 1] + l];
                    float d01 = d[at + patches[row + 2] + l];
                    float d10 = d[at + patches[row + 3] + l];
                    float d11 = d[at + patches[row + 4] + l];
                    delta(d00, d01, m, to + l, mStep);
                    delta(d00 + d10, d01 + d11, m, to + 4 * mStep + l, mStep);
                    delta(d00 - d10, d01 - d11, m, to + 8 * mStep + l, mStep);
                    delta(0 - d10, 0 - d11, m, to + 12 * mStep + l, mStep);
                }
            }
        }
    }

    private static void delta(float left, float right, float[] m, int at, int step) {
        m[at] = left;
        m[at + step] = left + right;
        m[at + 2 * step] = left - right;
        m[at + 3 * step] = 0 - right;
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
                for (int o = 0; o < CHANNELS; o++) {
                    int to = at + ((rows * g + h) * CHANNELS + o) * CHANNELS * LANES;
                    for (int l = 0; l < LANES; l++) {
                        int with = mAt + g * four + o * PATCHES * LANES + l;
                        gradient(v, vAt + h * four + l, vBlock, m, with, mBlock, blocks, lanes, to + l);
                    }
                }
            }
        }
    }

    /** A lane of one channel with four. */
    private static void gradient(
            float[] v, int vAt, int vBlock, float[] m, int mAt, int mBlock, int blocks, float[] lanes, int at) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        for (int i = 0; i < blocks * PATCHES; i++) {
            int t = i % PATCHES * LANES;
            int from = vAt + i / PATCHES * vBlock + t;
            float factor = m[mAt + i / PATCHES * mBlock + t];
            a = Math.fma(v[from], factor, a);
            b = Math.fma(v[from + PATCHES * LANES], factor, b);
            c = Math.fma(v[from + 2 * PATCHES * LANES], factor, c);
            d = Math.fma(v[from + 3 * PATCHES * LANES], factor, d);
        }
        lanes[at] = a;
        lanes[at + LANES] = b;
        lanes[at + 2 * LANES] = c;
        lanes[at + 3 * LANES] = d;
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
        for (int c = 0; c < CHANNELS; c += 2) {
            for (int l = 0; l < LANES; l++) {
                int x0 = xAt + taps[tap] + l;
                int x1 = xAt + taps[tap + 1] + l;
                int x2 = xAt + taps[tap + 2] + l;
                gradient(
                        x,
                        x0,
                        x1,
                        x2,
                        d,
                        dAt + c * step + l,
                        step,
                        pairs,
                        begin,
                        end,
                        lanes,
                        at + c * LANES + l,
                        fresh);
            }
        }
    }

    /** A lane of three taps and two channels. */
    private static void gradient(
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
        float a0 = 0;
        float a1 = 0;
        float a2 = 0;
        float b0 = 0;
        float b1 = 0;
        float b2 = 0;
        for (int p = begin; p < end; p += 2) {
            int from = pairs[p];
            float u = d[dAt + pairs[p + 1]];
            float v = d[dAt + pairs[p + 1] + step];
            a0 = Math.fma(x[x0 + from], u, a0);
            b0 = Math.fma(x[x0 + from], v, b0);
            a1 = Math.fma(x[x1 + from], u, a1);
            b1 = Math.fma(x[x1 + from], v, b1);
            a2 = Math.fma(x[x2 + from], u, a2);
            b2 = Math.fma(x[x2 + from], v, b2);
        }
        int row = CHANNELS * LANES;
        lanes[at] = fresh ? a0 : lanes[at] + a0;
        lanes[at + row] = fresh ? a1 : lanes[at + row] + a1;
        lanes[at + 2 * row] = fresh ? a2 : lanes[at + 2 * row] + a2;
        lanes[at + LANES] = fresh ? b0 : lanes[at + LANES] + b0;
        lanes[at + row + LANES] = fresh ? b1 : lanes[at + row + LANES] + b1;
        lanes[at + 2 * row + LANES] = fresh ? b2 : lanes[at + 2 * row + LANES] + b2;
    }

    private void put(float[] lanes, int at, boolean fresh) {
        for (int l = 0; l < LANES; l++) {
            lanes[at + l] = fresh ? sum[l] : lanes[at + l] + sum[l];
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
            int from = xAt + c * xStep;
            for (int row = 0; row < windows.length; row += size + 1) {
                int to = yAt + c * yStep + windows[row];
                int winners = codeAt + c * yStep + windows[row];
                System.arraycopy(x, from + windows[row + 1], y, to, LANES);
                Arrays.fill(code, winners, winners + LANES, 0);
                for (int i = 1; i < size; i++) {
                    int with = from + windows[row + 1 + i];
                    for (int l = 0; l < LANES; l++) {
                        if (x[with + l] > y[to + l]) {
                            y[to + l] = x[with + l];
                            code[winners + l] = i;
                        }
                    }
                }
            }
        }
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
        for (int row = 0; row < windows.length; row += size + 1) {
            for (int c = 0; c < channels; c++) {
                int from = yAt + c * yStep + windows[row];
                int codes = codeAt + c * yStep + windows[row];
                for (int i = 0; i < size; i++) {
                    int to = dAt + c * dStep + windows[row + 1 + i];
                    for (int l = 0; l < LANES; l++) {
                        d[to + l] = code[codes + l] == i ? dy[from + l] : 0;
                    }
                }
            }
        }
    }

    @Override
    public void sumPlaces(
            float[] d, int dAt, int step, int[] windows, int size, float[] lanes, int at, int channels, boolean fresh) {
        for (int c = 0; c < channels; c++) {
            Arrays.fill(sum, 0);
            for (int row = 0; row < windows.length; row += size + 1) {
                int from = dAt + c * step + windows[row];
                for (int l = 0; l < LANES; l++) {
                    sum[l] += d[from + l];
                }
            }
            put(lanes, at + c * LANES, fresh);
        }
    }

    @Override
    public void dense(float[] x, int xAt, int[] taps, float[] w, int wAt, float[] y, int yAt) {
        for (int l = 0; l < LANES; l++) {
            dense(x, xAt + l, taps, w, wAt, y, yAt + l, LANES);
        }
    }

    private static void dense(float[] x, int xAt, int[] taps, float[] w, int wAt, float[] y, int yAt, int step) {
        float a = y[yAt];
        float b = y[yAt + step];
        float c = y[yAt + 2 * step];
        float d = y[yAt + 3 * step];
        for (int i = 0; i < taps.length; i++) {
            float v = x[xAt + taps[i]];
            int k = wAt + CHANNELS * i;
            a = Math.fma(v, w[k], a);
            b = Math.fma(v, w[k + 1], b);
            c = Math.fma(v, w[k + 2], c);
            d = Math.fma(v, w[k + 3], d);
        }
        y[yAt] = a;
        y[yAt + step] = b;
        y[yAt + 2 * step] = c;
        y[yAt + 3 * step] = d;
    }

    @Override
    public void denseBack(float[] dy, int dyAt, int outputs, float[] w, int wAt, int[] taps, float[] dx, int dxAt) {
        for (int i = 0; i < taps.length; i++) {
            int to = dxAt + taps[i];
            for (int j = 0; j < outputs; j++) {
                float factor = w[wAt + outputs * i + j];
                int from = dyAt + j * LANES;
                for (int l = 0; l < LANES; l++) {
                    dx[to + l] = Math.fma(dy[from + l], factor, dx[to + l]);
                }
            }
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
        for (int i = 0; i < taps.length; i++) {
            for (int j = 0; j < outputs; j++) {
                Arrays.fill(sum, 0);
                for (int t = 0; t < tiles; t++) {
                    int from = xAt + t * xTile + taps[i];
                    int with = t * dyTile + j * LANES;
                    for (int l = 0; l < LANES; l++) {
                        sum[l] = Math.fma(x[from + l], dy[with + l], sum[l]);
                    }
                }
                gradient[at + outputs * i + j] = tree(sum, 0);
            }
        }
    }

    @Override
    public void rectifyBack(float[] y, int yAt, float[] d, int dAt, int count) {
        for (int i = 0; i < count; i++) {
            d[dAt + i] = y[yAt + i] > 0 ? d[dAt + i] : 0;
        }
    }

    @Override
    public void tanhBack(float[] y, int yAt, float[] d, int dAt, int count) {
        for (int i = 0; i < count; i++) {
            d[dAt + i] *= Math.fma(-y[yAt + i], y[yAt + i], 1);
        }
    }

    @Override
    public void rectify(float[] a, int at, int count) {
        for (int i = at; i < at + count; i++) {
            a[i] = a[i] < 0 ? 0 : a[i];
        }
    }

    @Override
    public void tanh(float[] a, int at, int count) {
        for (int i = at; i < at + count; i++) {
            a[i] = Tanh.of(a[i]);
        }
    }

    @Override
    public void sumLanes(float[] lanes, int lanesAt, int count, float[] sums, int at) {
        for (int i = 0; i < count; i++) {
            sums[at + i] = tree(lanes, lanesAt + i * LANES);
        }
    }

    private static float tree(float[] a, int at) {
        float s0 = a[at] + a[at + 8] + (a[at + 4] + a[at + 12]);
        float s1 = a[at + 1] + a[at + 9] + (a[at + 5] + a[at + 13]);
        float s2 = a[at + 2] + a[at + 10] + (a[at + 6] + a[at + 14]);
        float s3 = a[at + 3] + a[at + 11] + (a[at + 7] + a[at + 15]);
        return s0 + s2 + (s1 + s3);
    }
}
