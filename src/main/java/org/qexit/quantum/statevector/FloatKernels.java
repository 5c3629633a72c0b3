package org.qexit.quantum.statevector;

import java.util.Arrays;
import org.qexit.quantum.Block.Axis;
import org.qexit.quantum.PauliString;

/**
 * Plain Java. Written once, for amplitudes in single precision; the class for double precision is this text with the other type of
 * amplitude, made at build (pom.xml). Coefficients and results are double in both.
 */
public class FloatKernels implements TileKernels {
    /** More than any circuit has layers. */
    private static final int STATES = 4096;

    protected final int width;
    protected final float[][] states = new float[STATES][];
    /** Real rows for sums on the way. */
    protected float[] scratch = new float[0];

    public FloatKernels(int width) {
        this.width = width;
    }

    @Override
    public final int width() {
        return width;
    }

    @Override
    public final void allocate(int state, int qubits) {
        int size = TileKernels.size(qubits, width);
        if (states[state] == null || states[state].length < size) {
            states[state] = new float[size];
        }
        int sums = Math.max(1, 1 << qubits >> 1) * width;
        if (scratch.length < sums) {
            scratch = new float[sums];
        }
    }

    @Override
    public void sinCos(double[] angles, int count, double[] sin, double[] cos) {
        SinCos.of(angles, 0, count, sin, cos);
    }

    @Override
    public final void reset(int state, int qubits) {
        zero(state, qubits);
        Arrays.fill(states[state], 0, width, 1);
    }

    @Override
    public final void zero(int lambda, int qubits) {
        Arrays.fill(states[lambda], 0, TileKernels.size(qubits, width), 0);
    }

    @Override
    public final void outer(int state, double[] v, int first, int qubits) {
        float[] a = states[state];
        Arrays.fill(a, 0, width, 1);
        Arrays.fill(a, width, 2 * width, 0);
        for (int q = 0; q < qubits; q++) {
            int at = 4 * (first + q) * width;
            for (int k = 0; k < 1 << q; k++) {
                int p = TileKernels.rowOf(k, width);
                int r = TileKernels.rowOf(k | 1 << q, width);
                for (int s = 0; s < width; s++) {
                    float re = a[p + s];
                    float im = a[p + width + s];
                    float v0r = narrow(v[at + s]);
                    float v0i = narrow(v[at + width + s]);
                    float v1r = narrow(v[at + 2 * width + s]);
                    float v1i = narrow(v[at + 3 * width + s]);
                    a[p + s] = re * v0r - im * v0i;
                    a[p + width + s] = re * v0i + im * v0r;
                    a[r + s] = re * v1r - im * v1i;
                    a[r + width + s] = re * v1i + im * v1r;
                }
            }
        }
    }

    @Override
    public void spread(int low, int lowQubits, int high, int highQubits, int to, int[] rows, double[] diag) {
        float[] a = states[low];
        float[] b = states[high];
        float[] t = states[to];
        for (int h = 0; h < 1 << highQubits; h++) {
            int hr = TileKernels.rowOf(h, width);
            for (int i = 0; i < 1 << lowQubits; i++) {
                int k = h << lowQubits | i;
                int p = TileKernels.rowOf(i, width);
                int r = rows[k];
                float dr = narrow(diag[2 * k]);
                float di = narrow(diag[2 * k + 1]);
                for (int s = 0; s < width; s++) {
                    float br = b[hr + s];
                    float bi = b[hr + width + s];
                    float ar = a[p + s];
                    float ai = a[p + width + s];
                    float cr = br * ar - bi * ai;
                    float ci = br * ai + bi * ar;
                    t[r + s] = dr * cr - di * ci;
                    t[r + width + s] = dr * ci + di * cr;
                }
            }
        }
    }

    @Override
    public void permute(int from, int to, int qubits, int[] rows, double[] diag) {
        float[] a = states[from];
        float[] b = states[to];
        for (int k = 0; k < 1 << qubits; k++) {
            turnRow(a, TileKernels.rowOf(k, width), b, rows[k], narrow(diag[2 * k]), narrow(diag[2 * k + 1]));
        }
    }

    @Override
    public void permuteBack(int from, int to, int qubits, int[] rows, double[] diag) {
        float[] a = states[from];
        float[] b = states[to];
        for (int k = 0; k < 1 << qubits; k++) {
            turnRow(a, rows[k], b, TileKernels.rowOf(k, width), narrow(diag[2 * k]), narrow(-diag[2 * k + 1]));
        }
    }

    private void turnRow(float[] a, int p, float[] b, int r, float dr, float di) {
        for (int s = 0; s < width; s++) {
            float re = a[p + s];
            float im = a[p + width + s];
            b[r + s] = dr * re - di * im;
            b[r + width + s] = dr * im + di * re;
        }
    }

