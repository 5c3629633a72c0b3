package org.qexit.quantum.statevector;

import java.util.Arrays;

/**
 * The memory of a set of kernels, and those for diagonal gates and diagonal observables, in plain Java. Written once, for amplitudes in single
 * precision; the class for double precision is this text with the other type of amplitude, made at build (pom.xml).
 *
 * <p>Kernels on the Vector API give the same bits: here as there a product is added by one fused multiply-add where that is what stands, and
 * sums over amplitudes go in the same order, in the precision of the amplitudes.
 */
public abstract class FloatDiagonalKernels implements TileKernels {
    /** Circuits of more layers run gate by gate. */
    private static final int STATES = MOST_STATES;

    protected final int width;
    protected final float[][] states = new float[STATES][];
    /** Real rows for sums on the way. */
    protected float[] scratch = new float[0];

    FloatDiagonalKernels(int width) {
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
        reserve(Math.max(4, 1 << qubits >> 1));
    }

    /** At least so many real rows of scratch. */
    protected final void reserve(int rows) {
        if (scratch.length < rows * width) {
            scratch = new float[rows * width];
        }
    }

    @Override
    public void applySingle(double[] v, int at, double ar, double ai, double br, double bi) {
        SingleQubits.apply(v, at, width, ar, ai, br, bi);
    }

    @Override
    public void turnSingle(double[] v, int at, double[] cos, double[] sin, int row) {
        SingleQubits.turn(v, at, width, cos, sin, row);
    }

    @Override
    public void turnBloch(double[] tx, double[] ty, double[] tz, int row, double[] r) {
        SingleQubits.unapply(tx, ty, tz, row, width, r);
    }

    @Override
    public void phases(int to, int spare, int qubits, int[] slots, double[] sin, double[] cos) {
        float[] d = states[to];
        float[] b = states[spare];
        Arrays.fill(d, 0, width, 1);
        Arrays.fill(d, width, 2 * width, 0);
        for (int q = 0; q < qubits; q++) {
            boolean any = begin(b, slots[q], sin, cos);
            int grown = 0;
            for (int a = 0; a < q; a++) {
                int row = slots[TileKernels.slot(a, q, qubits)];
                if (row >= 0) {
                    // All bits below a that were passed over have changed nothing.
                    copyUp(b, grown, a);
                    grow(b, a, row * width, sin, cos);
                    grown = a + 1;
                    any = true;
                }
            }
            if (any) {
                spreadPhase(d, b, q, grown);
            } else {
                copyUp(d, q, q + 1);
            }
        }
    }

    /** Row 0 of the table: e^{-iφ/2}, or 1 without an angle. */
    protected final boolean begin(float[] b, int row, double[] sin, double[] cos) {
        for (int s = 0; s < width; s++) {
            b[s] = row < 0 ? 1 : narrow(cos[row * width + s]);
            b[width + s] = row < 0 ? 0 : narrow(-sin[row * width + s]);
        }
        return row >= 0;
    }

    /** From a table over bits below {@code have} to one over bits below {@code want}, the same for both values of those between. */
    protected final void copyUp(float[] b, int have, int want) {
        for (int bit = have; bit < want; bit++) {
            for (int k = 0; k < 1 << bit; k++) {
                System.arraycopy(b, TileKernels.rowOf(k, width), b, TileKernels.rowOf(k | 1 << bit, width), 2 * width);
            }
        }
    }

    /** b[k + 2^bit] = b[k] conj(e), b[k] ← b[k] e with e = e^{-iφ/2} for k below 2^bit. */
    protected void grow(float[] b, int bit, int at, double[] sin, double[] cos) {
        for (int k = 0; k < 1 << bit; k++) {
            int p = TileKernels.rowOf(k, width);
            int r = TileKernels.rowOf(k | 1 << bit, width);
            for (int s = 0; s < width; s++) {
                float c = narrow(cos[at + s]);
                float t = narrow(sin[at + s]);
                float re = b[p + s];
                float im = b[p + width + s];
                float tr = t * re;
                float ti = t * im;
                b[p + s] = Math.fma(c, re, ti);
                b[p + width + s] = c * im - tr;
                b[r + s] = c * re - ti;
                b[r + width + s] = Math.fma(c, im, tr);
            }
        }
    }

    /** d[k + 2^q] = d[k] conj(b[k]), d[k] ← d[k] b[k] for k below 2^q; b is over bits below {@code grown}. */
    protected void spreadPhase(float[] d, float[] b, int q, int grown) {
        for (int k = 0; k < 1 << q; k++) {
            int p = TileKernels.rowOf(k, width);
            int r = TileKernels.rowOf(k | 1 << q, width);
            int v = TileKernels.rowOf(k & (1 << grown) - 1, width);
            for (int s = 0; s < width; s++) {
                float re = d[p + s];
                float im = d[p + width + s];
                float br = b[v + s];
                float bi = b[v + width + s];
                float x = bi * im;
                float y = bi * re;
                d[p + s] = br * re - x;
                d[p + width + s] = Math.fma(br, im, y);
                d[r + s] = Math.fma(br, re, x);
                d[r + width + s] = br * im - y;
            }
        }
    }

    @Override
    public final void ones(int state, int qubits) {
        for (int k = 0; k < 1 << qubits; k++) {
            int p = TileKernels.rowOf(k, width);
            Arrays.fill(states[state], p, p + width, 1);
            Arrays.fill(states[state], p + width, p + 2 * width, 0);
        }
    }

