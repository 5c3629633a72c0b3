package org.qexit.data.bowles;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.qexit.common.UserError;

/**
 * Principal components by the randomised decomposition of Halko, Martinsson and Tropp (2011), from the correlation matrix C alone: with
 * standardised samples A, C = AᵀA/n, power iterations carry a random start Ω to Z = C^q Ω, and with W such that WᵀCW = 1 on its span,
 * Q = A W/√n has orthonormal columns and QᵀA = √n WᵀC. Its singular value decomposition gives what that of A gives within the span.
 *
 * @param scores {@code [feature][component]}: A times it are the scores of the samples, U S
 * @param directions {@code [feature][component]}, orthonormal: further standardised samples times it are their scores
 */
record RandomisedComponents(double[][] scores, double[][] directions) {
    /** What is left of a direction, relative to the first, below which it counts as none. */
    private static final double NOTHING = 1e-12;

    /**
     * Decomposes.
     *
     * @param correlations symmetric
     * @param start {@code [feature][direction]}, more directions than components
     * @param components how many
     * @param iterations q
     * @throws UserError if the samples span fewer dimensions than there are components
     */
    static RandomisedComponents of(double[][] correlations, double[][] start, int components, int iterations) {
        double[][] span = start;
        for (int i = 0; i < iterations; i++) {
            span = orthonormal(times(correlations, span));
        }
        double[][] image = times(correlations, span);
        double[][] whitening = whitening(transposedTimes(span, image));
        int rank = whitening[0].length;
        if (rank < components) {
            throw new UserError("the samples span " + rank + " dimensions; expected " + components + " or more");
        }
        SingularValueDecomposition parts =
                new SingularValueDecomposition(new Array2DRowRealMatrix(times(image, whitening), false));
        double[][] mixed = times(times(span, whitening), parts.getV().getData());
        double[][] all = parts.getU().getData();
        double[][] scores = new double[span.length][components];
        double[][] directions = new double[span.length][components];
        for (int i = 0; i < span.length; i++) {
            for (int j = 0; j < components; j++) {
                scores[i][j] = mixed[i][j] * parts.getSingularValues()[j];
                directions[i][j] = all[i][j];
            }
        }
        return new RandomisedComponents(scores, directions);
    }

    /** E Λ^(−1/2) of a symmetric matrix, without directions of nothing. */
    private static double[][] whitening(double[][] gram) {
        EigenDecomposition parts = new EigenDecomposition(new Array2DRowRealMatrix(gram, false));
        double[] values = parts.getRealEigenvalues(); // largest first
        int rank = 0;
        while (rank < values.length && values[rank] > NOTHING * values[0]) {
            rank++;
        }
        double[][] vectors = parts.getV().getData();
        double[][] whitening = new double[gram.length][rank];
        for (int i = 0; i < gram.length; i++) {
            for (int j = 0; j < rank; j++) {
                whitening[i][j] = vectors[i][j] / Math.sqrt(values[j]);
            }
        }
        return whitening;
    }

    private static double[][] times(double[][] a, double[][] b) {
        int columns = b[0].length;
        double[][] product = new double[a.length][columns];
        for (int i = 0; i < a.length; i++) {
            double[] sums = product[i];
            for (int k = 0; k < b.length; k++) {
                double factor = a[i][k];
                double[] row = b[k];
                for (int j = 0; j < columns && factor != 0; j++) {
                    sums[j] += factor * row[j];
                }
            }
        }
        return product;
    }

    /** aᵀb, made symmetric. */
    private static double[][] transposedTimes(double[][] a, double[][] b) {
        int columns = b[0].length;
        double[][] product = new double[columns][columns];
        for (int i = 0; i < a.length; i++) {
            for (int k = 0; k < columns; k++) {
                for (int j = 0; j < columns; j++) {
                    product[k][j] += (a[i][k] * b[i][j] + a[i][j] * b[i][k]) / 2;
                }
            }
        }
        return product;
    }

    /** Gram and Schmidt, twice; a column that depends on those before it becomes nearly anything orthogonal, or zero. */
    private static double[][] orthonormal(double[][] rows) {
        int columns = rows[0].length;
        for (int j = 0; j < columns; j++) {
            for (int pass = 0; pass < 2; pass++) {
                for (int k = 0; k < j; k++) {
                    double along = dot(rows, k, j);
                    for (double[] row : rows) {
                        row[j] -= along * row[k];
                    }
                }
            }
            double length = Math.sqrt(dot(rows, j, j));
            for (double[] row : rows) {
                row[j] = length == 0 ? 0 : row[j] / length;
            }
        }
        return rows;
    }

    private static double dot(double[][] rows, int a, int b) {
        double sum = 0;
        for (double[] row : rows) {
            sum += row[a] * row[b];
        }
        return sum;
    }
}
