package org.qexit.experiment.study;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Arrays;
import org.qexit.common.RandomStreams;
import org.qexit.common.statistics.MeanInterval;

/**
 * Differences d_1 … d_n of two methods on the same n seeds.
 *
 * @param interval their mean and its interval of Student's distribution
 * @param bootstrapLow 2.5 % point of the means of {@value #RESAMPLES} resamples of the differences; null for n = 1. With few seeds
 *     too narrow (a resample of five values has only 126 outcomes), and given beside, not instead
 * @param bootstrapHigh 97.5 % point
 * @param wins seeds with d &gt; 0
 * @param losses seeds with d &lt; 0
 */
public record PairedDifferences(
        @JsonUnwrapped MeanInterval interval, Double bootstrapLow, Double bootstrapHigh, int wins, int losses) {
    static final int RESAMPLES = 10_000;

    static PairedDifferences of(double[] differences) {
        MeanInterval interval = MeanInterval.student(differences);
        int wins = (int) Arrays.stream(differences).filter(d -> d > 0).count();
        int losses = (int) Arrays.stream(differences).filter(d -> d < 0).count();
        if (differences.length == 1) {
            return new PairedDifferences(interval, null, null, wins, losses);
        }
        double[] resampled =
                MeanInterval.bootstrap(differences, RESAMPLES, RandomStreams.of(1).stream("study/bootstrap"));
        return new PairedDifferences(interval, resampled[0], resampled[1], wins, losses);
    }

    public double mean() {
        return interval.mean();
    }

    /** Lower end of the interval of Student's distribution; null for one difference. */
    public Double low() {
        return interval.low();
    }

    /** Its upper end. */
    public Double high() {
        return interval.high();
    }
}
