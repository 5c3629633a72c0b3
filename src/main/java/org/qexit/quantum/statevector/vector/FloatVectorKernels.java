package org.qexit.quantum.statevector.vector;

import jdk.incubator.vector.FloatVector;
import org.qexit.quantum.Block.Axis;
import org.qexit.quantum.statevector.TileKernels;

/**
 * The hot loops on the Vector API. Written once, for amplitudes in single precision; the class for double precision is this text with the
 * other type of amplitude, made at build (pom.xml). A row is as wide as the widest vector of this machine, so that each is one load; loops
 * keep their operands in registers over 16 rows at a time. All is written out straight, because the compiler keeps vectors in registers
 * only within one compiled method.
 */
public final class FloatVectorKernels extends FloatVectorRotationKernels {

    @Override
    public void sinCos(double[] angles, int count, double[] sin, double[] cos) {
        VectorSinCos.of(angles, count, sin, cos);
    }

    @Override
    public void overlaps(int psi, int lambda, int qubits, int[] which, int count, double[] tx, double[] ty, int first) {
        float[] a = states[psi];
        float[] l = states[lambda];
        int done = 0;
        for (; done + 2 <= count; done += 2) {
            overlapTwo(a, l, qubits, which[done], which[done + 1], tx, ty, first);
        }
        if (done < count) {
            overlapOne(a, l, qubits, which[done], tx, ty, first);
        }
    }

