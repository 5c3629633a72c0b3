package org.qexit.quantum.statevector.vector;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.qexit.quantum.Block.Axis;
import org.qexit.quantum.statevector.DoubleKernels;
import org.qexit.quantum.statevector.TileKernels;

/**
 * The hot loops on the Vector API. The classes for double and for float are one text up to that type, and a test keeps them so. A row is as
 * wide as the widest vector of this machine, so that each is one load; loops keep their operands in registers over 16 rows at a time. All
 * is written out straight, because the compiler keeps vectors in registers only within one compiled method.
 */
public final class DoubleVectorKernels extends DoubleKernels {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int W = S.length();

    public DoubleVectorKernels() {
        super(W);
    }

    @Override
    public void sinCos(double[] angles, int count, double[] sin, double[] cos) {
        VectorSinCos.of(angles, count, sin, cos);
    }

    @Override
    public void rotate(int state, int qubits, int[] which, int count, double[] cs, boolean back) {
        double[] a = states[state];
        int done = 0;
        for (; done + 4 <= count; done += 4) {
            rotateFour(a, qubits, which, done, cs, back ? -1 : 1);
        }
        for (; done + 2 <= count; done += 2) {
            rotateTwo(a, qubits, which[done], which[done + 1], cs, back ? -1 : 1);
        }
        if (done < count) {
            rotateOne(a, qubits, which[done], cs, back ? -1 : 1);
        }
    }

    private static void rotateTwo(double[] a, int qubits, int first, int second, double[] cs, int sign) {
        DoubleVector c = DoubleVector.broadcast(S, narrow(cs[2 * first]));
        DoubleVector s = DoubleVector.broadcast(S, narrow(sign * cs[2 * first + 1]));
        DoubleVector d = DoubleVector.broadcast(S, narrow(cs[2 * second]));
        DoubleVector t = DoubleVector.broadcast(S, narrow(sign * cs[2 * second + 1]));
        int bits = 1 << first | 1 << second;
        int one = TileKernels.rowOf(1 << first, W);
        int two = TileKernels.rowOf(1 << second, W);
        for (int k = 0; k < 1 << qubits; k = (k | bits) + 1 & ~bits) {
            int p = TileKernels.rowOf(k, W);
            // Real rows, then imaginary ones.
            for (int part = 0; part < 2; part++, p += W) {
                DoubleVector x0 = DoubleVector.fromArray(S, a, p);
                DoubleVector x1 = DoubleVector.fromArray(S, a, p + one);
                DoubleVector x2 = DoubleVector.fromArray(S, a, p + two);
                DoubleVector x3 = DoubleVector.fromArray(S, a, p + one + two);
                DoubleVector y0 = c.mul(x0).sub(s.mul(x1));
                DoubleVector y1 = s.fma(x0, c.mul(x1));
                DoubleVector y2 = c.mul(x2).sub(s.mul(x3));
                DoubleVector y3 = s.fma(x2, c.mul(x3));
                d.mul(y0).sub(t.mul(y2)).intoArray(a, p);
                d.mul(y1).sub(t.mul(y3)).intoArray(a, p + one);
                t.fma(y0, d.mul(y2)).intoArray(a, p + two);
                t.fma(y1, d.mul(y3)).intoArray(a, p + one + two);
            }
        }
    }

