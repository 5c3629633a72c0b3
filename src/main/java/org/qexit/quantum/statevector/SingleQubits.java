package org.qexit.quantum.statevector;

/** The loops over vectors of single qubits, {@code [(4q + {0r, 0i, 1r, 1i}) * width + s]}, in double precision. */
public final class SingleQubits {
    private SingleQubits() {}

    /** [[a, -b*], [b, a*]] on the vector that begins at {@code at}. */
    static void apply(double[] v, int at, int width, double ar, double ai, double br, double bi) {
        for (int s = at; s < at + width; s++) {
            double xr = v[s];
            double xi = v[s + width];
            double yr = v[s + 2 * width];
            double yi = v[s + 3 * width];
            v[s] = ar * xr - ai * xi - br * yr - bi * yi;
            v[s + width] = ar * xi + ai * xr - br * yi + bi * yr;
            v[s + 2 * width] = br * xr - bi * xi + ar * yr + ai * yi;
            v[s + 3 * width] = br * xi + bi * xr + ar * yi - ai * yr;
        }
    }

    /** [[cos, -sin], [sin, cos]] of each sample. */
    static void turn(double[] v, int at, int width, double[] cos, double[] sin, int row) {
        for (int part = 0; part < 2; part++) {
            int p = at + part * width;
            for (int s = 0; s < width; s++) {
                double x = v[p + s];
                double y = v[p + 2 * width + s];
                v[p + s] = cos[row + s] * x - sin[row + s] * y;
                v[p + 2 * width + s] = sin[row + s] * x + cos[row + s] * y;
            }
        }
    }

    /** T ← r T with a 3 × 3 matrix, row by row. */
    static void unapply(double[] tx, double[] ty, double[] tz, int row, int width, double[] r) {
        for (int s = row; s < row + width; s++) {
            double x = tx[s];
            double y = ty[s];
            double z = tz[s];
            tx[s] = r[0] * x + r[1] * y + r[2] * z;
            ty[s] = r[3] * x + r[4] * y + r[5] * z;
            tz[s] = r[6] * x + r[7] * y + r[8] * z;
        }
    }
}
