package org.qexit.quantum.statevector.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.qexit.quantum.statevector.FloatKernels;
import org.qexit.quantum.statevector.TileKernels;

/**
 * The loops over diagonal gates and observables on the Vector API, with the same bits as the plain ones. Written once, for amplitudes in single
 * precision; the class for double precision is this text with the other type of amplitude, made at build (pom.xml).
 */
abstract class FloatVectorDiagonalKernels extends FloatKernels {
    /** No tile is wider than the block of samples whose sum has a fixed order. */
    static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED.vectorBitSize() > 512
            ? FloatVector.SPECIES_512
            : FloatVector.SPECIES_PREFERRED;

    static final int W = S.length();

    /** One row. */
    private final float[] lanes = new float[W];

    FloatVectorDiagonalKernels() {
        super(W);
    }

    /** A row of results. */
    final void store(FloatVector row, double[] to, int at) {
        row.intoArray(lanes, 0);
        for (int s = 0; s < W; s++) {
            to[at + s] = lanes[s];
        }
    }

    /** Adds a row of results, or takes it away. */
    final void addTo(double[] sum, FloatVector row, int sign) {
        row.intoArray(lanes, 0);
        for (int s = 0; s < W; s++) {
            sum[s] += sign * lanes[s];
        }
    }

    /** A row of coefficients. */
    final FloatVector load(double[] from, int at) {
        for (int s = 0; s < W; s++) {
            lanes[s] = narrow(from[at + s]);
        }
        return FloatVector.fromArray(S, lanes, 0);
    }

    @Override
    protected void grow(float[] b, int bit, int at, double[] sin, double[] cos) {
        growRows(b, bit, load(sin, at), load(cos, at));
    }

    private static void growRows(float[] b, int bit, FloatVector t, FloatVector c) {
        int o = TileKernels.rowOf(1 << bit, W);
        for (int k = 0; k < 1 << bit; k++) {
            int p = TileKernels.rowOf(k, W);
            FloatVector re = FloatVector.fromArray(S, b, p);
            FloatVector im = FloatVector.fromArray(S, b, p + W);
            FloatVector tr = t.mul(re);
            FloatVector ti = t.mul(im);
            c.fma(re, ti).intoArray(b, p);
            c.mul(im).sub(tr).intoArray(b, p + W);
            c.mul(re).sub(ti).intoArray(b, p + o);
            c.fma(im, tr).intoArray(b, p + o + W);
        }
    }

    @Override
    protected void spreadPhase(float[] d, float[] b, int q, int grown) {
        int o = TileKernels.rowOf(1 << q, W);
        int mask = (1 << grown) - 1;
        for (int k = 0; k < 1 << q; k++) {
            int p = TileKernels.rowOf(k, W);
            int v = TileKernels.rowOf(k & mask, W);
            FloatVector re = FloatVector.fromArray(S, d, p);
            FloatVector im = FloatVector.fromArray(S, d, p + W);
            FloatVector br = FloatVector.fromArray(S, b, v);
            FloatVector bi = FloatVector.fromArray(S, b, v + W);
            FloatVector x = bi.mul(im);
            FloatVector y = bi.mul(re);
            br.mul(re).sub(x).intoArray(d, p);
            br.fma(im, y).intoArray(d, p + W);
            br.fma(re, x).intoArray(d, p + o);
            br.mul(im).sub(y).intoArray(d, p + o + W);
        }
    }

    @Override
    public void multiply(int to, int by, int qubits, int[] rows) {
        float[] t = states[to];
        float[] f = states[by];
        for (int k = 0; k < 1 << qubits; k++) {
            int p = TileKernels.rowOf(k, W);
            int r = rows[k];
            FloatVector re = FloatVector.fromArray(S, t, p);
            FloatVector im = FloatVector.fromArray(S, t, p + W);
            FloatVector fr = FloatVector.fromArray(S, f, r);
            FloatVector fi = FloatVector.fromArray(S, f, r + W);
            fr.mul(re).sub(fi.mul(im)).intoArray(t, p);
            fr.fma(im, fi.mul(re)).intoArray(t, p + W);
        }
    }

    @Override
    public void permutePhased(int from, int to, int qubits, int[] rows, double[] diag, int phases) {
        float[] a = states[from];
        float[] b = states[to];
        float[] f = states[phases];
        for (int k = 0; k < 1 << qubits; k++) {
            int p = TileKernels.rowOf(k, W);
            int r = rows[k];
            FloatVector re = FloatVector.fromArray(S, a, p);
            FloatVector im = FloatVector.fromArray(S, a, p + W);
            FloatVector fr = FloatVector.fromArray(S, f, p);
            FloatVector fi = FloatVector.fromArray(S, f, p + W);
            FloatVector x = fr.mul(re).sub(fi.mul(im));
            FloatVector y = fr.fma(im, fi.mul(re));
            FloatVector dr = FloatVector.broadcast(S, narrow(diag[2 * k]));
            FloatVector di = FloatVector.broadcast(S, narrow(diag[2 * k + 1]));
            dr.mul(x).sub(di.mul(y)).intoArray(b, r);
            dr.fma(y, di.mul(x)).intoArray(b, r + W);
        }
    }