    private static void rotateFour(double[] a, int qubits, int[] which, int from, double[] cs, int sign) {
        int q0 = which[from + 0];
        DoubleVector c0 = DoubleVector.broadcast(S, narrow(cs[2 * q0]));
        DoubleVector s0 = DoubleVector.broadcast(S, narrow(sign * cs[2 * q0 + 1]));
        DoubleVector m0 = DoubleVector.broadcast(S, narrow(-sign * cs[2 * q0 + 1]));
        int o0 = TileKernels.rowOf(1 << q0, W);
        int q1 = which[from + 1];
        DoubleVector c1 = DoubleVector.broadcast(S, narrow(cs[2 * q1]));
        DoubleVector s1 = DoubleVector.broadcast(S, narrow(sign * cs[2 * q1 + 1]));
        DoubleVector m1 = DoubleVector.broadcast(S, narrow(-sign * cs[2 * q1 + 1]));
        int o1 = TileKernels.rowOf(1 << q1, W);
        int q2 = which[from + 2];
        DoubleVector c2 = DoubleVector.broadcast(S, narrow(cs[2 * q2]));
        DoubleVector s2 = DoubleVector.broadcast(S, narrow(sign * cs[2 * q2 + 1]));
        DoubleVector m2 = DoubleVector.broadcast(S, narrow(-sign * cs[2 * q2 + 1]));
        int o2 = TileKernels.rowOf(1 << q2, W);
        int q3 = which[from + 3];
        DoubleVector c3 = DoubleVector.broadcast(S, narrow(cs[2 * q3]));
        DoubleVector s3 = DoubleVector.broadcast(S, narrow(sign * cs[2 * q3 + 1]));
        DoubleVector m3 = DoubleVector.broadcast(S, narrow(-sign * cs[2 * q3 + 1]));
        int o3 = TileKernels.rowOf(1 << q3, W);
        int bits = 1 << q0 | 1 << q1 | 1 << q2 | 1 << q3;
        for (int k = 0; k < 1 << qubits; k = (k | bits) + 1 & ~bits) {
            int p = TileKernels.rowOf(k, W);
            // Real rows, then imaginary ones.
            for (int part = 0; part < 2; part++, p += W) {
                DoubleVector x0 = DoubleVector.fromArray(S, a, p);
                DoubleVector x1 = DoubleVector.fromArray(S, a, p + o0);
                DoubleVector x2 = DoubleVector.fromArray(S, a, p + o1);
                DoubleVector x3 = DoubleVector.fromArray(S, a, p + o0 + o1);
                DoubleVector x4 = DoubleVector.fromArray(S, a, p + o2);
                DoubleVector x5 = DoubleVector.fromArray(S, a, p + o0 + o2);
                DoubleVector x6 = DoubleVector.fromArray(S, a, p + o1 + o2);
                DoubleVector x7 = DoubleVector.fromArray(S, a, p + o0 + o1 + o2);
                DoubleVector x8 = DoubleVector.fromArray(S, a, p + o3);
                DoubleVector x9 = DoubleVector.fromArray(S, a, p + o0 + o3);
                DoubleVector x10 = DoubleVector.fromArray(S, a, p + o1 + o3);
                DoubleVector x11 = DoubleVector.fromArray(S, a, p + o0 + o1 + o3);
                DoubleVector x12 = DoubleVector.fromArray(S, a, p + o2 + o3);
                DoubleVector x13 = DoubleVector.fromArray(S, a, p + o0 + o2 + o3);
                DoubleVector x14 = DoubleVector.fromArray(S, a, p + o1 + o2 + o3);
                DoubleVector x15 = DoubleVector.fromArray(S, a, p + o0 + o1 + o2 + o3);
                DoubleVector y;
                y = m0.fma(x1, c0.mul(x0));
                x1 = s0.fma(x0, c0.mul(x1));
                x0 = y;
                y = m0.fma(x3, c0.mul(x2));
                x3 = s0.fma(x2, c0.mul(x3));
                x2 = y;
                y = m0.fma(x5, c0.mul(x4));
                x5 = s0.fma(x4, c0.mul(x5));
                x4 = y;
                y = m0.fma(x7, c0.mul(x6));
                x7 = s0.fma(x6, c0.mul(x7));
                x6 = y;
                y = m0.fma(x9, c0.mul(x8));
                x9 = s0.fma(x8, c0.mul(x9));
                x8 = y;
                y = m0.fma(x11, c0.mul(x10));
                x11 = s0.fma(x10, c0.mul(x11));
                x10 = y;
                y = m0.fma(x13, c0.mul(x12));
                x13 = s0.fma(x12, c0.mul(x13));
                x12 = y;
                y = m0.fma(x15, c0.mul(x14));
                x15 = s0.fma(x14, c0.mul(x15));
                x14 = y;
                y = m1.fma(x2, c1.mul(x0));
                x2 = s1.fma(x0, c1.mul(x2));
                x0 = y;
                y = m1.fma(x3, c1.mul(x1));
                x3 = s1.fma(x1, c1.mul(x3));
                x1 = y;
                y = m1.fma(x6, c1.mul(x4));
                x6 = s1.fma(x4, c1.mul(x6));
                x4 = y;
                y = m1.fma(x7, c1.mul(x5));
                x7 = s1.fma(x5, c1.mul(x7));
                x5 = y;
                y = m1.fma(x10, c1.mul(x8));
                x10 = s1.fma(x8, c1.mul(x10));
                x8 = y;
                y = m1.fma(x11, c1.mul(x9));
                x11 = s1.fma(x9, c1.mul(x11));
                x9 = y;
                y = m1.fma(x14, c1.mul(x12));
                x14 = s1.fma(x12, c1.mul(x14));
                x12 = y;
                y = m1.fma(x15, c1.mul(x13));
                x15 = s1.fma(x13, c1.mul(x15));
                x13 = y;
                y = m2.fma(x4, c2.mul(x0));
                x4 = s2.fma(x0, c2.mul(x4));
                x0 = y;
                y = m2.fma(x5, c2.mul(x1));
                x5 = s2.fma(x1, c2.mul(x5));
                x1 = y;
                y = m2.fma(x6, c2.mul(x2));
                x6 = s2.fma(x2, c2.mul(x6));
                x2 = y;
                y = m2.fma(x7, c2.mul(x3));
                x7 = s2.fma(x3, c2.mul(x7));
                x3 = y;
                y = m2.fma(x12, c2.mul(x8));
                x12 = s2.fma(x8, c2.mul(x12));
                x8 = y;
                y = m2.fma(x13, c2.mul(x9));
                x13 = s2.fma(x9, c2.mul(x13));
                x9 = y;
                y = m2.fma(x14, c2.mul(x10));
                x14 = s2.fma(x10, c2.mul(x14));
                x10 = y;
                y = m2.fma(x15, c2.mul(x11));
                x15 = s2.fma(x11, c2.mul(x15));
                x11 = y;
                y = m3.fma(x8, c3.mul(x0));
                x8 = s3.fma(x0, c3.mul(x8));
                x0 = y;
                y = m3.fma(x9, c3.mul(x1));
                x9 = s3.fma(x1, c3.mul(x9));
                x1 = y;
                y = m3.fma(x10, c3.mul(x2));
                x10 = s3.fma(x2, c3.mul(x10));
                x2 = y;
                y = m3.fma(x11, c3.mul(x3));
                x11 = s3.fma(x3, c3.mul(x11));
                x3 = y;
                y = m3.fma(x12, c3.mul(x4));
                x12 = s3.fma(x4, c3.mul(x12));
                x4 = y;
                y = m3.fma(x13, c3.mul(x5));
                x13 = s3.fma(x5, c3.mul(x13));
                x5 = y;
                y = m3.fma(x14, c3.mul(x6));
                x14 = s3.fma(x6, c3.mul(x14));
                x6 = y;
                y = m3.fma(x15, c3.mul(x7));
                x15 = s3.fma(x7, c3.mul(x15));
                x7 = y;
                x0.intoArray(a, p);
                x1.intoArray(a, p + o0);
                x2.intoArray(a, p + o1);
                x3.intoArray(a, p + o0 + o1);
                x4.intoArray(a, p + o2);
                x5.intoArray(a, p + o0 + o2);
                x6.intoArray(a, p + o1 + o2);
                x7.intoArray(a, p + o0 + o1 + o2);
                x8.intoArray(a, p + o3);
                x9.intoArray(a, p + o0 + o3);
                x10.intoArray(a, p + o1 + o3);
                x11.intoArray(a, p + o0 + o1 + o3);
                x12.intoArray(a, p + o2 + o3);
                x13.intoArray(a, p + o0 + o2 + o3);
                x14.intoArray(a, p + o1 + o2 + o3);
                x15.intoArray(a, p + o0 + o1 + o2 + o3);
            }
        }
    }

