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
        VectorRows.store(row, to, at, lanes);
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
        return VectorRows.load(from, at, lanes);
    }

    @Override
    public void applySingle(double[] v, int at, double ar, double ai, double br, double bi) {
        if (VectorProduct.takes(W)) {
            VectorProduct.apply(v, at, W, ar, ai, br, bi);
        } else {
            super.applySingle(v, at, ar, ai, br, bi);
        }
    }

    @Override
    public void turnSingle(double[] v, int at, double[] cos, double[] sin, int row) {
        if (VectorProduct.takes(W)) {
            VectorProduct.turn(v, at, W, cos, sin, row);
        } else {
            super.turnSingle(v, at, cos, sin, row);
        }
    }

    @Override
    public void turnBloch(double[] tx, double[] ty, double[] tz, int row, double[] r) {
        if (VectorProduct.takes(W)) {
            VectorProduct.unapply(tx, ty, tz, row, W, r);
        } else {
            super.turnBloch(tx, ty, tz, row, r);
        }
    }

    @Override
    public void outer(int state, double[] v, int first, int qubits) {
        float[] a = states[state];
        FloatVector.broadcast(S, 1).intoArray(a, 0);
        FloatVector.zero(S).intoArray(a, W);
        for (int q = 0; q < qubits; q++) {
            int at = 4 * (first + q) * W;
            outerQubit(a, q, load(v, at), load(v, at + W), load(v, at + 2 * W), load(v, at + 3 * W));
        }
    }

    private static void outerQubit(
            float[] a, int q, FloatVector v0r, FloatVector v0i, FloatVector v1r, FloatVector v1i) {
        int o = TileKernels.rowOf(1 << q, W);
        for (int k = 0; k < 1 << q; k++) {
            int p = TileKernels.rowOf(k, W);
            FloatVector re = FloatVector.fromArray(S, a, p);
            FloatVector im = FloatVector.fromArray(S, a, p + W);
            re.mul(v0r).sub(im.mul(v0i)).intoArray(a, p);
            re.mul(v0i).add(im.mul(v0r)).intoArray(a, p + W);
            re.mul(v1r).sub(im.mul(v1i)).intoArray(a, p + o);
            re.mul(v1i).add(im.mul(v1r)).intoArray(a, p + o + W);
        }
    }

    @Override
    protected void signedSums(double[] g, int first, int count) {
        float[] rows = scratch;
        FloatVector.zero(S).intoArray(rows, 0);
        for (int q = count - 1; q >= 0; q--) {
            signedRows(rows, 1 << count - 1 - q, load(g, (first + q) * W));
        }
    }

    private static void signedRows(float[] rows, int count, FloatVector w) {
        for (int k = count - 1; k >= 0; k--) {
            FloatVector x = FloatVector.fromArray(S, rows, k * W);
            x.sub(w).intoArray(rows, (2 * k + 1) * W);
            x.add(w).intoArray(rows, 2 * k * W);
        }
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
