package org.qexit.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.common.Checks;

/**
 * The {@link RulePath} through a rule along the quantiles of a trace's scores. Below and above the rule, all its thresholds move
 * together, so that none
 * runs ahead: with F the distribution function of the scores, the rule at s &isin; [0, 1] below it has thresholds F<sup>-1</sup>(s F(l))
 * and
 * F<sup>-1</sup>(s F(u)); above it the shares 1 - F shrink likewise. F is that of all exits' scores together for a pair, and of each
 * exit's own for thresholds
 * per exit, where tests that never or always fire stay as they are if any threshold u is a number. No threshold falls along the path,
 * hence it is nested (docs/maths.md §3). &tau; of a rule is the share of the trace's events
 * that it does not offload, kept off the ends by half an event.
 */
public final class QuantilePath {
    /** Rules tried on each side of the fixed one. */
    private static final int STEPS = 200;

    private final DeviceTrace trace;
    private final ExitThresholds fixed;
    /** {@code [exit][score]}, ascending. */
    private final float[][] scores;

    /** Whether tests that never or always fire go on doing so. */
    private final boolean endsStay;

    private final List<Double> from = new ArrayList<>();
    private final List<ExitThresholds> rules = new ArrayList<>();

    private QuantilePath(DeviceTrace trace, ExitThresholds fixed, float[][] scores) {
        this.trace = trace;
        this.fixed = fixed;
        this.scores = scores;
        boolean moves = false;
        for (int q = 0; q < fixed.exits(); q++) {
            moves |= !Float.isInfinite(fixed.upper(q));
        }
        endsStay = moves;
    }

    /**
     * The path through a rule, by the scores of a trace of at least one event.
     *
     * @param trace such as the one that the thresholds were chosen on
     */
    public static RulePath of(DeviceTrace trace, Rule rule) {
        Checks.present("rule", rule);
        Checks.within("events of the trace", trace.size(), 1, Integer.MAX_VALUE);
        return rule instanceof ExitThresholds each
                ? new QuantilePath(trace, each, ofEach(trace)).path()
                : new QuantilePath(trace, ExitThresholds.of((Thresholds) rule, trace.exits()), pooled(trace)).path();
    }

    private static float[][] ofEach(DeviceTrace trace) {
        float[][] sorted = new float[trace.exits()][];
        for (int q = 0; q < sorted.length; q++) {
            sorted[q] = trace.scores()[q].clone();
            Arrays.sort(sorted[q]);
        }
        return sorted;
    }

    private static float[][] pooled(DeviceTrace trace) {
        float[] all = new float[trace.exits() * trace.size()];
        for (int q = 0; q < trace.exits(); q++) {
            System.arraycopy(trace.scores()[q], 0, all, q * trace.size(), trace.size());
        }
        Arrays.sort(all);
        float[][] shared = new float[trace.exits()][];
        Arrays.fill(shared, all);
        return shared;
    }

    private RulePath path() {
        double at = tau(fixed);
        for (int i = 1; i < STEPS; i++) {
            add(moved((double) i / STEPS, true), at);
        }
        int place = from.size();
        from.add(at);
        rules.add(fixed);
        for (int i = STEPS - 1; i > 0; i--) {
            add(moved((double) i / STEPS, false), 1);
        }
        return RulePath.of(from.stream().mapToDouble(Double::doubleValue).toArray(), rules, place);
    }

    /** Adds a rule that keeps more events than the one before. */
    private void add(ExitThresholds rule, double below) {
        double tau = tau(rule);
        if (tau > (from.isEmpty() ? -1 : from.get(from.size() - 1)) && tau < below) {
            from.add(tau);
            rules.add(rule);
        }
    }

    private double tau(ExitThresholds rule) {
        double half = 0.5 / trace.size();
        double kept = 1 - (double) Confusion.of(trace, rule).offloads() / trace.size();
        return Math.min(1 - half, Math.max(half, kept));
    }

    private ExitThresholds moved(double s, boolean loosened) {
        float[] lower = new float[fixed.exits()];
        float[] upper = new float[fixed.exits()];
        for (int q = 0; q < lower.length; q++) {
            lower[q] = stays(fixed.lower(q)) ? fixed.lower(q) : moved(scores[q], fixed.lower(q), s, loosened);
            upper[q] = stays(fixed.upper(q)) ? fixed.upper(q) : moved(scores[q], fixed.upper(q), s, loosened);
            lower[q] = Math.min(lower[q], upper[q]);
        }
        return ExitThresholds.of(lower, upper);
    }

    private boolean stays(float threshold) {
        return endsStay && Float.isInfinite(threshold);
    }

    private static float moved(float[] sorted, float threshold, double s, boolean loosened) {
        double below = below(sorted, threshold);
        return loosened
                ? Math.min(threshold, quantile(sorted, s * below))
                : Math.max(threshold, quantile(sorted, 1 - s * (1 - below)));
    }

    /** Share of scores below a threshold. */
    private static double below(float[] sorted, float threshold) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < threshold) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return (double) low / sorted.length;
    }

    private static float quantile(float[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.max(0, share * sorted.length))];
    }
}
