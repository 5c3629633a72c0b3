package org.qexit.common.statistics;

import org.apache.commons.statistics.descriptive.Median;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.commons.statistics.descriptive.Quantile.EstimationMethod;

/** Summaries of a sample x_1 … x_n; the array stays as it is. All are NaN for n = 0. */
public final class Samples {
    private static final Median MEDIAN = Median.withDefaults().withCopy(true);
    private static final Quantile LINEAR =
            Quantile.withDefaults().withCopy(true).with(EstimationMethod.HF7);
    private static final Quantile RANK = Quantile.withDefaults().withCopy(true).with(EstimationMethod.HF1);

    private Samples() {}

    /** The middle value; of an even number the mean of the middle two. */
    public static double median(double[] x) {
        return MEDIAN.evaluate(x);
    }

    /** The p-quantile, linear between order statistics (Hyndman and Fan 1996, definition 7). */
    public static double quantile(double[] x, double p) {
        return LINEAR.evaluate(x, p);
    }

    /** The value at rank ⌈p n⌉ (Hyndman and Fan 1996, definition 1). */
    static double atRank(double[] x, double p) {
        return RANK.evaluate(x, p);
    }

    /** Jain's fairness index (Σ x)² / (n Σ x²): 1 if all are equal, 1/n if one has all. */
    public static double jain(double[] x) {
        double sum = 0;
        double squares = 0;
        for (double v : x) {
            sum += v;
            squares += v * v;
        }
        return sum * sum / (x.length * squares);
    }
}