    @Override
    public void multiply(int to, int by, int qubits, int[] rows) {
        float[] t = states[to];
        float[] f = states[by];
        for (int k = 0; k < 1 << qubits; k++) {
            int p = TileKernels.rowOf(k, width);
            int r = rows[k];
            for (int s = 0; s < width; s++) {
                float re = t[p + s];
                float im = t[p + width + s];
                float fr = f[r + s];
                float fi = f[r + width + s];
                t[p + s] = fr * re - fi * im;
                t[p + width + s] = Math.fma(fr, im, fi * re);
            }
        }
    }

    @Override
    public void permutePhased(int from, int to, int qubits, int[] rows, double[] diag, int phases) {
        float[] a = states[from];
        float[] b = states[to];
        float[] f = states[phases];
        for (int k = 0; k < 1 << qubits; k++) {
            int p = TileKernels.rowOf(k, width);
            int r = rows[k];
            float dr = narrow(diag[2 * k]);
            float di = narrow(diag[2 * k + 1]);
            for (int s = 0; s < width; s++) {
                float re = a[p + s];
                float im = a[p + width + s];
                float fr = f[p + s];
                float fi = f[p + width + s];
                float x = fr * re - fi * im;
                float y = Math.fma(fr, im, fi * re);
                b[r + s] = dr * x - di * y;
                b[r + width + s] = Math.fma(dr, y, di * x);
            }
        }
    }

    @Override
    public void permutePhasedBack(int from, int to, int qubits, int[] rows, double[] diag, int phases) {
        float[] a = states[from];
        float[] b = states[to];
        float[] f = states[phases];
        for (int k = 0; k < 1 << qubits; k++) {
            int p = TileKernels.rowOf(k, width);
            int r = rows[k];
            float dr = narrow(diag[2 * k]);
            float di = narrow(diag[2 * k + 1]);
            for (int s = 0; s < width; s++) {
                float re = a[r + s];
                float im = a[r + width + s];
                float x = Math.fma(dr, re, di * im);
                float y = dr * im - di * re;
                float fr = f[p + s];
                float fi = f[p + width + s];
                b[p + s] = Math.fma(fr, x, fi * y);
                b[p + width + s] = fr * y - fi * x;
            }
        }
    }

    @Override
    public void pairSums(int psi, int lambda, int qubits, int[] rows, double[] z) {
        reserve((1 << qubits) + (1 << qubits >> 1));
        imaginaryRows(states[psi], states[lambda], qubits, rows);
        int differences = (1 << qubits) * width;
        for (int q = 0; q < qubits; q++) {
            int left = qubits - 1 - q;
            fold(0, 0, differences, 1 << left, z, q * width);
            for (int r = 0; r < left; r++) {
                int slot = TileKernels.slot(q, q + 1 + r, qubits);
                fold(differences, differences, -1, 1 << left - 1 - r, z, slot * width);
            }
        }
    }

    /** scratch[k] = Im(conj(λ[rows[k]]) ψ[rows[k]]). */
    protected void imaginaryRows(float[] a, float[] l, int qubits, int[] rows) {
        for (int k = 0; k < 1 << qubits; k++) {
            int p = rows[k];
            for (int s = 0; s < width; s++) {
                scratch[k * width + s] = l[p + s] * a[p + width + s] - l[p + width + s] * a[p + s];
            }
        }
    }

    /**
     * Of the real rows x_{2k}, x_{2k+1} from {@code from} on, k below {@code half}: their sums to {@code sums}, their differences to
     * {@code differences} unless that is negative, and the sum of all differences to z.
     */
    protected void fold(int from, int sums, int differences, int half, double[] z, int out) {
        Arrays.fill(z, out, out + width, 0);
        for (int k = 0; k < half; k++) {
            int p = from + 2 * k * width;
            int r = k * width;
            for (int s = 0; s < width; s++) {
                float x = scratch[p + s];
                float y = scratch[p + width + s];
                float d = x - y;
                scratch[sums + r + s] = x + y;
                if (differences >= 0) {
                    scratch[differences + r + s] = d;
                }
                z[out + s] = (float) (z[out + s] + d);
            }
        }
    }

    @Override
    public void signedNorms(int psi, int qubits, int[] rows, int mask, double[] sum) {
        float[] a = states[psi];
        Arrays.fill(sum, 0, width, 0);
        for (int k = 0; k < 1 << qubits; k++) {
            int p = rows[k];
            int sign = TileKernels.sign(k & mask);
            for (int s = 0; s < width; s++) {
                float re = a[p + s];
                float im = a[p + width + s];
                sum[s] = (float) (sum[s] + sign * Math.fma(re, re, im * im));
            }
        }
    }

    @Override
    public void addSigned(int psi, int lambda, int qubits, int[] rows, int mask, double[] weight) {
        float[] a = states[psi];
        float[] l = states[lambda];
        for (int k = 0; k < 1 << qubits; k++) {
            int p = rows[k];
            int sign = TileKernels.sign(k & mask);
            for (int s = 0; s < width; s++) {
                float w = narrow(sign * weight[s]);
                l[p + s] = Math.fma(w, a[p + s], l[p + s]);
                l[p + width + s] = Math.fma(w, a[p + width + s], l[p + width + s]);
            }
        }
    }

    /** A coefficient in the precision of the amplitudes. */
    protected static float narrow(double value) {
        return (float) value;
    }
}