    @Override
    public void rotate(int state, int qubits, int[] which, int count, double[] cs, boolean back) {
        int done = 0;
        for (; done + 2 <= count; done += 2) {
            rotateTwo(states[state], qubits, which[done], which[done + 1], cs, back ? -1 : 1);
        }
        if (done < count) {
            rotateOne(states[state], qubits, which[done], cs, back ? -1 : 1);
        }
    }

    protected final void rotateOne(float[] a, int qubits, int which, double[] cs, int sign) {
        float c = narrow(cs[2 * which]);
        float s = narrow(sign * cs[2 * which + 1]);
        int bit = 1 << which;
        int step = TileKernels.rowOf(bit, width);
        for (int k = 0; k < 1 << qubits; k = (k | bit) + 1 & ~bit) {
            int p = TileKernels.rowOf(k, width);
            int q = p + step;
            // Real and imaginary rows lie side by side and turn alike.
            for (int j = 0; j < 2 * width; j++) {
                float x = a[p + j];
                float y = a[q + j];
                a[p + j] = c * x - s * y;
                a[q + j] = s * x + c * y;
            }
        }
    }

    private void rotateTwo(float[] a, int qubits, int first, int second, double[] cs, int sign) {
        float c = narrow(cs[2 * first]);
        float s = narrow(sign * cs[2 * first + 1]);
        float d = narrow(cs[2 * second]);
        float t = narrow(sign * cs[2 * second + 1]);
        int bits = 1 << first | 1 << second;
        int one = TileKernels.rowOf(1 << first, width);
        int two = TileKernels.rowOf(1 << second, width);
        for (int k = 0; k < 1 << qubits; k = (k | bits) + 1 & ~bits) {
            int p00 = TileKernels.rowOf(k, width);
            int p01 = p00 + one;
            int p10 = p00 + two;
            int p11 = p10 + one;
            for (int j = 0; j < 2 * width; j++) {
                float x00 = a[p00 + j];
                float x01 = a[p01 + j];
                float x10 = a[p10 + j];
                float x11 = a[p11 + j];
                float y00 = c * x00 - s * x01;
                float y01 = s * x00 + c * x01;
                float y10 = c * x10 - s * x11;
                float y11 = s * x10 + c * x11;
                a[p00 + j] = d * y00 - t * y10;
                a[p01 + j] = d * y01 - t * y11;
                a[p10 + j] = t * y00 + d * y10;
                a[p11 + j] = t * y01 + d * y11;
            }
        }
    }

    @Override
    public final void rotateRows(int state, int qubits, int which, double[] c, double[] s, int at, boolean back) {
        float[] a = states[state];
        int sign = back ? -1 : 1;
        int bit = 1 << which;
        int step = TileKernels.rowOf(bit, width);
        for (int k = 0; k < 1 << qubits; k = (k | bit) + 1 & ~bit) {
            for (int p = TileKernels.rowOf(k, width), part = 0; part < 2; part++, p += width) {
                int q = p + step;
                for (int j = 0; j < width; j++) {
                    float cj = narrow(c[at + j]);
                    float sj = narrow(sign * s[at + j]);
                    float x = a[p + j];
                    float y = a[q + j];
                    a[p + j] = cj * x - sj * y;
                    a[q + j] = sj * x + cj * y;
                }
            }
        }
    }

    @Override
    public void overlaps(int psi, int lambda, int qubits, int[] which, int count, double[] tx, double[] ty, int first) {
        float[] a = states[psi];
        float[] l = states[lambda];
        for (int i = 0; i < count; i++) {
            int bit = 1 << which[i];
            int step = TileKernels.rowOf(bit, width);
            int out = (first + which[i]) * width;
            Arrays.fill(scratch, 0, width, 0);
            Arrays.fill(tx, out, out + width, 0);
            Arrays.fill(ty, out, out + width, 0);
            for (int k = 0; k < 1 << qubits; k = (k | bit) + 1 & ~bit) {
                int p = TileKernels.rowOf(k, width);
                int q = p + step;
                for (int s = 0; s < width; s++) {
                    float l0r = l[p + s];
                    float l0i = l[p + width + s];
                    float l1r = l[q + s];
                    float l1i = l[q + width + s];
                    float a0r = a[p + s];
                    float a0i = a[p + width + s];
                    float a1r = a[q + s];
                    float a1i = a[q + width + s];
                    tx[out + s] += l0r * a1i - l0i * a1r + l1r * a0i - l1i * a0r;
                    ty[out + s] += l1r * a0r + l1i * a0i - l0r * a1r - l0i * a1i;
                }
            }
        }
    }