    @Override
    public void overlaps(int psi, int lambda, int qubits, int[] which, int count, double[] tx, double[] ty, int first) {
        double[] a = states[psi];
        double[] l = states[lambda];
        int done = 0;
        for (; done + 2 <= count; done += 2) {
            overlapTwo(a, l, qubits, which[done], which[done + 1], tx, ty, first);
        }
        if (done < count) {
            overlapOne(a, l, qubits, which[done], tx, ty, first);
        }
    }

    private static void overlapOne(double[] a, double[] l, int qubits, int which, double[] tx, double[] ty, int first) {
        DoubleVector x = DoubleVector.zero(S);
        DoubleVector xm = DoubleVector.zero(S);
        DoubleVector y = DoubleVector.zero(S);
        DoubleVector ym = DoubleVector.zero(S);
        int bit = 1 << which;
        int o = TileKernels.rowOf(bit, W);
        for (int k = 0; k < 1 << qubits; k = (k | bit) + 1 & ~bit) {
            int p = TileKernels.rowOf(k, W);
            DoubleVector ar0 = DoubleVector.fromArray(S, a, p);
            DoubleVector ai0 = DoubleVector.fromArray(S, a, p + W);
            DoubleVector lr0 = DoubleVector.fromArray(S, l, p);
            DoubleVector li0 = DoubleVector.fromArray(S, l, p + W);
            DoubleVector ar1 = DoubleVector.fromArray(S, a, p + o);
            DoubleVector ai1 = DoubleVector.fromArray(S, a, p + o + W);
            DoubleVector lr1 = DoubleVector.fromArray(S, l, p + o);
            DoubleVector li1 = DoubleVector.fromArray(S, l, p + o + W);
            x = lr0.fma(ai1, x);
            x = lr1.fma(ai0, x);
            xm = li0.fma(ar1, xm);
            xm = li1.fma(ar0, xm);
            y = lr1.fma(ar0, y);
            y = li1.fma(ai0, y);
            ym = lr0.fma(ar1, ym);
            ym = li0.fma(ai1, ym);
        }
        store(x.sub(xm), tx, (first + which) * W);
        store(y.sub(ym), ty, (first + which) * W);
    }

