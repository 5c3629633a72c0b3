package org.qexit.data.bowles;

/** Products and sums in the order in which NumPy and its BLAS do them at these sizes. */
final class Matrices {
    private Matrices() {}

    /** a·b; each entry a chain of fused multiply-adds. */
    static double[][] product(double[][] a, double[][] b) {
        int columns = b[0].length;
        double[][] c = new double[a.length][columns];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < columns; j++) {
                double sum = 0;
                for (int k = 0; k < b.length; k++) {
                    sum = Math.fma(a[i][k], b[k][j], sum);
                }
                c[i][j] = sum;
            }
        }
        return c;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum = Math.fma(a[i], b[i], sum);
        }
        return sum;
    }

    /** Takes the mean from each column and divides it by its population deviation; sums row by row. */
    static void standardise(double[][] rows) {
        int n = rows.length;
        for (int j = 0; j < rows[0].length; j++) {
            double mean = 0;
            for (double[] row : rows) {
                mean += row[j];
            }
            mean /= n;
            double squares = 0;
            for (double[] row : rows) {
                double off = row[j] - mean;
                squares += off * off;
            }
            double deviation = Math.sqrt(squares / n);
            for (double[] row : rows) {
                row[j] = (row[j] - mean) / deviation;
            }
        }
    }
}