    @Override
    public void zSums(int psi, int lambda, int qubits, int[] rows, double[] z, int first) {
        float[] a = states[psi];
        float[] l = states[lambda];
        Arrays.fill(z, first * width, (first + qubits) * width, 0);
        for (int k = 0; k < 1 << qubits >> 1; k++) {
            int p = rows[2 * k];
            int q = rows[2 * k + 1];
            for (int s = 0; s < width; s++) {
                float x;
                float y;
                if (psi == lambda) {
                    x = a[p + s] * a[p + s] + a[p + width + s] * a[p + width + s];
                    y = a[q + s] * a[q + s] + a[q + width + s] * a[q + width + s];
                } else {
                    x = l[p + s] * a[p + width + s] - l[p + width + s] * a[p + s];
                    y = l[q + s] * a[q + width + s] - l[q + width + s] * a[q + s];
                }
                scratch[k * width + s] = x + y;
                z[first * width + s] += x - y;
            }
        }
        foldScratch(qubits - 1, z, first + 1);
    }

    /** Sums of the 2^count real rows in the scratch with the signs of each bit, halving them bit by bit. */
    protected final void foldScratch(int count, double[] z, int first) {
        for (int q = 0; q < count; q++) {
            int out = (first + q) * width;
            for (int k = 0; k < 1 << count - 1 - q; k++) {
                int p = 2 * k * width;
                int r = k * width;
                for (int s = 0; s < width; s++) {
                    float x = scratch[p + s];
                    float y = scratch[p + width + s];
                    scratch[r + s] = x + y;
                    z[out + s] += x - y;
                }
            }
        }
    }

    @Override
    public void weigh(int psi, int lambda, int qubits, int[] rows, double[] g) {
        float[] a = states[psi];
        float[] l = states[lambda];
        signedSums(g, 1, qubits - 1);
        for (int k = 0; k < 1 << qubits >> 1; k++) {
            int p = rows[2 * k];
            int q = rows[2 * k + 1];
            for (int s = 0; s < width; s++) {
                float base = scratch[k * width + s];
                float x = base + narrow(g[s]);
                float y = base - narrow(g[s]);
                l[p + s] = x * a[p + s];
                l[p + width + s] = x * a[p + width + s];
                l[q + s] = y * a[q + s];
                l[q + width + s] = y * a[q + width + s];
            }
        }
    }

    /** scratch[k] = Σ_q (-1)^{k_q} g[first + q] for k below 2^count. */
    protected final void signedSums(double[] g, int first, int count) {
        Arrays.fill(scratch, 0, width, 0);
        for (int q = 0; q < count; q++) {
            int at = (first + q) * width;
            for (int k = 0; k < 1 << q; k++) {
                int p = k * width;
                int r = (k | 1 << q) * width;
                for (int s = 0; s < width; s++) {
                    float x = scratch[p + s];
                    scratch[p + s] = x + narrow(g[at + s]);
                    scratch[r + s] = x - narrow(g[at + s]);
                }
            }
        }
    }

    @Override
    public void contract(
            int lambda,
            int low,
            int lowQubits,
            int high,
            int highQubits,
            int outLow,
            int outHigh,
            int[] rows,
            double[] diag) {
        float[] l = states[lambda];
        float[] a = states[low];
        float[] b = states[high];
        float[] oa = states[outLow];
        float[] ob = states[outHigh];
        zero(outLow, lowQubits);
        zero(outHigh, highQubits);
        for (int h = 0; h < 1 << highQubits; h++) {
            int hr = TileKernels.rowOf(h, width);
            for (int i = 0; i < 1 << lowQubits; i++) {
                int k = h << lowQubits | i;
                int p = TileKernels.rowOf(i, width);
                int r = rows[k];
                float dr = narrow(diag[2 * k]);
                float di = narrow(diag[2 * k + 1]);
                for (int s = 0; s < width; s++) {
                    float lr = l[r + s];
                    float li = l[r + width + s];
                    float mr = dr * lr + di * li;
                    float mi = dr * li - di * lr;
                    float br = b[hr + s];
                    float bi = b[hr + width + s];
                    oa[p + s] += mr * br + mi * bi;
                    oa[p + width + s] += mi * br - mr * bi;
                    float ar = a[p + s];
                    float ai = a[p + width + s];
                    ob[hr + s] += mr * ar + mi * ai;
                    ob[hr + width + s] += mi * ar - mr * ai;
                }
            }
        }
    }