    private static void overlapTwo(
            double[] a, double[] l, int qubits, int q0, int q1, double[] tx, double[] ty, int first) {
        DoubleVector x0 = DoubleVector.zero(S);
        DoubleVector x0m = DoubleVector.zero(S);
        DoubleVector y0 = DoubleVector.zero(S);
        DoubleVector y0m = DoubleVector.zero(S);
        DoubleVector x1 = DoubleVector.zero(S);
        DoubleVector x1m = DoubleVector.zero(S);
        DoubleVector y1 = DoubleVector.zero(S);
        DoubleVector y1m = DoubleVector.zero(S);
        int bits = 1 << q0 | 1 << q1;
        int o0 = TileKernels.rowOf(1 << q0, W);
        int o1 = TileKernels.rowOf(1 << q1, W);
        for (int k = 0; k < 1 << qubits; k = (k | bits) + 1 & ~bits) {
            int p = TileKernels.rowOf(k, W);
            DoubleVector ar0 = DoubleVector.fromArray(S, a, p);
            DoubleVector ai0 = DoubleVector.fromArray(S, a, p + W);
            DoubleVector lr0 = DoubleVector.fromArray(S, l, p);
            DoubleVector li0 = DoubleVector.fromArray(S, l, p + W);
            DoubleVector ar1 = DoubleVector.fromArray(S, a, p + o0);
            DoubleVector ai1 = DoubleVector.fromArray(S, a, p + o0 + W);
            DoubleVector lr1 = DoubleVector.fromArray(S, l, p + o0);
            DoubleVector li1 = DoubleVector.fromArray(S, l, p + o0 + W);
            DoubleVector ar2 = DoubleVector.fromArray(S, a, p + o1);
            DoubleVector ai2 = DoubleVector.fromArray(S, a, p + o1 + W);
            DoubleVector lr2 = DoubleVector.fromArray(S, l, p + o1);
            DoubleVector li2 = DoubleVector.fromArray(S, l, p + o1 + W);
            DoubleVector ar3 = DoubleVector.fromArray(S, a, p + o0 + o1);
            DoubleVector ai3 = DoubleVector.fromArray(S, a, p + o0 + o1 + W);
            DoubleVector lr3 = DoubleVector.fromArray(S, l, p + o0 + o1);
            DoubleVector li3 = DoubleVector.fromArray(S, l, p + o0 + o1 + W);
            x0 = lr0.fma(ai1, x0);
            x0 = lr1.fma(ai0, x0);
            x0m = li0.fma(ar1, x0m);
            x0m = li1.fma(ar0, x0m);
            y0 = lr1.fma(ar0, y0);
            y0 = li1.fma(ai0, y0);
            y0m = lr0.fma(ar1, y0m);
            y0m = li0.fma(ai1, y0m);
            x0 = lr2.fma(ai3, x0);
            x0 = lr3.fma(ai2, x0);
            x0m = li2.fma(ar3, x0m);
            x0m = li3.fma(ar2, x0m);
            y0 = lr3.fma(ar2, y0);
            y0 = li3.fma(ai2, y0);
            y0m = lr2.fma(ar3, y0m);
            y0m = li2.fma(ai3, y0m);
            x1 = lr0.fma(ai2, x1);
            x1 = lr2.fma(ai0, x1);
            x1m = li0.fma(ar2, x1m);
            x1m = li2.fma(ar0, x1m);
            y1 = lr2.fma(ar0, y1);
            y1 = li2.fma(ai0, y1);
            y1m = lr0.fma(ar2, y1m);
            y1m = li0.fma(ai2, y1m);
            x1 = lr1.fma(ai3, x1);
            x1 = lr3.fma(ai1, x1);
            x1m = li1.fma(ar3, x1m);
            x1m = li3.fma(ar1, x1m);
            y1 = lr3.fma(ar1, y1);
            y1 = li3.fma(ai1, y1);
            y1m = lr1.fma(ar3, y1m);
            y1m = li1.fma(ai3, y1m);
        }
        store(x0.sub(x0m), tx, (first + q0) * W);
        store(y0.sub(y0m), ty, (first + q0) * W);
        store(x1.sub(x1m), tx, (first + q1) * W);
        store(y1.sub(y1m), ty, (first + q1) * W);
    }

    private static void store(DoubleVector sum, double[] to, int at) {
        for (int s = 0; s < W; s++) {
            to[at + s] = sum.lane(s);
        }
    }

    @Override
    public void spread(int low, int lowQubits, int high, int highQubits, int to, int[] rows, double[] diag) {
        double[] a = states[low];
        double[] b = states[high];
        double[] t = states[to];
        for (int h = 0; h < 1 << highQubits; h++) {
            int hr = TileKernels.rowOf(h, W);
            DoubleVector br = DoubleVector.fromArray(S, b, hr);
            DoubleVector bi = DoubleVector.fromArray(S, b, hr + W);
            for (int i = 0; i < 1 << lowQubits; i++) {
                int k = h << lowQubits | i;
                int p = TileKernels.rowOf(i, W);
                DoubleVector ar = DoubleVector.fromArray(S, a, p);
                DoubleVector ai = DoubleVector.fromArray(S, a, p + W);
                DoubleVector cr = br.mul(ar).sub(bi.mul(ai));
                DoubleVector ci = br.fma(ai, bi.mul(ar));
                DoubleVector dr = DoubleVector.broadcast(S, narrow(diag[2 * k]));
                DoubleVector di = DoubleVector.broadcast(S, narrow(diag[2 * k + 1]));
                dr.mul(cr).sub(di.mul(ci)).intoArray(t, rows[k]);
                dr.fma(ci, di.mul(cr)).intoArray(t, rows[k] + W);
            }
        }
    }

