package org.qexit.common.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The mean of a sample x_1 … x_n and its 95 % interval x̄ ± t s / √n, with the 97.5 % point t of Student's distribution of n − 1
 * degrees of freedom.
 *
 * @param count n
 * @param mean x̄
 * @param deviation s, the sample standard deviation; null for n = 1
 * @param low lower end; null for n = 1
 * @param high upper end; null for n = 1
 */
public record MeanInterval(int count, double mean, Double deviation, Double low, Double high) {
    /** The share of the distribution below the lower end. */
    private static final double LOWER = 0.025;

    /** The share below the upper end. */
    private static final double UPPER = 0.975;

    /** @throws IllegalArgumentException if there are no values */
    public static MeanInterval student(double[] x) {
        int n = x.length;
        if (n == 0) {
            throw new IllegalArgumentException("no values; expected at least one");
        }
        double mean = Arrays.stream(x).average().orElseThrow();
        if (n == 1) {
            return new MeanInterval(n, mean, null, null, null);
        }
        double squares = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
        double deviation = Math.sqrt(squares / (n - 1));
        double half = TDistribution.of(n - 1).inverseCumulativeProbability(UPPER) * deviation / Math.sqrt(n);
        return new MeanInterval(n, mean, deviation, mean - half, mean + half);
    }

    /** The 2.5 % and 97.5 % points of the means of {@code resamples} samples drawn from {@code x} with replacement. */
    public static double[] bootstrap(double[] x, int resamples, SplittableRandom random) {
        double[] means = new double[resamples];
        for (int r = 0; r < resamples; r++) {
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                sum += x[random.nextInt(x.length)];
            }
            means[r] = sum / x.length;
        }
        return new double[] {Samples.atRank(means, LOWER), Samples.atRank(means, UPPER)};
    }
}
