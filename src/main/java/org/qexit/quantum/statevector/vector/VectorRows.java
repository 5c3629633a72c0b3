package org.qexit.quantum.statevector.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/** Rows of amplitudes' precision from and to arrays of double. */
final class VectorRows {
    private VectorRows() {}

    /** @param lanes to work in, as long as a row */
    static void store(DoubleVector row, double[] to, int at, double[] lanes) {
        row.intoArray(to, at);
    }

    static void store(FloatVector row, double[] to, int at, float[] lanes) {
        row.intoArray(lanes, 0);
        for (int s = 0; s < lanes.length; s++) {
            to[at + s] = lanes[s];
        }
    }

    static DoubleVector load(double[] from, int at, double[] lanes) {
        return DoubleVector.fromArray(DoubleVectorDiagonalKernels.S, from, at);
    }

    static FloatVector load(double[] from, int at, float[] lanes) {
        for (int s = 0; s < lanes.length; s++) {
            lanes[s] = (float) from[at + s];
        }
        return FloatVector.fromArray(FloatVectorDiagonalKernels.S, lanes, 0);
    }
}