    @Override
    public void permute(int from, int to, int qubits, int[] rows, double[] diag) {
        double[] a = states[from];
        double[] b = states[to];
        for (int k = 0; k < 1 << qubits; k++) {
            int p = TileKernels.rowOf(k, W);
            DoubleVector re = DoubleVector.fromArray(S, a, p);
            DoubleVector im = DoubleVector.fromArray(S, a, p + W);
            DoubleVector dr = DoubleVector.broadcast(S, narrow(diag[2 * k]));
            DoubleVector di = DoubleVector.broadcast(S, narrow(diag[2 * k + 1]));
            dr.mul(re).sub(di.mul(im)).intoArray(b, rows[k]);
            dr.fma(im, di.mul(re)).intoArray(b, rows[k] + W);
        }
    }

    @Override
    public void permuteBack(int from, int to, int qubits, int[] rows, double[] diag) {
        double[] a = states[from];
        double[] b = states[to];
        for (int k = 0; k < 1 << qubits; k++) {
            int p = TileKernels.rowOf(k, W);
            DoubleVector re = DoubleVector.fromArray(S, a, rows[k]);
            DoubleVector im = DoubleVector.fromArray(S, a, rows[k] + W);
            DoubleVector dr = DoubleVector.broadcast(S, narrow(diag[2 * k]));
            DoubleVector di = DoubleVector.broadcast(S, narrow(diag[2 * k + 1]));
            dr.fma(re, di.mul(im)).intoArray(b, p);
            dr.mul(im).sub(di.mul(re)).intoArray(b, p + W);
        }
    }

    @Override
    public void zSums(int psi, int lambda, int qubits, int[] rows, double[] z, int first) {
        if (qubits < 3) {
            super.zSums(psi, lambda, qubits, rows, z, first);
            return;
        }
        Arrays.fill(z, first * W, (first + qubits) * W, 0);
        if (psi == lambda) {
            normSums(states[psi], scratch, qubits, rows, z, first);
        } else {
            imaginarySums(states[psi], states[lambda], scratch, qubits, rows, z, first);
        }
        foldScratch(qubits - 3, z, first + 3);
    }

    private static void normSums(double[] a, double[] scratch, int qubits, int[] rows, double[] z, int first) {
        DoubleVector z0 = DoubleVector.zero(S);
        DoubleVector z1 = DoubleVector.zero(S);
        DoubleVector z2 = DoubleVector.zero(S);
        for (int k = 0; k < 1 << qubits; k += 8) {
            DoubleVector r0 = DoubleVector.fromArray(S, a, rows[k]);
            DoubleVector i0 = DoubleVector.fromArray(S, a, rows[k] + W);
            DoubleVector f0 = r0.fma(r0, i0.mul(i0));
            DoubleVector r1 = DoubleVector.fromArray(S, a, rows[k + 1]);
            DoubleVector i1 = DoubleVector.fromArray(S, a, rows[k + 1] + W);
            DoubleVector f1 = r1.fma(r1, i1.mul(i1));
            DoubleVector r2 = DoubleVector.fromArray(S, a, rows[k + 2]);
            DoubleVector i2 = DoubleVector.fromArray(S, a, rows[k + 2] + W);
            DoubleVector f2 = r2.fma(r2, i2.mul(i2));
            DoubleVector r3 = DoubleVector.fromArray(S, a, rows[k + 3]);
            DoubleVector i3 = DoubleVector.fromArray(S, a, rows[k + 3] + W);
            DoubleVector f3 = r3.fma(r3, i3.mul(i3));
            DoubleVector r4 = DoubleVector.fromArray(S, a, rows[k + 4]);
            DoubleVector i4 = DoubleVector.fromArray(S, a, rows[k + 4] + W);
            DoubleVector f4 = r4.fma(r4, i4.mul(i4));
            DoubleVector r5 = DoubleVector.fromArray(S, a, rows[k + 5]);
            DoubleVector i5 = DoubleVector.fromArray(S, a, rows[k + 5] + W);
            DoubleVector f5 = r5.fma(r5, i5.mul(i5));
            DoubleVector r6 = DoubleVector.fromArray(S, a, rows[k + 6]);
            DoubleVector i6 = DoubleVector.fromArray(S, a, rows[k + 6] + W);
            DoubleVector f6 = r6.fma(r6, i6.mul(i6));
            DoubleVector r7 = DoubleVector.fromArray(S, a, rows[k + 7]);
            DoubleVector i7 = DoubleVector.fromArray(S, a, rows[k + 7] + W);
            DoubleVector f7 = r7.fma(r7, i7.mul(i7));
            DoubleVector s0 = f0.add(f1);
            DoubleVector s1 = f2.add(f3);
            DoubleVector s2 = f4.add(f5);
            DoubleVector s3 = f6.add(f7);
            z0 = z0.add(f0.sub(f1).add(f2.sub(f3)).add(f4.sub(f5).add(f6.sub(f7))));
            z1 = z1.add(s0.sub(s1).add(s2.sub(s3)));
            DoubleVector u0 = s0.add(s1);
            DoubleVector u1 = s2.add(s3);
            z2 = z2.add(u0.sub(u1));
            u0.add(u1).intoArray(scratch, (k >> 3) * W);
        }
        store(z0, z, first * W);
        store(z1, z, (first + 1) * W);
        store(z2, z, (first + 2) * W);
    }

