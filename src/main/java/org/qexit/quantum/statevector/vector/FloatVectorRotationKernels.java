package org.qexit.quantum.statevector.vector;

import jdk.incubator.vector.FloatVector;
import org.qexit.quantum.statevector.TileKernels;

/**
 * The loops over rotations on the Vector API, with the same bits as the plain ones: up to four qubits at a time, their sixteen rows in registers.
 * Written once, for amplitudes in single precision; the class for double precision is this text with the other type of amplitude, made at build
 * (pom.xml).
 */
abstract class FloatVectorRotationKernels extends FloatVectorDiagonalKernels {
    @Override
    public void rotate(int state, int qubits, int[] which, int count, double[] cs, boolean back) {
        float[] a = states[state];
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

    private static void rotateTwo(float[] a, int qubits, int first, int second, double[] cs, int sign) {
        FloatVector c = FloatVector.broadcast(S, narrow(cs[2 * first]));
        FloatVector s = FloatVector.broadcast(S, narrow(sign * cs[2 * first + 1]));
        FloatVector m = FloatVector.broadcast(S, narrow(-sign * cs[2 * first + 1]));
        FloatVector d = FloatVector.broadcast(S, narrow(cs[2 * second]));
        FloatVector t = FloatVector.broadcast(S, narrow(sign * cs[2 * second + 1]));
        FloatVector u = FloatVector.broadcast(S, narrow(-sign * cs[2 * second + 1]));
        int bits = 1 << first | 1 << second;
        int one = TileKernels.rowOf(1 << first, W);
        int two = TileKernels.rowOf(1 << second, W);
        for (int k = 0; k < 1 << qubits; k = (k | bits) + 1 & ~bits) {
            int p = TileKernels.rowOf(k, W);
            // Real rows, then imaginary ones.
            for (int part = 0; part < 2; part++, p += W) {
                FloatVector x0 = FloatVector.fromArray(S, a, p);
                FloatVector x1 = FloatVector.fromArray(S, a, p + one);
                FloatVector x2 = FloatVector.fromArray(S, a, p + two);
                FloatVector x3 = FloatVector.fromArray(S, a, p + one + two);
                FloatVector y0 = m.fma(x1, c.mul(x0));
                FloatVector y1 = s.fma(x0, c.mul(x1));
                FloatVector y2 = m.fma(x3, c.mul(x2));
                FloatVector y3 = s.fma(x2, c.mul(x3));
                u.fma(y2, d.mul(y0)).intoArray(a, p);
                u.fma(y3, d.mul(y1)).intoArray(a, p + one);
                t.fma(y0, d.mul(y2)).intoArray(a, p + two);
                t.fma(y1, d.mul(y3)).intoArray(a, p + one + two);
            }
        }
    }

    private static void rotateFour(float[] a, int qubits, int[] which, int from, double[] cs, int sign) {
        int q0 = which[from + 0];
        FloatVector c0 = FloatVector.broadcast(S, narrow(cs[2 * q0]));
        FloatVector s0 = FloatVector.broadcast(S, narrow(sign * cs[2 * q0 + 1]));
        FloatVector m0 = FloatVector.broadcast(S, narrow(-sign * cs[2 * q0 + 1]));
        int o0 = TileKernels.rowOf(1 << q0, W);
        int q1 = which[from + 1];
        FloatVector c1 = FloatVector.broadcast(S, narrow(cs[2 * q1]));
        FloatVector s1 = FloatVector.broadcast(S, narrow(sign * cs[2 * q1 + 1]));
        FloatVector m1 = FloatVector.broadcast(S, narrow(-sign * cs[2 * q1 + 1]));
        int o1 = TileKernels.rowOf(1 << q1, W);
        int q2 = which[from + 2];
        FloatVector c2 = FloatVector.broadcast(S, narrow(cs[2 * q2]));
        FloatVector s2 = FloatVector.broadcast(S, narrow(sign * cs[2 * q2 + 1]));
        FloatVector m2 = FloatVector.broadcast(S, narrow(-sign * cs[2 * q2 + 1]));
        int o2 = TileKernels.rowOf(1 << q2, W);
        int q3 = which[from + 3];
        FloatVector c3 = FloatVector.broadcast(S, narrow(cs[2 * q3]));
        FloatVector s3 = FloatVector.broadcast(S, narrow(sign * cs[2 * q3 + 1]));
        FloatVector m3 = FloatVector.broadcast(S, narrow(-sign * cs[2 * q3 + 1]));
        int o3 = TileKernels.rowOf(1 << q3, W);
        int bits = 1 << q0 | 1 << q1 | 1 << q2 | 1 << q3;
        for (int k = 0; k < 1 << qubits; k = (k | bits) + 1 & ~bits) {
            int p = TileKernels.rowOf(k, W);
            // Real rows, then imaginary ones.
            for (int part = 0; part < 2; part++, p += W) {
                FloatVector x0 = FloatVector.fromArray(S, a, p);
                FloatVector x1 = FloatVector.fromArray(S, a, p + o0);
                FloatVector x2 = FloatVector.fromArray(S, a, p + o1);
                FloatVector x3 = FloatVector.fromArray(S, a, p + o0 + o1);
                FloatVector x4 = FloatVector.fromArray(S, a, p + o2);
                FloatVector x5 = FloatVector.fromArray(S, a, p + o0 + o2);
                FloatVector x6 = FloatVector.fromArray(S, a, p + o1 + o2);
                FloatVector x7 = FloatVector.fromArray(S, a, p + o0 + o1 + o2);
                FloatVector x8 = FloatVector.fromArray(S, a, p + o3);
                FloatVector x9 = FloatVector.fromArray(S, a, p + o0 + o3);
                FloatVector x10 = FloatVector.fromArray(S, a, p + o1 + o3);
                FloatVector x11 = FloatVector.fromArray(S, a, p + o0 + o1 + o3);
                FloatVector x12 = FloatVector.fromArray(S, a, p + o2 + o3);
                FloatVector x13 = FloatVector.fromArray(S, a, p + o0 + o2 + o3);
                FloatVector x14 = FloatVector.fromArray(S, a, p + o1 + o2 + o3);
                FloatVector x15 = FloatVector.fromArray(S, a, p + o0 + o1 + o2 + o3);
                FloatVector y;
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
    public void rotateRows(int state, int qubits, int which, double[] c, double[] s, int at, boolean back) {
        FloatVector sin = load(s, at);
        rotateRows(states[state], qubits, which, load(c, at), back ? sin.neg() : sin, back ? sin : sin.neg());
    }

    private static void rotateRows(float[] a, int qubits, int which, FloatVector c, FloatVector s, FloatVector m) {
        int bit = 1 << which;
        int o = TileKernels.rowOf(bit, W);
        for (int k = 0; k < 1 << qubits; k = (k | bit) + 1 & ~bit) {
            int p = TileKernels.rowOf(k, W);
            FloatVector x = FloatVector.fromArray(S, a, p);
            FloatVector y = FloatVector.fromArray(S, a, p + o);
            m.fma(y, c.mul(x)).intoArray(a, p);
            s.fma(x, c.mul(y)).intoArray(a, p + o);
            x = FloatVector.fromArray(S, a, p + W);
            y = FloatVector.fromArray(S, a, p + o + W);
            m.fma(y, c.mul(x)).intoArray(a, p + W);
            s.fma(x, c.mul(y)).intoArray(a, p + o + W);
        }
    }
}