    private void overlapOne(float[] a, float[] l, int qubits, int which, double[] tx, double[] ty, int first) {
        FloatVector x = FloatVector.zero(S);
        FloatVector xm = FloatVector.zero(S);
        FloatVector y = FloatVector.zero(S);
        FloatVector ym = FloatVector.zero(S);
        int bit = 1 << which;
        int o = TileKernels.rowOf(bit, W);
        for (int k = 0; k < 1 << qubits; k = (k | bit) + 1 & ~bit) {
            int p = TileKernels.rowOf(k, W);
            FloatVector ar0 = FloatVector.fromArray(S, a, p);
            FloatVector ai0 = FloatVector.fromArray(S, a, p + W);
            FloatVector lr0 = FloatVector.fromArray(S, l, p);
            FloatVector li0 = FloatVector.fromArray(S, l, p + W);
            FloatVector ar1 = FloatVector.fromArray(S, a, p + o);
            FloatVector ai1 = FloatVector.fromArray(S, a, p + o + W);
            FloatVector lr1 = FloatVector.fromArray(S, l, p + o);
            FloatVector li1 = FloatVector.fromArray(S, l, p + o + W);
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

    private void overlapTwo(float[] a, float[] l, int qubits, int q0, int q1, double[] tx, double[] ty, int first) {
        FloatVector x0 = FloatVector.zero(S);
        FloatVector x0m = FloatVector.zero(S);
        FloatVector y0 = FloatVector.zero(S);
        FloatVector y0m = FloatVector.zero(S);
        FloatVector x1 = FloatVector.zero(S);
        FloatVector x1m = FloatVector.zero(S);
        FloatVector y1 = FloatVector.zero(S);
        FloatVector y1m = FloatVector.zero(S);
        int bits = 1 << q0 | 1 << q1;
        int o0 = TileKernels.rowOf(1 << q0, W);
        int o1 = TileKernels.rowOf(1 << q1, W);
        for (int k = 0; k < 1 << qubits; k = (k | bits) + 1 & ~bits) {
            int p = TileKernels.rowOf(k, W);
            FloatVector ar0 = FloatVector.fromArray(S, a, p);
            FloatVector ai0 = FloatVector.fromArray(S, a, p + W);
            FloatVector lr0 = FloatVector.fromArray(S, l, p);
            FloatVector li0 = FloatVector.fromArray(S, l, p + W);
            FloatVector ar1 = FloatVector.fromArray(S, a, p + o0);
            FloatVector ai1 = FloatVector.fromArray(S, a, p + o0 + W);
            FloatVector lr1 = FloatVector.fromArray(S, l, p + o0);
            FloatVector li1 = FloatVector.fromArray(S, l, p + o0 + W);
            FloatVector ar2 = FloatVector.fromArray(S, a, p + o1);
            FloatVector ai2 = FloatVector.fromArray(S, a, p + o1 + W);
            FloatVector lr2 = FloatVector.fromArray(S, l, p + o1);
            FloatVector li2 = FloatVector.fromArray(S, l, p + o1 + W);
            FloatVector ar3 = FloatVector.fromArray(S, a, p + o0 + o1);
            FloatVector ai3 = FloatVector.fromArray(S, a, p + o0 + o1 + W);
            FloatVector lr3 = FloatVector.fromArray(S, l, p + o0 + o1);
            FloatVector li3 = FloatVector.fromArray(S, l, p + o0 + o1 + W);
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

    @Override
    public void spread(int low, int lowQubits, int high, int highQubits, int to, int[] rows, double[] diag) {
        float[] a = states[low];
        float[] b = states[high];
        float[] t = states[to];
        for (int h = 0; h < 1 << highQubits; h++) {
            int hr = TileKernels.rowOf(h, W);
            FloatVector br = FloatVector.fromArray(S, b, hr);
            FloatVector bi = FloatVector.fromArray(S, b, hr + W);
            for (int i = 0; i < 1 << lowQubits; i++) {
                int k = h << lowQubits | i;
                int p = TileKernels.rowOf(i, W);
                FloatVector ar = FloatVector.fromArray(S, a, p);
                FloatVector ai = FloatVector.fromArray(S, a, p + W);
                FloatVector cr = br.mul(ar).sub(bi.mul(ai));
                FloatVector ci = br.fma(ai, bi.mul(ar));
                FloatVector dr = FloatVector.broadcast(S, narrow(diag[2 * k]));
                FloatVector di = FloatVector.broadcast(S, narrow(diag[2 * k + 1]));
                dr.mul(cr).sub(di.mul(ci)).intoArray(t, rows[k]);
                dr.fma(ci, di.mul(cr)).intoArray(t, rows[k] + W);
            }
        }
    }

    @Override
    public void permute(int from, int to, int qubits, int[] rows, double[] diag) {
        float[] a = states[from];
        float[] b = states[to];
        for (int k = 0; k < 1 << qubits; k++) {
            int p = TileKernels.rowOf(k, W);
            FloatVector re = FloatVector.fromArray(S, a, p);
            FloatVector im = FloatVector.fromArray(S, a, p + W);
            FloatVector dr = FloatVector.broadcast(S, narrow(diag[2 * k]));
            FloatVector di = FloatVector.broadcast(S, narrow(diag[2 * k + 1]));
            dr.mul(re).sub(di.mul(im)).intoArray(b, rows[k]);
            dr.fma(im, di.mul(re)).intoArray(b, rows[k] + W);
        }
    }

    @Override
    public void permuteBack(int from, int to, int qubits, int[] rows, double[] diag) {
        float[] a = states[from];
        float[] b = states[to];
        for (int k = 0; k < 1 << qubits; k++) {
            int p = TileKernels.rowOf(k, W);
            FloatVector re = FloatVector.fromArray(S, a, rows[k]);
            FloatVector im = FloatVector.fromArray(S, a, rows[k] + W);
            FloatVector dr = FloatVector.broadcast(S, narrow(diag[2 * k]));
            FloatVector di = FloatVector.broadcast(S, narrow(diag[2 * k + 1]));
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
        if (psi == lambda) {
            normSums(states[psi], scratch, qubits, rows, z, first);
        } else {
            imaginarySums(states[psi], states[lambda], scratch, qubits, rows, z, first);
        }
        foldAll(qubits - 3, z, first + 3);
    }

    private void normSums(float[] a, float[] scratch, int qubits, int[] rows, double[] z, int first) {
        FloatVector z0 = FloatVector.zero(S);
        FloatVector z1 = FloatVector.zero(S);
        FloatVector z2 = FloatVector.zero(S);
        for (int k = 0; k < 1 << qubits; k += 8) {
            FloatVector r0 = FloatVector.fromArray(S, a, rows[k]);
            FloatVector i0 = FloatVector.fromArray(S, a, rows[k] + W);
            FloatVector f0 = r0.fma(r0, i0.mul(i0));
            FloatVector r1 = FloatVector.fromArray(S, a, rows[k + 1]);
            FloatVector i1 = FloatVector.fromArray(S, a, rows[k + 1] + W);
            FloatVector f1 = r1.fma(r1, i1.mul(i1));
            FloatVector r2 = FloatVector.fromArray(S, a, rows[k + 2]);
            FloatVector i2 = FloatVector.fromArray(S, a, rows[k + 2] + W);
            FloatVector f2 = r2.fma(r2, i2.mul(i2));
            FloatVector r3 = FloatVector.fromArray(S, a, rows[k + 3]);
            FloatVector i3 = FloatVector.fromArray(S, a, rows[k + 3] + W);
            FloatVector f3 = r3.fma(r3, i3.mul(i3));
            FloatVector r4 = FloatVector.fromArray(S, a, rows[k + 4]);
            FloatVector i4 = FloatVector.fromArray(S, a, rows[k + 4] + W);
            FloatVector f4 = r4.fma(r4, i4.mul(i4));
            FloatVector r5 = FloatVector.fromArray(S, a, rows[k + 5]);
            FloatVector i5 = FloatVector.fromArray(S, a, rows[k + 5] + W);
            FloatVector f5 = r5.fma(r5, i5.mul(i5));
            FloatVector r6 = FloatVector.fromArray(S, a, rows[k + 6]);
            FloatVector i6 = FloatVector.fromArray(S, a, rows[k + 6] + W);
            FloatVector f6 = r6.fma(r6, i6.mul(i6));
            FloatVector r7 = FloatVector.fromArray(S, a, rows[k + 7]);
            FloatVector i7 = FloatVector.fromArray(S, a, rows[k + 7] + W);
            FloatVector f7 = r7.fma(r7, i7.mul(i7));
            FloatVector s0 = f0.add(f1);
            FloatVector s1 = f2.add(f3);
            FloatVector s2 = f4.add(f5);
            FloatVector s3 = f6.add(f7);
            z0 = z0.add(f0.sub(f1).add(f2.sub(f3)).add(f4.sub(f5).add(f6.sub(f7))));
            z1 = z1.add(s0.sub(s1).add(s2.sub(s3)));
            FloatVector u0 = s0.add(s1);
            FloatVector u1 = s2.add(s3);
            z2 = z2.add(u0.sub(u1));
            u0.add(u1).intoArray(scratch, (k >> 3) * W);
        }
        store(z0, z, first * W);
        store(z1, z, (first + 1) * W);
        store(z2, z, (first + 2) * W);
    }

    private void imaginarySums(float[] a, float[] l, float[] scratch, int qubits, int[] rows, double[] z, int first) {
        FloatVector z0 = FloatVector.zero(S);
        FloatVector z1 = FloatVector.zero(S);
        FloatVector z2 = FloatVector.zero(S);
        for (int k = 0; k < 1 << qubits; k += 8) {
            int p0 = rows[k];
            FloatVector f0 = FloatVector.fromArray(S, l, p0)
                    .mul(FloatVector.fromArray(S, a, p0 + W))
                    .sub(FloatVector.fromArray(S, l, p0 + W).mul(FloatVector.fromArray(S, a, p0)));
            int p1 = rows[k + 1];
            FloatVector f1 = FloatVector.fromArray(S, l, p1)
                    .mul(FloatVector.fromArray(S, a, p1 + W))
                    .sub(FloatVector.fromArray(S, l, p1 + W).mul(FloatVector.fromArray(S, a, p1)));
            int p2 = rows[k + 2];
            FloatVector f2 = FloatVector.fromArray(S, l, p2)
                    .mul(FloatVector.fromArray(S, a, p2 + W))
                    .sub(FloatVector.fromArray(S, l, p2 + W).mul(FloatVector.fromArray(S, a, p2)));
            int p3 = rows[k + 3];
            FloatVector f3 = FloatVector.fromArray(S, l, p3)
                    .mul(FloatVector.fromArray(S, a, p3 + W))
                    .sub(FloatVector.fromArray(S, l, p3 + W).mul(FloatVector.fromArray(S, a, p3)));
            int p4 = rows[k + 4];
            FloatVector f4 = FloatVector.fromArray(S, l, p4)
                    .mul(FloatVector.fromArray(S, a, p4 + W))
                    .sub(FloatVector.fromArray(S, l, p4 + W).mul(FloatVector.fromArray(S, a, p4)));
            int p5 = rows[k + 5];
            FloatVector f5 = FloatVector.fromArray(S, l, p5)
                    .mul(FloatVector.fromArray(S, a, p5 + W))
                    .sub(FloatVector.fromArray(S, l, p5 + W).mul(FloatVector.fromArray(S, a, p5)));
            int p6 = rows[k + 6];
            FloatVector f6 = FloatVector.fromArray(S, l, p6)
                    .mul(FloatVector.fromArray(S, a, p6 + W))
                    .sub(FloatVector.fromArray(S, l, p6 + W).mul(FloatVector.fromArray(S, a, p6)));
            int p7 = rows[k + 7];
            FloatVector f7 = FloatVector.fromArray(S, l, p7)
                    .mul(FloatVector.fromArray(S, a, p7 + W))
                    .sub(FloatVector.fromArray(S, l, p7 + W).mul(FloatVector.fromArray(S, a, p7)));
            FloatVector s0 = f0.add(f1);
            FloatVector s1 = f2.add(f3);
            FloatVector s2 = f4.add(f5);
            FloatVector s3 = f6.add(f7);
            z0 = z0.add(f0.sub(f1).add(f2.sub(f3)).add(f4.sub(f5).add(f6.sub(f7))));
            z1 = z1.add(s0.sub(s1).add(s2.sub(s3)));
            FloatVector u0 = s0.add(s1);
            FloatVector u1 = s2.add(s3);
            z2 = z2.add(u0.sub(u1));
            u0.add(u1).intoArray(scratch, (k >> 3) * W);
        }
        store(z0, z, first * W);
        store(z1, z, (first + 1) * W);
        store(z2, z, (first + 2) * W);
    }

    @Override
    protected void foldThree(int eighth, double[] z, int out) {
        foldThree(scratch, eighth, z, out);
    }

    private void foldThree(float[] scratch, int eighth, double[] z, int out) {
        FloatVector z0 = FloatVector.zero(S);
        FloatVector z1 = FloatVector.zero(S);
        FloatVector z2 = FloatVector.zero(S);
        for (int k = 0; k < eighth; k++) {
            int p = 8 * k * W;
            FloatVector f0 = FloatVector.fromArray(S, scratch, p);
            FloatVector f1 = FloatVector.fromArray(S, scratch, p + W);
            FloatVector f2 = FloatVector.fromArray(S, scratch, p + 2 * W);
            FloatVector f3 = FloatVector.fromArray(S, scratch, p + 3 * W);
            FloatVector f4 = FloatVector.fromArray(S, scratch, p + 4 * W);
            FloatVector f5 = FloatVector.fromArray(S, scratch, p + 5 * W);
            FloatVector f6 = FloatVector.fromArray(S, scratch, p + 6 * W);
            FloatVector f7 = FloatVector.fromArray(S, scratch, p + 7 * W);
            FloatVector s0 = f0.add(f1);
            FloatVector s1 = f2.add(f3);
            FloatVector s2 = f4.add(f5);
            FloatVector s3 = f6.add(f7);
            z0 = z0.add(f0.sub(f1).add(f2.sub(f3)).add(f4.sub(f5).add(f6.sub(f7))));
            z1 = z1.add(s0.sub(s1).add(s2.sub(s3)));
            FloatVector u0 = s0.add(s1);
            FloatVector u1 = s2.add(s3);
            z2 = z2.add(u0.sub(u1));
            u0.add(u1).intoArray(scratch, k * W);
        }
        store(z0, z, out);
        store(z1, z, out + W);
        store(z2, z, out + 2 * W);
    }

    @Override
    public void weigh(int psi, int lambda, int qubits, int[] rows, double[] g) {
        if (qubits < 3) {
            super.weigh(psi, lambda, qubits, rows, g);
            return;
        }
        signedSums(g, 3, qubits - 3);
        weighEight(states[psi], states[lambda], scratch, qubits, rows, load(g, 0), load(g, W), load(g, 2 * W));
    }

    private static void weighEight(
            float[] a,
            float[] l,
            float[] scratch,
            int qubits,
            int[] rows,
            FloatVector g0,
            FloatVector g1,
            FloatVector g2) {
        for (int k = 0; k < 1 << qubits; k += 8) {
            FloatVector base = FloatVector.fromArray(S, scratch, (k >> 3) * W);
            FloatVector up = base.add(g2);
            FloatVector down = base.sub(g2);
            FloatVector w = up.add(g1);
            weighRow(a, l, rows[k], w.add(g0));
            weighRow(a, l, rows[k + 1], w.sub(g0));
            w = up.sub(g1);
            weighRow(a, l, rows[k + 2], w.add(g0));
            weighRow(a, l, rows[k + 3], w.sub(g0));
            w = down.add(g1);
            weighRow(a, l, rows[k + 4], w.add(g0));
            weighRow(a, l, rows[k + 5], w.sub(g0));
            w = down.sub(g1);
            weighRow(a, l, rows[k + 6], w.add(g0));
            weighRow(a, l, rows[k + 7], w.sub(g0));
        }
    }

    private static void weighRow(float[] a, float[] l, int p, FloatVector weight) {
        weight.mul(FloatVector.fromArray(S, a, p)).intoArray(l, p);
        weight.mul(FloatVector.fromArray(S, a, p + W)).intoArray(l, p + W);
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
        for (int h = 0; h < 1 << highQubits; h += 2) {
            contractTwo(l, a, b, oa, ob, h, lowQubits, rows, diag);
        }
    }

    private static void contractTwo(
            float[] l, float[] a, float[] b, float[] oa, float[] ob, int h, int lowQubits, int[] rows, double[] diag) {
        int h0 = TileKernels.rowOf(h, W);
        int h1 = TileKernels.rowOf(h + 1, W);
        FloatVector br0 = FloatVector.fromArray(S, b, h0);
        FloatVector bi0 = FloatVector.fromArray(S, b, h0 + W);
        FloatVector br1 = FloatVector.fromArray(S, b, h1);
        FloatVector bi1 = FloatVector.fromArray(S, b, h1 + W);
        FloatVector sr0 = FloatVector.zero(S);
        FloatVector si0 = FloatVector.zero(S);
        FloatVector tr0 = FloatVector.zero(S);
        FloatVector ti0 = FloatVector.zero(S);
        FloatVector sr1 = FloatVector.zero(S);
        FloatVector si1 = FloatVector.zero(S);
        FloatVector tr1 = FloatVector.zero(S);
        FloatVector ti1 = FloatVector.zero(S);
        for (int i = 0; i < 1 << lowQubits; i++) {
            int p = TileKernels.rowOf(i, W);
            FloatVector ar = FloatVector.fromArray(S, a, p);
            FloatVector ai = FloatVector.fromArray(S, a, p + W);
            FloatVector or = FloatVector.fromArray(S, oa, p);
            FloatVector oi = FloatVector.fromArray(S, oa, p + W);
            int k0 = h << lowQubits | i;
            FloatVector lr0 = FloatVector.fromArray(S, l, rows[k0]);
            FloatVector li0 = FloatVector.fromArray(S, l, rows[k0] + W);
            FloatVector dr0 = FloatVector.broadcast(S, narrow(diag[2 * k0]));
            FloatVector di0 = FloatVector.broadcast(S, narrow(diag[2 * k0 + 1]));
            FloatVector mr0 = dr0.fma(lr0, di0.mul(li0));
            FloatVector mi0 = dr0.mul(li0).sub(di0.mul(lr0));
            or = mr0.fma(br0, or);
            or = mi0.fma(bi0, or);
            oi = mi0.fma(br0, oi);
            oi = oi.sub(mr0.mul(bi0));
            sr0 = mr0.fma(ar, sr0);
            tr0 = mi0.fma(ai, tr0);
            si0 = mi0.fma(ar, si0);
            ti0 = mr0.fma(ai, ti0);
            int k1 = h + 1 << lowQubits | i;
            FloatVector lr1 = FloatVector.fromArray(S, l, rows[k1]);
            FloatVector li1 = FloatVector.fromArray(S, l, rows[k1] + W);
            FloatVector dr1 = FloatVector.broadcast(S, narrow(diag[2 * k1]));
            FloatVector di1 = FloatVector.broadcast(S, narrow(diag[2 * k1 + 1]));
            FloatVector mr1 = dr1.fma(lr1, di1.mul(li1));
            FloatVector mi1 = dr1.mul(li1).sub(di1.mul(lr1));
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
        float[] a = states[state];
        FloatVector ar = load(m, 0);
        FloatVector ai = load(m, W);
        FloatVector br = load(m, 2 * W);
        FloatVector bi = load(m, 3 * W);
        FloatVector cr = load(m, 4 * W);
        FloatVector ci = load(m, 5 * W);
        FloatVector dr = load(m, 6 * W);
        FloatVector di = load(m, 7 * W);
        int free = (1 << qubits) - 1 & ~mask;
        int rest = 0;
        do {
            int k = rest | value;
            int p = TileKernels.rowOf(k, W);
            int q = TileKernels.rowOf(k ^ flip, W);
            FloatVector pr = FloatVector.fromArray(S, a, p);
            FloatVector pi = FloatVector.fromArray(S, a, p + W);
            FloatVector qr = FloatVector.fromArray(S, a, q);
            FloatVector qi = FloatVector.fromArray(S, a, q + W);
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
        FloatVector t = switch (axis) {
            case X -> overlapX(states[psi], states[lambda], qubits, mask, value, flip);
            case Y -> overlapY(states[psi], states[lambda], qubits, mask, value, flip);
            default -> overlapZ(states[psi], states[lambda], qubits, mask, value, flip, axis == Axis.Z);
        };
        addTo(sum, t, sign);
    }

    private static FloatVector overlapX(float[] a, float[] l, int qubits, int mask, int value, int flip) {
        FloatVector t = FloatVector.zero(S);
        int free = (1 << qubits) - 1 & ~mask;
        int rest = 0;
        do {
            int p = TileKernels.rowOf(rest | value, W);
            int q = TileKernels.rowOf((rest | value) ^ flip, W);
            t = FloatVector.fromArray(S, l, p).fma(FloatVector.fromArray(S, a, q + W), t);
            t = t.sub(FloatVector.fromArray(S, l, p + W).mul(FloatVector.fromArray(S, a, q)));
            t = FloatVector.fromArray(S, l, q).fma(FloatVector.fromArray(S, a, p + W), t);
            t = t.sub(FloatVector.fromArray(S, l, q + W).mul(FloatVector.fromArray(S, a, p)));
            rest = (rest | ~free) + 1 & free;
        } while (rest != 0);
        return t;
    }

    private static FloatVector overlapY(float[] a, float[] l, int qubits, int mask, int value, int flip) {
        FloatVector t = FloatVector.zero(S);
        int free = (1 << qubits) - 1 & ~mask;
        int rest = 0;
        do {
            int p = TileKernels.rowOf(rest | value, W);
            int q = TileKernels.rowOf((rest | value) ^ flip, W);
            t = FloatVector.fromArray(S, l, q).fma(FloatVector.fromArray(S, a, p), t);
            t = FloatVector.fromArray(S, l, q + W).fma(FloatVector.fromArray(S, a, p + W), t);
            t = t.sub(FloatVector.fromArray(S, l, p).mul(FloatVector.fromArray(S, a, q)));
            t = t.sub(FloatVector.fromArray(S, l, p + W).mul(FloatVector.fromArray(S, a, q + W)));
            rest = (rest | ~free) + 1 & free;
        } while (rest != 0);
        return t;
    }

    /** Z, or diag(0, -2), which has no first row and twice the second. */
    private static FloatVector overlapZ(float[] a, float[] l, int qubits, int mask, int value, int flip, boolean both) {
        FloatVector first = FloatVector.zero(S);
        FloatVector second = FloatVector.zero(S);
        int free = (1 << qubits) - 1 & ~mask;
        int rest = 0;
        do {
            int p = TileKernels.rowOf(rest | value, W);
            int q = TileKernels.rowOf((rest | value) ^ flip, W);
            first = FloatVector.fromArray(S, l, p).fma(FloatVector.fromArray(S, a, p + W), first);
            first = first.sub(FloatVector.fromArray(S, l, p + W).mul(FloatVector.fromArray(S, a, p)));
            second = FloatVector.fromArray(S, l, q).fma(FloatVector.fromArray(S, a, q + W), second);
            second = second.sub(FloatVector.fromArray(S, l, q + W).mul(FloatVector.fromArray(S, a, q)));
            rest = (rest | ~free) + 1 & free;
        } while (rest != 0);
        return both ? first.sub(second) : second.add(second).neg();
    }
}