    private static void imaginarySums(
            double[] a, double[] l, double[] scratch, int qubits, int[] rows, double[] z, int first) {
        DoubleVector z0 = DoubleVector.zero(S);
        DoubleVector z1 = DoubleVector.zero(S);
        DoubleVector z2 = DoubleVector.zero(S);
        for (int k = 0; k < 1 << qubits; k += 8) {
            int p0 = rows[k];
            DoubleVector f0 = DoubleVector.fromArray(S, l, p0)
                    .mul(DoubleVector.fromArray(S, a, p0 + W))
                    .sub(DoubleVector.fromArray(S, l, p0 + W).mul(DoubleVector.fromArray(S, a, p0)));
            int p1 = rows[k + 1];
            DoubleVector f1 = DoubleVector.fromArray(S, l, p1)
                    .mul(DoubleVector.fromArray(S, a, p1 + W))
                    .sub(DoubleVector.fromArray(S, l, p1 + W).mul(DoubleVector.fromArray(S, a, p1)));
            int p2 = rows[k + 2];
            DoubleVector f2 = DoubleVector.fromArray(S, l, p2)
                    .mul(DoubleVector.fromArray(S, a, p2 + W))
                    .sub(DoubleVector.fromArray(S, l, p2 + W).mul(DoubleVector.fromArray(S, a, p2)));
            int p3 = rows[k + 3];
            DoubleVector f3 = DoubleVector.fromArray(S, l, p3)
                    .mul(DoubleVector.fromArray(S, a, p3 + W))
                    .sub(DoubleVector.fromArray(S, l, p3 + W).mul(DoubleVector.fromArray(S, a, p3)));
            int p4 = rows[k + 4];
            DoubleVector f4 = DoubleVector.fromArray(S, l, p4)
                    .mul(DoubleVector.fromArray(S, a, p4 + W))
                    .sub(DoubleVector.fromArray(S, l, p4 + W).mul(DoubleVector.fromArray(S, a, p4)));
            int p5 = rows[k + 5];
            DoubleVector f5 = DoubleVector.fromArray(S, l, p5)
                    .mul(DoubleVector.fromArray(S, a, p5 + W))
                    .sub(DoubleVector.fromArray(S, l, p5 + W).mul(DoubleVector.fromArray(S, a, p5)));
            int p6 = rows[k + 6];
            DoubleVector f6 = DoubleVector.fromArray(S, l, p6)
                    .mul(DoubleVector.fromArray(S, a, p6 + W))
                    .sub(DoubleVector.fromArray(S, l, p6 + W).mul(DoubleVector.fromArray(S, a, p6)));
            int p7 = rows[k + 7];
            DoubleVector f7 = DoubleVector.fromArray(S, l, p7)
                    .mul(DoubleVector.fromArray(S, a, p7 + W))
                    .sub(DoubleVector.fromArray(S, l, p7 + W).mul(DoubleVector.fromArray(S, a, p7)));
            DoubleVector s0 = f0.add(f1);
            DoubleVector s1 = f2.add(f3);
            DoubleVector s2 = f4.add(f5);
            DoubleVector s3 = f6.add(f7);
            z0 = z0.add(f0.sub(f1).add(f2.sub(f3)).add(f4.sub(f5).add(f6.sub(f7))));
            z1 = z1.add(s0.sub(s1).add(s2.sub(s3)));
            DoubleVector u0 = s0.add(s1);
            DoubleVector u1 = s2.add(s3);
            z2 = z2.add(u0.sub(u1));
            u0.add(u1).intoArray(scratch, (k >> 3) * W);
        }
        store(z0, z, first * W);
        store(z1, z, (first + 1) * W);
        store(z2, z, (first + 2) * W);
    }

    @Override
    public void weigh(int psi, int lambda, int qubits, int[] rows, double[] g) {
        if (qubits < 3) {
            super.weigh(psi, lambda, qubits, rows, g);
            return;
        }
        signedSums(g, 3, qubits - 3);
        weighEight(states[psi], states[lambda], scratch, qubits, rows, row(g, 0), row(g, 1), row(g, 2));
    }

    private static DoubleVector row(double[] values, int row) {
        double[] l = new double[W];
        for (int s = 0; s < W; s++) {
            l[s] = narrow(values[row * W + s]);
        }
        return DoubleVector.fromArray(S, l, 0);
    }

    private static void weighEight(
            double[] a,
            double[] l,
            double[] scratch,
            int qubits,
            int[] rows,
            DoubleVector g0,
            DoubleVector g1,
            DoubleVector g2) {
        DoubleVector sum = g0.add(g1);
        DoubleVector difference = g0.sub(g1);
        for (int k = 0; k < 1 << qubits; k += 8) {
            DoubleVector base = DoubleVector.fromArray(S, scratch, (k >> 3) * W);
            DoubleVector up = base.add(g2);
            DoubleVector down = base.sub(g2);
            weighRow(a, l, rows[k], up.add(sum));
            weighRow(a, l, rows[k + 1], up.sub(difference));
            weighRow(a, l, rows[k + 2], up.add(difference));
            weighRow(a, l, rows[k + 3], up.sub(sum));
            weighRow(a, l, rows[k + 4], down.add(sum));
            weighRow(a, l, rows[k + 5], down.sub(difference));
            weighRow(a, l, rows[k + 6], down.add(difference));
            weighRow(a, l, rows[k + 7], down.sub(sum));
        }
    }

