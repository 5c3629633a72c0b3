package org.qexit.nn.calibration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.qexit.common.Checks;

/**
 * How far an exit's confidences "critical" can be taken at their word: bins of events of like confidence, and the expected calibration
 * error
 *
 * <pre>ECE = Σ_b n_b / K |share of critical events in b − mean confidence in b|</pre>
 *
 * (Naeini et al. 2015; for the class "critical" rather than the predicted one, since that is the score that thresholds cut).
 *
 * @param events K
 * @param bins of equal width in confidence, those with events
 * @param ece over these bins
 * @param equalMassEce over as many bins of equal numbers of events: where critical events are rare, equal widths put nearly all
 *     events into the first bin
 * @param brier mean squared difference of confidence and label (Brier 1950)
 * @param logLoss mean negative log-likelihood
 */
public record Reliability(int events, List<Bin> bins, double ece, double equalMassEce, double brier, double logLoss) {
    /** As most of the literature. */
    public static final int BINS = 15;

    private static final double LEAST = 1e-12;

    /**
     * Events of like confidence.
     *
     * @param low least confidence of the bin
     * @param high greatest confidence of the bin
     * @param events number of them
     * @param confidence their mean confidence
     * @param critical the share of critical events among them
     */
    public record Bin(double low, double high, int events, double confidence, double critical) {}

    public Reliability {
        bins = List.copyOf(bins);
    }

    /**
     * @param confidences in [0, 1], {@code [event]}
     * @param labels 1 = critical, 0 = normal
     * @throws IllegalArgumentException without events
     */
    public static Reliability of(double[] confidences, byte[] labels, int bins) {
        Checks.within("bins", bins, 1, 10_000);
        int count = confidences.length;
        if (count == 0 || labels.length != count) {
            throw new IllegalArgumentException(count + " confidences and " + labels.length
                    + " labels; expected as many of both, and at least one");
        }
        double brier = 0;
        double logLoss = 0;
        for (int k = 0; k < count; k++) {
            double c = Checks.within("confidence", confidences[k], 0, 1);
            brier += (c - labels[k]) * (c - labels[k]);
            logLoss -= StrictMath.log(Math.max(LEAST, labels[k] == 1 ? c : 1 - c));
        }
        int[] sorted = IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingDouble(k -> confidences[k]))
                .mapToInt(Integer::intValue)
                .toArray();
        List<Bin> equalWidths = new ArrayList<>();
        List<Bin> equalMasses = new ArrayList<>();
        int from = 0;
        for (int b = 0; b < bins; b++) {
            int to = from;
            // The last bin holds 1 too.
            while (to < count && (b == bins - 1 || confidences[sorted[to]] < (b + 1.0) / bins)) {
                to++;
            }
            if (to > from) {
                int[] members = Arrays.copyOfRange(sorted, from, to);
                equalWidths.add(bin(members, (double) b / bins, (b + 1.0) / bins, confidences, labels));
            }
            from = to;
            int first = (int) ((long) count * b / bins);
            int end = (int) ((long) count * (b + 1) / bins);
            if (end > first) {
                int[] members = Arrays.copyOfRange(sorted, first, end);
                double low = confidences[sorted[first]];
                equalMasses.add(bin(members, low, confidences[sorted[end - 1]], confidences, labels));
            }
        }
        return new Reliability(
                count, equalWidths, ece(equalWidths, count), ece(equalMasses, count), brier / count, logLoss / count);
    }

    private static Bin bin(int[] members, double low, double high, double[] confidences, byte[] labels) {
        return new Bin(
                low,
                high,
                members.length,
                Arrays.stream(members)
                        .mapToDouble(k -> confidences[k])
                        .average()
                        .orElseThrow(),
                Arrays.stream(members).mapToDouble(k -> labels[k]).average().orElseThrow());
    }

    private static double ece(List<Bin> bins, int events) {
        return bins.stream()
                .mapToDouble(bin -> (double) bin.events() / events * Math.abs(bin.critical() - bin.confidence()))
                .sum();
    }
}
