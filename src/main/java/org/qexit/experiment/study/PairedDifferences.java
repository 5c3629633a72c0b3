package org.qexit.experiment.study;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.TDistribution;
import org.qexit.common.RandomStreams;

/**
 * Differences d_1 … d_n of two methods on the same n seeds.
 *
 * @param count n
 * @param mean d̄
 * @param deviation s, the sample standard deviation; null for n = 1
 * @param low lower end of the 95 % interval d̄ − t s / √n with the 97.5 % point t of Student's distribution of n − 1 degrees of
 *     freedom; null for n = 1
 * @param high its upper end
 * @param bootstrapLow 2.5 % point of the means of {@value #RESAMPLES} resamples of the differences; null for n = 1. With few seeds
 *     too narrow (a resample of five values has only 126 outcomes), and given beside, not instead
 * @param bootstrapHigh 97.5 % point
 * @param wins seeds with d &gt; 0
 * @param losses seeds with d &lt; 0
 */
public record PairedDifferences(
        int count,
        double mean,
        Double deviation,
        Double low,
        Double high,
        Double bootstrapLow,
        Double bootstrapHigh,
        int wins,
        int losses) {
    static final int RESAMPLES = 10_000;

    static PairedDifferences of(double[] differences) {
        int n = differences.length;
        if (n == 0) {
            throw new IllegalArgumentException("no differences; expected at least one");
        }
        double mean = Arrays.stream(differences).average().orElseThrow();
        int wins = (int) Arrays.stream(differences).filter(d -> d > 0).count();
        int losses = (int) Arrays.stream(differences).filter(d -> d < 0).count();
        if (n == 1) {
            return new PairedDifferences(n, mean, null, null, null, null, null, wins, losses);
        }
        double squares =
                Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum();
        double deviation = Math.sqrt(squares / (n - 1));
        double half = TDistribution.of(n - 1).inverseCumulativeProbability(0.975) * deviation / Math.sqrt(n);
        double[] means = resampledMeans(differences);
        return new PairedDifferences(
                n,
                mean,
                deviation,
                mean - half,
                mean + half,
                quantile(means, 0.025),
                quantile(means, 0.975),
                wins,
                losses);
    }

    private static double[] resampledMeans(double[] differences) {
        SplittableRandom random = RandomStreams.of(1).stream("study/bootstrap");
        double[] means = new double[RESAMPLES];
        for (int r = 0; r < RESAMPLES; r++) {
            double sum = 0;
            for (int i = 0; i < differences.length; i++) {
                sum += differences[random.nextInt(differences.length)];
            }
            means[r] = sum / differences.length;
        }
        Arrays.sort(means);
        return means;
    }

    /** The value at rank ⌈p n⌉ of sorted values. */
    private static double quantile(double[] sorted, double p) {
        return sorted[(int) Math.max(0, Math.ceil(p * sorted.length) - 1)];
    }
}