    private static void weighRow(double[] a, double[] l, int p, DoubleVector weight) {
        weight.mul(DoubleVector.fromArray(S, a, p)).intoArray(l, p);
        weight.mul(DoubleVector.fromArray(S, a, p + W)).intoArray(l, p + W);
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
        double[] l = states[lambda];
        double[] a = states[low];
        double[] b = states[high];
        double[] oa = states[outLow];
        double[] ob = states[outHigh];
        zero(outLow, lowQubits);
        for (int h = 0; h < 1 << highQubits; h += 2) {
            contractTwo(l, a, b, oa, ob, h, lowQubits, rows, diag);
        }
    }

    private static void contractTwo(
            double[] l,
            double[] a,
            double[] b,
            double[] oa,
            double[] ob,
            int h,
            int lowQubits,
            int[] rows,
            double[] diag) {
        int h0 = TileKernels.rowOf(h, W);
        int h1 = TileKernels.rowOf(h + 1, W);
        DoubleVector br0 = DoubleVector.fromArray(S, b, h0);
        DoubleVector bi0 = DoubleVector.fromArray(S, b, h0 + W);
        DoubleVector br1 = DoubleVector.fromArray(S, b, h1);
        DoubleVector bi1 = DoubleVector.fromArray(S, b, h1 + W);
        DoubleVector sr0 = DoubleVector.zero(S);
        DoubleVector si0 = DoubleVector.zero(S);
        DoubleVector tr0 = DoubleVector.zero(S);
        DoubleVector ti0 = DoubleVector.zero(S);
        DoubleVector sr1 = DoubleVector.zero(S);
        DoubleVector si1 = DoubleVector.zero(S);
        DoubleVector tr1 = DoubleVector.zero(S);
        DoubleVector ti1 = DoubleVector.zero(S);
        for (int i = 0; i < 1 << lowQubits; i++) {
            int p = TileKernels.rowOf(i, W);
            DoubleVector ar = DoubleVector.fromArray(S, a, p);
            DoubleVector ai = DoubleVector.fromArray(S, a, p + W);
            DoubleVector or = DoubleVector.fromArray(S, oa, p);
            DoubleVector oi = DoubleVector.fromArray(S, oa, p + W);
            int k0 = h << lowQubits | i;
            DoubleVector lr0 = DoubleVector.fromArray(S, l, rows[k0]);
            DoubleVector li0 = DoubleVector.fromArray(S, l, rows[k0] + W);
            DoubleVector dr0 = DoubleVector.broadcast(S, narrow(diag[2 * k0]));
            DoubleVector di0 = DoubleVector.broadcast(S, narrow(diag[2 * k0 + 1]));
            DoubleVector mr0 = dr0.fma(lr0, di0.mul(li0));
            DoubleVector mi0 = dr0.mul(li0).sub(di0.mul(lr0));
            or = mr0.fma(br0, or);
            or = mi0.fma(bi0, or);
            oi = mi0.fma(br0, oi);
            oi = oi.sub(mr0.mul(bi0));
            sr0 = mr0.fma(ar, sr0);
            tr0 = mi0.fma(ai, tr0);
            si0 = mi0.fma(ar, si0);
            ti0 = mr0.fma(ai, ti0);
            int k1 = h + 1 << lowQubits | i;
            DoubleVector lr1 = DoubleVector.fromArray(S, l, rows[k1]);
            DoubleVector li1 = DoubleVector.fromArray(S, l, rows[k1] + W);
            DoubleVector dr1 = DoubleVector.broadcast(S, narrow(diag[2 * k1]));
            DoubleVector di1 = DoubleVector.broadcast(S, narrow(diag[2 * k1 + 1]));
            DoubleVector mr1 = dr1.fma(lr1, di1.mul(li1));
            DoubleVector mi1 = dr1.mul(li1).sub(di1.mul(lr1));
            or = mr1.fma(br1, or);
            or = mi1.fma(bi1, or);
            oi = mi1.fma(br1, oi);
            oi = oi.sub(mr1.mul(bi1));
            sr1 = mr1.fma(ar, sr1);
            tr1 = mi1.fma(ai, tr1);
            si1 = mi1.fma(ar, si1);
            ti1 = mr1.fma(ai, ti1);
            or.intoArray(oa, p);
            oi.intoArray(oa, p + W);
        }
        sr0.add(tr0).intoArray(ob, h0);
        si0.sub(ti0).intoArray(ob, h0 + W);
        sr1.add(tr1).intoArray(ob, h1);
        si1.sub(ti1).intoArray(ob, h1 + W);
    }

