package org.qexit.threshold.offload;

import java.util.List;
import java.util.Locale;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rate;

/**
 * Thresholds and what device and edge node make of the trace with it.
 *
 * @param tpr critical events whose final answer is critical, of all critical ones
 * @param fpr normal events whose final answer is critical, of all normal ones
 * @param ofr offloaded events
 * @param exitsTaken events for which each exit was the last to look, {@code [exit]}
 */
public record EndToEnd(Point point, Share tpr, Share fpr, Rate ofr, List<Integer> exitsTaken) {
    static EndToEnd of(OffloadChoice.Found<?> found, DeviceTrace trace, NodeAnswers answers) {
        int scale = answers.scale();
        return new EndToEnd(
                Point.of(null, found, scale),
                Share.of(found.truePositives(), scale, trace.positives()),
                Share.of(found.falsePositives(), scale, trace.size() - trace.positives()),
                Rate.of(found.offloads(), trace.size()),
                Confusion.of(trace, found.thresholds()).exits());
    }

    /**
     * Counts and thresholds as they stand in JSON.
     *
     * @param budget the least for which it is best, on a frontier; else null
     * @param lower l, a number; or one for each exit, "never" or "always"
     * @param upper u, a number or "never"; or one for each exit
     * @param truePositives end to end: a whole number where the node's answers are known, else the number to expect
     * @param falsePositives the same of normal events
     */
    public record Point(
            Integer budget,
            int offloads,
            Number truePositives,
            Number falsePositives,
            Object lower,
            Object upper,
            float margin) {
        static Point of(Integer budget, OffloadChoice.Found<?> found, int scale) {
            return new Point(
                    budget,
                    found.offloads(),
                    number(found.truePositives(), scale),
                    number(found.falsePositives(), scale),
                    found.thresholds().lowerEntry(),
                    found.thresholds().upperEntry(),
                    found.margin());
        }

        private static Number number(long units, int scale) {
            if (scale == 1) {
                return units;
            }
            return (double) units / scale;
        }
    }

    /**
     * A proportion of counted events with its 95 % Wilson interval, or an expected one without; undefined without events.
     *
     * @param count events, or the number to expect
     */
    public record Share(Number count, long of, Double value, Double low, Double high) {
        static Share of(long units, int scale, int of) {
            Number count = Point.number(units, scale);
            if (scale == 1) {
                Rate rate = Rate.of(units, of);
                return new Share(count, of, rate.value(), rate.low(), rate.high());
            }
            return new Share(count, of, of == 0 ? null : (Double) (count.doubleValue() / of), null, null);
        }

        /** "0.834 [0.791, 0.870]", "0.834 expected", or "undefined". */
        @Override
        public String toString() {
            if (value == null) {
                return "undefined";
            }
            return low == null
                    ? String.format(Locale.ROOT, "%.3f expected", value)
                    : Rate.of(count.longValue(), of).toString();
        }
    }
}
