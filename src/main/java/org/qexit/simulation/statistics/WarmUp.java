package org.qexit.simulation.statistics;

/**
 * Where a run's warm-up ends, by MSER-5 (White, Simulation 69(6), 1997; White, Cobb and Spratt, WSC 2000): of the k means Z of five
 * observations each, the first d go, with d the least of 0 to k/2 that minimises (1 / (k − d)²) Σ_{j > d} (Z_j − mean of those kept)².
 */
public final class WarmUp {
    /** Observations to a mean, the 5 of MSER-5. */
    public static final int BATCH = 5;

    private WarmUp() {}

    /**
     * The number of observations to leave out, a multiple of five; 0 for fewer than two means.
     *
     * @param x observations in their order
     */
    public static int mser5(double[] x) {
        int k = x.length / BATCH;
        if (k < 2) {
            return 0;
        }
        double[] z = new double[k];
        for (int j = 0; j < k; j++) {
            for (int i = 0; i < BATCH; i++) {
                z[j] += x[BATCH * j + i] / BATCH;
            }
        }
        // From the end backwards, mean and squares of those kept by Welford's update.
        double mean = 0;
        double squares = 0;
        double least = Double.POSITIVE_INFINITY;
        int cut = 0;
        for (int d = k - 1; d >= 0; d--) {
            int kept = k - d;
            double delta = z[d] - mean;
            mean += delta / kept;
            squares += delta * (z[d] - mean);
            double criterion = squares / ((double) kept * kept);
            if (d <= k / 2 && criterion <= least) {
                least = criterion;
                cut = d;
            }
        }
        return BATCH * cut;
    }
}