    @Override
    public void apply(int state, int qubits, int mask, int value, int flip, double[] m) {
        float[] a = states[state];
        int free = (1 << qubits) - 1 & ~mask;
        int rest = 0;
        do {
            int k = rest | value;
            int p = TileKernels.rowOf(k, width);
            int q = TileKernels.rowOf(k ^ flip, width);
            for (int s = 0; s < width; s++) {
                float pr = a[p + s];
                float pi = a[p + width + s];
                float qr = a[q + s];
                float qi = a[q + width + s];
                float ar = narrow(m[s]);
                float ai = narrow(m[width + s]);
                float br = narrow(m[2 * width + s]);
                float bi = narrow(m[3 * width + s]);
                a[p + s] = ar * pr - ai * pi + br * qr - bi * qi;
                a[p + width + s] = ar * pi + ai * pr + br * qi + bi * qr;
                float cr = narrow(m[4 * width + s]);
                float ci = narrow(m[5 * width + s]);
                float dr = narrow(m[6 * width + s]);
                float di = narrow(m[7 * width + s]);
                a[q + s] = cr * pr - ci * pi + dr * qr - di * qi;
                a[q + width + s] = cr * pi + ci * pr + dr * qi + di * qr;
            }
            rest = (rest | ~free) + 1 & free;
        } while (rest != 0);
    }

    @Override
    public void overlap(
            int psi, int lambda, int qubits, int mask, int value, int flip, Axis axis, int sign, double[] sum) {
        float[] a = states[psi];
        float[] l = states[lambda];
        int w = width;
        int free = (1 << qubits) - 1 & ~mask;
        int rest = 0;
        do {
            int k = rest | value;
            int p = TileKernels.rowOf(k, w);
            int q = TileKernels.rowOf(k ^ flip, w);
            for (int s = 0; s < w; s++) {
                float t;
                switch (axis) {
                    case X:
                        t = l[p + s] * a[q + w + s]
                                - l[p + w + s] * a[q + s]
                                + l[q + s] * a[p + w + s]
                                - l[q + w + s] * a[p + s];
                        break;
                    case Y:
                        t = l[q + s] * a[p + s]
                                + l[q + w + s] * a[p + w + s]
                                - l[p + s] * a[q + s]
                                - l[p + w + s] * a[q + w + s];
                        break;
                    case Z:
                        t = l[p + s] * a[p + w + s]
                                - l[p + w + s] * a[p + s]
                                - l[q + s] * a[q + w + s]
                                + l[q + w + s] * a[q + s];
                        break;
                    default:
                        t = -2 * (l[q + s] * a[q + w + s] - l[q + w + s] * a[q + s]);
                        break;
                }
                sum[s] += sign * t;
            }
            rest = (rest | ~free) + 1 & free;
        } while (rest != 0);
    }

    @Override
    public final void expectation(int psi, int qubits, PauliString string, double[] sum) {
        float[] a = states[psi];
        Arrays.fill(sum, 0, width, 0);
        int turns = string.yCount() & 3;
        for (int k = 0; k < 1 << qubits; k++) {
            int p = TileKernels.rowOf(k, width);
            int q = TileKernels.rowOf(k ^ string.xMask(), width);
            int sign = 1 - 2 * (Integer.bitCount(k & string.zMask()) & 1);
            // Real part of i^turns · conj(ψ[q]) ψ[p]; the imaginary parts cancel in the sum.
            int w = turns == 1 || turns == 2 ? -sign : sign;
            for (int s = 0; s < width; s++) {
                sum[s] += w
                        * ((turns & 1) == 0
                                ? a[q + s] * a[p + s] + a[q + width + s] * a[p + width + s]
                                : a[q + s] * a[p + width + s] - a[q + width + s] * a[p + s]);
            }
        }
    }

    @Override
    public final void addPauli(int psi, int lambda, int qubits, PauliString string, double[] weight) {
        float[] a = states[psi];
        float[] l = states[lambda];
        int turns = string.yCount() & 3;
        for (int k = 0; k < 1 << qubits; k++) {
            int p = TileKernels.rowOf(k, width);
            int q = TileKernels.rowOf(k ^ string.xMask(), width);
            int sign = 1 - 2 * (Integer.bitCount(k & string.zMask()) & 1);
            int w = turns < 2 ? sign : -sign;
            for (int s = 0; s < width; s++) {
                float g = narrow(w * weight[s]);
                if ((turns & 1) == 0) {
                    l[q + s] += g * a[p + s];
                    l[q + width + s] += g * a[p + width + s];
                } else {
                    l[q + s] -= g * a[p + width + s];
                    l[q + width + s] += g * a[p + s];
                }
            }
        }
    }

    @Override
    public final void read(int state, int qubits, int sample, double[] re, double[] im, int at) {
        for (int k = 0; k < 1 << qubits; k++) {
            int p = TileKernels.rowOf(k, width) + sample;
            re[at + k] = states[state][p];
            im[at + k] = states[state][p + width];
        }
    }

    /** A coefficient in the precision of the amplitudes. */
    protected static float narrow(double value) {
        return (float) value;
    }
}