    @Override
    public void apply(int state, int qubits, int mask, int value, int flip, double[] m) {
        double[] a = states[state];
        DoubleVector ar = row(m, 0);
        DoubleVector ai = row(m, 1);
        DoubleVector br = row(m, 2);
        DoubleVector bi = row(m, 3);
        DoubleVector cr = row(m, 4);
        DoubleVector ci = row(m, 5);
        DoubleVector dr = row(m, 6);
        DoubleVector di = row(m, 7);
        int free = (1 << qubits) - 1 & ~mask;
        int rest = 0;
        do {
            int k = rest | value;
            int p = TileKernels.rowOf(k, W);
            int q = TileKernels.rowOf(k ^ flip, W);
            DoubleVector pr = DoubleVector.fromArray(S, a, p);
            DoubleVector pi = DoubleVector.fromArray(S, a, p + W);
            DoubleVector qr = DoubleVector.fromArray(S, a, q);
            DoubleVector qi = DoubleVector.fromArray(S, a, q + W);
            ar.fma(pr, br.mul(qr)).sub(ai.fma(pi, bi.mul(qi))).intoArray(a, p);
            ar.fma(pi, br.mul(qi)).add(ai.fma(pr, bi.mul(qr))).intoArray(a, p + W);
            cr.fma(pr, dr.mul(qr)).sub(ci.fma(pi, di.mul(qi))).intoArray(a, q);
            cr.fma(pi, dr.mul(qi)).add(ci.fma(pr, di.mul(qr))).intoArray(a, q + W);
            rest = (rest | ~free) + 1 & free;
        } while (rest != 0);
    }

    @Override
    public void overlap(
            int psi, int lambda, int qubits, int mask, int value, int flip, Axis axis, int sign, double[] sum) {
        DoubleVector t = switch (axis) {
            case X -> overlapX(states[psi], states[lambda], qubits, mask, value, flip);
            case Y -> overlapY(states[psi], states[lambda], qubits, mask, value, flip);
            default -> overlapZ(states[psi], states[lambda], qubits, mask, value, flip, axis == Axis.Z);
        };
        for (int s = 0; s < W; s++) {
            sum[s] += sign * t.lane(s);
        }
    }

    private static DoubleVector overlapX(double[] a, double[] l, int qubits, int mask, int value, int flip) {
        DoubleVector t = DoubleVector.zero(S);
        int free = (1 << qubits) - 1 & ~mask;
        int rest = 0;
        do {
            int p = TileKernels.rowOf(rest | value, W);
            int q = TileKernels.rowOf((rest | value) ^ flip, W);
            t = DoubleVector.fromArray(S, l, p).fma(DoubleVector.fromArray(S, a, q + W), t);
            t = t.sub(DoubleVector.fromArray(S, l, p + W).mul(DoubleVector.fromArray(S, a, q)));
            t = DoubleVector.fromArray(S, l, q).fma(DoubleVector.fromArray(S, a, p + W), t);
            t = t.sub(DoubleVector.fromArray(S, l, q + W).mul(DoubleVector.fromArray(S, a, p)));
            rest = (rest | ~free) + 1 & free;
        } while (rest != 0);
        return t;
    }

    private static DoubleVector overlapY(double[] a, double[] l, int qubits, int mask, int value, int flip) {
        DoubleVector t = DoubleVector.zero(S);
        int free = (1 << qubits) - 1 & ~mask;
        int rest = 0;
        do {
            int p = TileKernels.rowOf(rest | value, W);
            int q = TileKernels.rowOf((rest | value) ^ flip, W);
            t = DoubleVector.fromArray(S, l, q).fma(DoubleVector.fromArray(S, a, p), t);
            t = DoubleVector.fromArray(S, l, q + W).fma(DoubleVector.fromArray(S, a, p + W), t);
            t = t.sub(DoubleVector.fromArray(S, l, p).mul(DoubleVector.fromArray(S, a, q)));
            t = t.sub(DoubleVector.fromArray(S, l, p + W).mul(DoubleVector.fromArray(S, a, q + W)));
            rest = (rest | ~free) + 1 & free;
        } while (rest != 0);
        return t;
    }

    /** Z, or diag(0, -2), which has no first row and twice the second. */
    private static DoubleVector overlapZ(
            double[] a, double[] l, int qubits, int mask, int value, int flip, boolean both) {
        DoubleVector first = DoubleVector.zero(S);
        DoubleVector second = DoubleVector.zero(S);
        int free = (1 << qubits) - 1 & ~mask;
        int rest = 0;
        do {
            int p = TileKernels.rowOf(rest | value, W);
            int q = TileKernels.rowOf((rest | value) ^ flip, W);
            first = DoubleVector.fromArray(S, l, p).fma(DoubleVector.fromArray(S, a, p + W), first);
            first = first.sub(DoubleVector.fromArray(S, l, p + W).mul(DoubleVector.fromArray(S, a, p)));
            second = DoubleVector.fromArray(S, l, q).fma(DoubleVector.fromArray(S, a, q + W), second);
            second = second.sub(DoubleVector.fromArray(S, l, q + W).mul(DoubleVector.fromArray(S, a, q)));
            rest = (rest | ~free) + 1 & free;
        } while (rest != 0);
        return both ? first.sub(second) : second.add(second).neg();
    }
}
