package org.qexit.engine;

import java.util.Arrays;

/** The kernels in plain Java: what runs where there is no Vector API, and what the others are held to. */
public class PlainKernels implements Kernels {
    private final float[] sum = new float[LANES];
    private final float[] best = new float[LANES];
    private final float[] which = new float[LANES];

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public void convolve(
            float[] x, int xAt, int[] taps, float[] w, int wAt, int[] fours, float[] y, int yAt, int step) {
        for (int row = 0; row < fours.length; row += 8) {
            // All of a row is read before any of it is written, for it may name a place twice.
            for (int i = 3; i >= 0; i--) {
                if (i < 3 && fours[row + i] == fours[row + i + 1]) {
                    continue;
                }
                for (int c = 0; c < CHANNELS; c++) {
                    int to = yAt + c * step + fours[row + 4 + i];
                    System.arraycopy(y, to, sum, 0, LANES);
                    products(x, xAt + fours[row + i], taps, w, wAt + c);
                    System.arraycopy(sum, 0, y, to, LANES);
                }
            }
        }
    }

    /** sum += Σ_k x[taps[k]] · w[4 k]. */
    private void products(float[] x, int at, int[] taps, float[] w, int wAt) {
        for (int k = 0; k < taps.length; k++) {
            int from = at + taps[k];
            float factor = w[wAt + CHANNELS * k];
            for (int l = 0; l < LANES; l++) {
                sum[l] = Math.fma(x[from + l], factor, sum[l]);
            }
        }
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
        for (int row = 0; row < windows.length; row += 5) {
            for (int c = 0; c < CHANNELS; c++) {
                for (int i = 0; i < 4; i++) {
                    Arrays.fill(sum, 0);
                    products(x, xAt + windows[row + i], taps, w, wAt + c);
                    for (int l = 0; l < LANES; l++) {
                        if (i == 0) {
                            best[l] = sum[l];
                            which[l] = 0;
                        } else if (sum[l] > best[l]) {
                            best[l] = sum[l];
                            which[l] = i;
                        }
                    }
                }
                int to = yAt + c * step + windows[row + 4];
                for (int l = 0; l < LANES; l++) {
                    float value = best[l] + bias[biasAt + c];
                    y[to + l] = rectify && value < 0 ? 0 : value;
                    code[to + l] = which[l];
                }
            }
        }
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
        for (int j = 0; j < TAPS; j++) {
            for (int c = 0; c < CHANNELS; c++) {
                Arrays.fill(sum, 0);
                for (int p = begin; p < end; p += 2) {
                    int from = xAt + taps[tap + j] + pairs[p];
                    int with = dAt + c * step + pairs[p + 1];
                    for (int l = 0; l < LANES; l++) {
                        sum[l] = Math.fma(x[from + l], d[with + l], sum[l]);
                    }
                }
                put(lanes, at + (CHANNELS * j + c) * LANES, fresh);
            }
        }
    }

    private void put(float[] lanes, int at, boolean fresh) {
        for (int l = 0; l < LANES; l++) {
            lanes[at + l] = fresh ? sum[l] : lanes[at + l] + sum[l];
        }
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
        for (int row = 0; row < windows.length; row += size + 1) {
            for (int c = 0; c < channels; c++) {
                int from = yAt + c * yStep + windows[row];
                int codes = codeAt + c * yStep + windows[row];
                for (int i = 0; i < size; i++) {
                    int to = c * dStep + windows[row + 1 + i];
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
        for (int c = 0; c < CHANNELS; c++) {
            System.arraycopy(y, yAt + c * LANES, sum, 0, LANES);
            products(x, xAt, taps, w, wAt + c);
            System.arraycopy(sum, 0, y, yAt + c * LANES, LANES);
        }
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
                    int from = t * xTile + taps[i];
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
    public void sumLanes(float[] lanes, int count, float[] sums, int at) {
        for (int i = 0; i < count; i++) {
            sums[at + i] = tree(lanes, i * LANES);
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
