package org.qexit.threshold;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.common.statistics.Samples;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;

/**
 * How much the rates of a way to choose thresholds vary: as many events as there are are drawn with replacement, thresholds chosen on them
 * and counted on the events that were not drawn (the out-of-bag events, about e^-1 = 37 % of all), again and again (Efron and Tibshirani, An
 * Introduction to the Bootstrap, 1993, sections 13.3 and 17.7). So the intervals hold the chance of the choice and of the events that it
 * meets, and thresholds are never counted on what they were chosen on.
 *
 * @param tpr of the true-positive rate, or null if no resample left critical events
 * @param fpr of the false-positive rate, or null if none left normal ones
 * @param ofr of the offload rate, or null if none left any event
 * @param resamples how many
 */
public record Bootstrap(Interval tpr, Interval fpr, Interval ofr, int resamples) {
    /** Resamples beyond which the ends of intervals do not move any more. */
    public static final int MOST = 100_000;

    private static final double TAIL = 0.025;

    /**
     * Of the resamples whose rate is defined.
     *
     * @param low the 2.5 % quantile
     * @param high the 97.5 % quantile
     */
    public record Interval(double mean, double low, double high) {
        static Interval of(double[] rates) {
            double[] known =
                    Arrays.stream(rates).filter(rate -> !Double.isNaN(rate)).toArray();
            return known.length == 0
                    ? null
                    : new Interval(
                            Arrays.stream(known).average().orElseThrow(),
                            Samples.quantile(known, TAIL),
                            Samples.quantile(known, 1 - TAIL));
        }
    }

    /**
     * Draws and counts.
     *
     * @param choose thresholds of a resample, as many events as the trace has
     * @param streams give the draws, by the device's name and the resample's number
     * @return null if there are no resamples, or no events
     */
    public static Bootstrap of(
            DeviceTrace trace, Function<DeviceTrace, ? extends Rule> choose, RandomStreams streams, int resamples) {
        Checks.within("bootstrap", resamples, 0, MOST);
        if (resamples == 0 || trace.size() == 0) {
            return null;
        }
        double[] tpr = new double[resamples];
        double[] fpr = new double[resamples];
        double[] ofr = new double[resamples];
        for (int b = 0; b < resamples; b++) {
            int[] drawn = draw(trace.size(), streams.stream("bootstrap/" + trace.device() + "/" + b));
            DeviceTrace left = trace.only(k -> drawn[k] == 0);
            Confusion counts = Confusion.of(left, choose.apply(repeated(trace, drawn)));
            int positives = left.positives();
            tpr[b] = rate(counts.truePositives(), positives);
            fpr[b] = rate(counts.falsePositives(), left.size() - positives);
            ofr[b] = rate(counts.offloads(), left.size());
        }
        return new Bootstrap(Interval.of(tpr), Interval.of(fpr), Interval.of(ofr), resamples);
    }

    private static double rate(long count, long of) {
        return of == 0 ? Double.NaN : (double) count / of;
    }

    /** How often each event is drawn, {@code [event]}. */
    private static int[] draw(int size, SplittableRandom random) {
        int[] drawn = new int[size];
        for (int i = 0; i < size; i++) {
            drawn[random.nextInt(size)]++;
        }
        return drawn;
    }

    private static DeviceTrace repeated(DeviceTrace trace, int[] times) {
        int n = trace.size();
        long[] events = new long[n];
        byte[] labels = new byte[n];
        float[][] scores = new float[trace.exits()][n];
        int at = 0;
        for (int k = 0; k < n; k++) {
            for (int copy = 0; copy < times[k]; copy++, at++) {
                events[at] = trace.events()[k];
                labels[at] = trace.labels()[k];
                for (int q = 0; q < scores.length; q++) {
                    scores[q][at] = trace.scores()[q][k];
                }
            }
        }
        return new DeviceTrace(trace.device(), events, labels, scores);
    }
}
