package org.qexit.engine.event;

/** The kernels in plain Java: what runs where there is no Vector API, and what the others are held to. */
public final class PlainEventKernels implements EventKernels {
    private final float[] sums = new float[PLACES];
    private final float[] lanes = new float[OUTPUTS * LANES];

    @Override
    public String name() {
        return "plain";
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
            for (int l = 0; l < LANES; l++) {
                four(x, taps, w, wAt + l, rows, row, 0);
                four(x, taps, w, wAt + l, rows, row, PLACES / 2);
                for (int i = 0; i < PLACES; i++) {
                    y[at + rows[row + PLACES + i] + l] = Math.max(least, sums[i] + b[from + l]);
                }
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
            for (int l = 0; l < LANES; l++) {
                four(x, taps, w, wAt + l, rows, row, 0);
                four(x, taps, w, wAt + l, rows, row, PLACES / 2);
                for (int i = 0; i < 2; i++) {
                    float first = Math.max(sums[4 * i], sums[4 * i + 1]);
                    float second = Math.max(sums[4 * i + 2], sums[4 * i + 3]);
                    y[at + rows[row + PLACES + i] + l] = Math.max(least, Math.max(first, second) + b[from + l]);
                }
            }
        }
    }

    /** One lane at four places, in four scalars. */
    private void four(float[] x, int[] taps, float[] w, int wAt, int[] rows, int row, int first) {
        int x0 = rows[row + first];
        int x1 = rows[row + first + 1];
        int x2 = rows[row + first + 2];
        int x3 = rows[row + first + 3];
        float a0 = 0;
        float a1 = 0;
        float a2 = 0;
        float a3 = 0;
        for (int k = 0; k < taps.length; k++) {
            float weight = w[wAt + LANES * k];
            int tap = taps[k];
            a0 = Math.fma(x[x0 + tap], weight, a0);
            a1 = Math.fma(x[x1 + tap], weight, a1);
            a2 = Math.fma(x[x2 + tap], weight, a2);
            a3 = Math.fma(x[x3 + tap], weight, a3);
        }
        sums[first] = a0;
        sums[first + 1] = a1;
        sums[first + 2] = a2;
        sums[first + 3] = a3;
    }

    @Override
    public void dense(float[] x, int[] chunks, float[] w, int wAt, float[] s, int at) {
        for (int l = 0; l < LANES; l++) {
            float a0 = 0;
            float a1 = 0;
            float a2 = 0;
            float a3 = 0;
            for (int k = 0; k < chunks.length; k++) {
                float v = x[chunks[k] + l];
                int from = wAt + OUTPUTS * LANES * k + l;
                a0 = Math.fma(v, w[from], a0);
                a1 = Math.fma(v, w[from + LANES], a1);
                a2 = Math.fma(v, w[from + 2 * LANES], a2);
                a3 = Math.fma(v, w[from + 3 * LANES], a3);
            }
            lanes[l] = a0;
            lanes[LANES + l] = a1;
            lanes[2 * LANES + l] = a2;
            lanes[3 * LANES + l] = a3;
        }
        addLanes(lanes, s, at);
    }

    /** The sums of sixteen lanes each, always by the same tree. */
    public static void addLanes(float[] lanes, float[] s, int at) {
        for (int o = 0; o < OUTPUTS; o++) {
            int from = o * LANES;
            for (int width = LANES / 2; width > 0; width /= 2) {
                for (int l = 0; l < width; l++) {
                    lanes[from + l] += lanes[from + l + width];
                }
            }
            s[at + o] = lanes[from];
        }
    }

    @Override
    public void product(float[] x, int xAt, int inputs, float[] w, int wAt, float[] b, int from, float[] y, int at) {
        for (int l = 0; l < LANES; l++) {
            float sum = b[from + l];
            for (int k = 0; k < inputs; k++) {
                sum = Math.fma(x[xAt + k], w[wAt + LANES * k + l], sum);
            }
            y[at + l] = sum;
        }
    }
}