    @Override
    public void permutePhasedBack(int from, int to, int qubits, int[] rows, double[] diag, int phases) {
        float[] a = states[from];
        float[] b = states[to];
        float[] f = states[phases];
        for (int k = 0; k < 1 << qubits; k++) {
            int p = TileKernels.rowOf(k, W);
            int r = rows[k];
            FloatVector re = FloatVector.fromArray(S, a, r);
            FloatVector im = FloatVector.fromArray(S, a, r + W);
            FloatVector dr = FloatVector.broadcast(S, narrow(diag[2 * k]));
            FloatVector di = FloatVector.broadcast(S, narrow(diag[2 * k + 1]));
            FloatVector x = dr.fma(re, di.mul(im));
            FloatVector y = dr.mul(im).sub(di.mul(re));
            FloatVector fr = FloatVector.fromArray(S, f, p);
            FloatVector fi = FloatVector.fromArray(S, f, p + W);
            fr.fma(x, fi.mul(y)).intoArray(b, p);
            fr.mul(y).sub(fi.mul(x)).intoArray(b, p + W);
        }
    }

    @Override
    protected void imaginaryRows(float[] a, float[] l, int qubits, int[] rows) {
        float[] to = scratch;
        for (int k = 0; k < 1 << qubits; k++) {
            int p = rows[k];
            FloatVector.fromArray(S, l, p)
                    .mul(FloatVector.fromArray(S, a, p + W))
                    .sub(FloatVector.fromArray(S, l, p + W).mul(FloatVector.fromArray(S, a, p)))
                    .intoArray(to, k * W);
        }
    }

    @Override
    protected void fold(int from, int sums, int differences, int half, double[] z, int out) {
        store(
                differences < 0
                        ? foldRows(scratch, from, sums, half)
                        : foldRows(scratch, from, sums, differences, half),
                z,
                out);
    }

    private static FloatVector foldRows(float[] rows, int from, int sums, int half) {
        FloatVector z = FloatVector.zero(S);
        for (int k = 0; k < half; k++) {
            FloatVector x = FloatVector.fromArray(S, rows, from + 2 * k * W);
            FloatVector y = FloatVector.fromArray(S, rows, from + (2 * k + 1) * W);
            x.add(y).intoArray(rows, sums + k * W);
            z = z.add(x.sub(y));
        }
        return z;
    }

    private static FloatVector foldRows(float[] rows, int from, int sums, int differences, int half) {
        FloatVector z = FloatVector.zero(S);
        for (int k = 0; k < half; k++) {
            FloatVector x = FloatVector.fromArray(S, rows, from + 2 * k * W);
            FloatVector y = FloatVector.fromArray(S, rows, from + (2 * k + 1) * W);
            FloatVector d = x.sub(y);
            x.add(y).intoArray(rows, sums + k * W);
            d.intoArray(rows, differences + k * W);
            z = z.add(d);
        }
        return z;
    }

    @Override
    public void signedNorms(int psi, int qubits, int[] rows, int mask, double[] sum) {
        store(signedNorms(states[psi], qubits, rows, mask), sum, 0);
    }

    private static FloatVector signedNorms(float[] a, int qubits, int[] rows, int mask) {
        FloatVector sum = FloatVector.zero(S);
        for (int k = 0; k < 1 << qubits; k++) {
            FloatVector re = FloatVector.fromArray(S, a, rows[k]);
            FloatVector im = FloatVector.fromArray(S, a, rows[k] + W);
            FloatVector sign = FloatVector.broadcast(S, TileKernels.sign(k & mask));
            sum = sum.add(sign.mul(re.fma(re, im.mul(im))));
        }
        return sum;
    }

    @Override
    public void addSigned(int psi, int lambda, int qubits, int[] rows, int mask, double[] weight) {
        addSigned(states[psi], states[lambda], qubits, rows, mask, load(weight, 0));
    }

    private static void addSigned(float[] a, float[] l, int qubits, int[] rows, int mask, FloatVector weight) {
        for (int k = 0; k < 1 << qubits; k++) {
            int p = rows[k];
            FloatVector w = weight.mul(FloatVector.broadcast(S, TileKernels.sign(k & mask)));
            w.fma(FloatVector.fromArray(S, a, p), FloatVector.fromArray(S, l, p))
                    .intoArray(l, p);
            w.fma(FloatVector.fromArray(S, a, p + W), FloatVector.fromArray(S, l, p + W))
                    .intoArray(l, p + W);
        }
    }
}
