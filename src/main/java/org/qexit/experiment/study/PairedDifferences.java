package org.qexit.experiment.study;

import java.util.Arrays;
import org.qexit.common.RandomStreams;
import org.qexit.common.statistics.MeanInterval;

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
        MeanInterval mean = MeanInterval.student(differences);
        int wins = (int) Arrays.stream(differences).filter(d -> d > 0).count();
        int losses = (int) Arrays.stream(differences).filter(d -> d < 0).count();
        if (mean.count() == 1) {
            return new PairedDifferences(1, mean.mean(), null, null, null, null, null, wins, losses);
        }
        double[] resampled =
                MeanInterval.bootstrap(differences, RESAMPLES, RandomStreams.of(1).stream("study/bootstrap"));
        return new PairedDifferences(
                mean.count(),
                mean.mean(),
                mean.deviation(),
                mean.low(),
                mean.high(),
                resampled[0],
                resampled[1],
                wins,
                losses);
    }
}
