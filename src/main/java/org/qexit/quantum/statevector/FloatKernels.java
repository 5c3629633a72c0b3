package org.qexit.quantum.statevector;

import java.util.Arrays;
import org.qexit.quantum.Block.Axis;
import org.qexit.quantum.PauliString;

/**
 * Plain Java. Written once, for amplitudes in single precision; the class for double precision is this text with the other type of
 * amplitude, made at build (pom.xml). Coefficients and results are double in both. The same operations in the same order as the kernels on the
 * Vector API, so that both give the same bits.
 */
public class FloatKernels extends FloatDiagonalKernels {
    /** Sums of one pair of rows after another, in the precision of the amplitudes: four of them. */
    private final float[] sums;

    public FloatKernels(int width) {
        super(width);
        this.sums = new float[4 * width];
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
    public void outer(int state, double[] v, int first, int qubits) {
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
                    float ci = Math.fma(br, ai, bi * ar);
                    t[r + s] = dr * cr - di * ci;
                    t[r + width + s] = Math.fma(dr, ci, di * cr);
                }
            }
        }
    }

    @Override
    public void permute(int from, int to, int qubits, int[] rows, double[] diag) {
        float[] a = states[from];
        float[] b = states[to];
        for (int k = 0; k < 1 << qubits; k++) {
            int p = TileKernels.rowOf(k, width);
            int r = rows[k];
            float dr = narrow(diag[2 * k]);
            float di = narrow(diag[2 * k + 1]);
            for (int s = 0; s < width; s++) {
                float re = a[p + s];
                float im = a[p + width + s];
                b[r + s] = dr * re - di * im;
                b[r + width + s] = Math.fma(dr, im, di * re);
            }
        }
    }

    @Override
    public void permuteBack(int from, int to, int qubits, int[] rows, double[] diag) {
        float[] a = states[from];
        float[] b = states[to];
        for (int k = 0; k < 1 << qubits; k++) {
            int p = TileKernels.rowOf(k, width);
            int r = rows[k];
            float dr = narrow(diag[2 * k]);
            float di = narrow(diag[2 * k + 1]);
            for (int s = 0; s < width; s++) {
                float re = a[r + s];
                float im = a[r + width + s];
                b[p + s] = Math.fma(dr, re, di * im);
                b[p + width + s] = dr * im - di * re;
            }
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
                a[p + j] = Math.fma(-s, y, c * x);
                a[q + j] = Math.fma(s, x, c * y);
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
                float y00 = Math.fma(-s, x01, c * x00);
                float y01 = Math.fma(s, x00, c * x01);
                float y10 = Math.fma(-s, x11, c * x10);
                float y11 = Math.fma(s, x10, c * x11);
                a[p00 + j] = Math.fma(-t, y10, d * y00);
                a[p01 + j] = Math.fma(-t, y11, d * y01);
                a[p10 + j] = Math.fma(t, y00, d * y10);
                a[p11 + j] = Math.fma(t, y01, d * y11);
            }
        }
    }

    @Override
    public void rotateRows(int state, int qubits, int which, double[] c, double[] s, int at, boolean back) {
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
                    a[p + j] = Math.fma(-sj, y, cj * x);
                    a[q + j] = Math.fma(sj, x, cj * y);
                }
            }
        }
    }

    @Override
    public void overlaps(int psi, int lambda, int qubits, int[] which, int count, double[] tx, double[] ty, int first) {
        for (int i = 0; i < count; i++) {
            // Two at a time, as the registers of a processor allow it; that decides on the order of the sums.
            int partner = which[Math.min(i ^ 1, count - 1)];
            Arrays.fill(sums, 0);
            overlap(states[psi], states[lambda], qubits, which[i], partner);
            for (int s = 0; s < width; s++) {
                tx[(first + which[i]) * width + s] = sums[s] - sums[width + s];
                ty[(first + which[i]) * width + s] = sums[2 * width + s] - sums[3 * width + s];
            }
        }
    }

    private void overlap(float[] a, float[] l, int qubits, int which, int partner) {
        int bits = 1 << which | 1 << partner;
        int step = TileKernels.rowOf(1 << which, width);
        int other = TileKernels.rowOf(1 << partner, width);
        for (int k = 0; k < 1 << qubits; k = (k | bits) + 1 & ~bits) {
            int p = TileKernels.rowOf(k, width);
            addOverlap(a, l, p, p + step);
            if (partner != which) {
                addOverlap(a, l, p + other, p + other + step);
            }
        }
    }

    private void addOverlap(float[] a, float[] l, int p, int q) {
        for (int s = 0; s < width; s++) {
            float l0r = l[p + s];
            float l0i = l[p + width + s];
            float l1r = l[q + s];
            float l1i = l[q + width + s];
            float a0r = a[p + s];
            float a0i = a[p + width + s];
            float a1r = a[q + s];
            float a1i = a[q + width + s];
            sums[s] = Math.fma(l1r, a0i, Math.fma(l0r, a1i, sums[s]));
            sums[width + s] = Math.fma(l1i, a0r, Math.fma(l0i, a1r, sums[width + s]));
            sums[2 * width + s] = Math.fma(l1i, a0i, Math.fma(l1r, a0r, sums[2 * width + s]));
            sums[3 * width + s] = Math.fma(l0i, a1i, Math.fma(l0r, a1r, sums[3 * width + s]));
        }
    }

    @Override
    public void zSums(int psi, int lambda, int qubits, int[] rows, double[] z, int first) {
        reserve(1 << qubits);
        if (psi == lambda) {
            norms(states[psi], qubits, rows);
        } else {
            imaginaryRows(states[psi], states[lambda], qubits, rows);
        }
        foldAll(qubits, z, first);
    }

    private void norms(float[] a, int qubits, int[] rows) {
        for (int k = 0; k < 1 << qubits; k++) {
            int p = rows[k];
            for (int s = 0; s < width; s++) {
                float re = a[p + s];
                float im = a[p + width + s];
                scratch[k * width + s] = Math.fma(re, re, im * im);
            }
        }
    }

    /** Sums of the 2^count real rows in the scratch with the signs of each bit: three bits at once, in the order of a tree. */
    protected final void foldAll(int count, double[] z, int first) {
        int q = 0;
        for (; q + 3 <= count; q += 3) {
            foldThree(1 << count - 3 - q, z, (first + q) * width);
        }
        for (; q < count; q++) {
            fold(0, 0, -1, 1 << count - 1 - q, z, (first + q) * width);
        }
    }

    protected void foldThree(int eighth, double[] z, int out) {
        Arrays.fill(z, out, out + 3 * width, 0);
        for (int k = 0; k < eighth; k++) {
            int p = 8 * k * width;
            for (int s = 0; s < width; s++) {
                float f0 = scratch[p + s];
                float f1 = scratch[p + width + s];
                float f2 = scratch[p + 2 * width + s];
                float f3 = scratch[p + 3 * width + s];
                float f4 = scratch[p + 4 * width + s];
                float f5 = scratch[p + 5 * width + s];
                float f6 = scratch[p + 6 * width + s];
                float f7 = scratch[p + 7 * width + s];
                float s0 = f0 + f1;
                float s1 = f2 + f3;
                float s2 = f4 + f5;
                float s3 = f6 + f7;
                float u0 = s0 + s1;
                float u1 = s2 + s3;
                z[out + s] = (float) (z[out + s] + (f0 - f1 + (f2 - f3) + (f4 - f5 + (f6 - f7))));
                z[out + width + s] = (float) (z[out + width + s] + (s0 - s1 + (s2 - s3)));
                z[out + 2 * width + s] = (float) (z[out + 2 * width + s] + (u0 - u1));
                scratch[k * width + s] = u0 + u1;
            }
        }
    }

    @Override
    public void weigh(int psi, int lambda, int qubits, int[] rows, double[] g) {
        float[] a = states[psi];
        float[] l = states[lambda];
        reserve(1 << qubits);
        signedSums(g, 0, qubits);
        for (int k = 0; k < 1 << qubits; k++) {
            int p = rows[k];
            for (int s = 0; s < width; s++) {
                float w = scratch[k * width + s];
                l[p + s] = w * a[p + s];
                l[p + width + s] = w * a[p + width + s];
            }
        }
    }

    /** scratch[k] = Σ_q (-1)^{k_q} g[first + q] for k below 2^count, added from the highest bit down. */
    protected void signedSums(double[] g, int first, int count) {
        Arrays.fill(scratch, 0, width, 0);
        for (int q = count - 1; q >= 0; q--) {
            int at = (first + q) * width;
            // From the last row down, for row k becomes rows 2k and 2k + 1.
            for (int k = (1 << count - 1 - q) - 1; k >= 0; k--) {
                int p = k * width;
                for (int s = 0; s < width; s++) {
                    float x = scratch[p + s];
                    float w = narrow(g[at + s]);
                    scratch[2 * p + width + s] = x - w;
                    scratch[2 * p + s] = x + w;
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
        for (int h = 0; h < 1 << highQubits; h++) {
            int hr = TileKernels.rowOf(h, width);
            Arrays.fill(sums, 0);
            for (int i = 0; i < 1 << lowQubits; i++) {
                int k = h << lowQubits | i;
                int p = TileKernels.rowOf(i, width);
                int r = rows[k];
                float dr = narrow(diag[2 * k]);
                float di = narrow(diag[2 * k + 1]);
                for (int s = 0; s < width; s++) {
                    float lr = l[r + s];
                    float li = l[r + width + s];
                    float mr = Math.fma(dr, lr, di * li);
                    float mi = dr * li - di * lr;
                    float br = b[hr + s];
                    float bi = b[hr + width + s];
                    oa[p + s] = Math.fma(mi, bi, Math.fma(mr, br, oa[p + s]));
                    oa[p + width + s] = Math.fma(mi, br, oa[p + width + s]) - mr * bi;
                    float ar = a[p + s];
                    float ai = a[p + width + s];
                    sums[s] = Math.fma(mr, ar, sums[s]);
                    sums[width + s] = Math.fma(mi, ai, sums[width + s]);
                    sums[2 * width + s] = Math.fma(mi, ar, sums[2 * width + s]);
                    sums[3 * width + s] = Math.fma(mr, ai, sums[3 * width + s]);
                }
            }
            for (int s = 0; s < width; s++) {
                ob[hr + s] = sums[s] + sums[width + s];
                ob[hr + width + s] = sums[2 * width + s] - sums[3 * width + s];
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
                a[p + s] = Math.fma(ar, pr, br * qr) - Math.fma(ai, pi, bi * qi);
                a[p + width + s] = Math.fma(ar, pi, br * qi) + Math.fma(ai, pr, bi * qr);
                float cr = narrow(m[4 * width + s]);
                float ci = narrow(m[5 * width + s]);
                float dr = narrow(m[6 * width + s]);
                float di = narrow(m[7 * width + s]);
                a[q + s] = Math.fma(cr, pr, dr * qr) - Math.fma(ci, pi, di * qi);
                a[q + width + s] = Math.fma(cr, pi, dr * qi) + Math.fma(ci, pr, di * qr);
            }
            rest = (rest | ~free) + 1 & free;
        } while (rest != 0);
    }

    @Override
    public void overlap(
            int psi, int lambda, int qubits, int mask, int value, int flip, Axis axis, int sign, double[] sum) {
        float[] a = states[psi];
        float[] l = states[lambda];
        Arrays.fill(sums, 0, 2 * width, 0);
        int free = (1 << qubits) - 1 & ~mask;
        int rest = 0;
        do {
            int p = TileKernels.rowOf(rest | value, width);
            int q = TileKernels.rowOf((rest | value) ^ flip, width);
            switch (axis) {
                case X -> addX(a, l, p, q);
                case Y -> addY(a, l, p, q);
                default -> addZ(a, l, p, q);
            }
            rest = (rest | ~free) + 1 & free;
        } while (rest != 0);
        for (int s = 0; s < width; s++) {
            float t = axis == Axis.X || axis == Axis.Y
                    ? sums[s]
                    : axis == Axis.Z ? sums[s] - sums[width + s] : -(sums[width + s] + sums[width + s]);
            sum[s] += sign * t;
        }
    }

    private void addX(float[] a, float[] l, int p, int q) {
        for (int s = 0; s < width; s++) {
            float t = Math.fma(l[p + s], a[q + width + s], sums[s]);
            t = t - l[p + width + s] * a[q + s];
            t = Math.fma(l[q + s], a[p + width + s], t);
            sums[s] = t - l[q + width + s] * a[p + s];
        }
    }

    private void addY(float[] a, float[] l, int p, int q) {
        for (int s = 0; s < width; s++) {
            float t = Math.fma(l[q + s], a[p + s], sums[s]);
            t = Math.fma(l[q + width + s], a[p + width + s], t);
            t = t - l[p + s] * a[q + s];
            sums[s] = t - l[p + width + s] * a[q + width + s];
        }
    }

    private void addZ(float[] a, float[] l, int p, int q) {
        for (int s = 0; s < width; s++) {
            sums[s] = Math.fma(l[p + s], a[p + width + s], sums[s]) - l[p + width + s] * a[p + s];
            sums[width + s] = Math.fma(l[q + s], a[q + width + s], sums[width + s]) - l[q + width + s] * a[q + s];
        }
    }

    @Override
    public final void expectation(int psi, int qubits, PauliString string, double[] sum) {
        float[] a = states[psi];
        Arrays.fill(sum, 0, width, 0);
        int turns = string.yCount() & 3;
        for (int k = 0; k < 1 << qubits; k++) {
            int p = TileKernels.rowOf(k, width);
            int q = TileKernels.rowOf(k ^ string.xMask(), width);
            int sign = TileKernels.sign(k & string.zMask());
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
            int sign = TileKernels.sign(k & string.zMask());
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
}
