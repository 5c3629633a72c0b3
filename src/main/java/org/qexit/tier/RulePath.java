package org.qexit.tier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.common.Checks;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rule;
import org.qexit.trace.RuleKind;
import org.qexit.trace.Thresholds;

/**
 * A nested path of rules from "offload everything" (&tau; &le; 0) to "offload nothing" (&tau; &ge; 1), docs/maths.md §10: what a rule offloads
 * every rule of a smaller &tau; offloads, too.
 *
 * <p>It runs through a fixed rule (l, u). Below and above, both thresholds move together along the quantiles of the pooled scores of a trace, so
 * that neither runs ahead: with F their distribution function, the rule at s &isin; [0, 1] below it has thresholds F<sup>-1</sup>(s F(l)) and
 * F<sup>-1</sup>(s F(u)); above it the shares 1 - F shrink likewise. Thresholds per exit move along the scores of their own exit. All thresholds
 * rise along the path, hence it is nested (docs/maths.md §3 and §11). &tau; of a rule is the share of the trace's events that it does not
 * offload, kept off the ends by half an event.
 */
public final class RulePath {
    /** Rules tried on each side of the fixed one. */
    private static final int STEPS = 200;

    private final double[] from;
    private final DeviceRule[] rules;
    private final int fixed;

    private RulePath(double[] from, DeviceRule[] rules, int fixed) {
        this.from = from;
        this.rules = rules;
        this.fixed = fixed;
    }

    /**
     * The path through a rule, by the scores of a trace of at least one event.
     *
     * @param trace such as the one that the thresholds were chosen on
     */
    public static RulePath of(DeviceTrace trace, Rule thresholds) {
        Checks.present("thresholds", thresholds);
        Checks.within("events of the trace", trace.size(), 1, Integer.MAX_VALUE);
        float[][] scores = sorted(trace, thresholds.kind());
        double half = 0.5 / trace.size();
        double fixedTau = tau(trace, thresholds, half);
        List<Double> from = new ArrayList<>();
        List<DeviceRule> rules = new ArrayList<>();
        double before = -1;
        for (int i = 1; i < STEPS; i++) {
            Rule rule = loosened(scores, thresholds, (double) i / STEPS);
            double tau = tau(trace, rule, half);
            if (tau > before && tau < fixedTau) {
                from.add(tau);
                rules.add(DeviceRule.of(rule));
                before = tau;
            }
        }
        int at = from.size();
        from.add(fixedTau);
        rules.add(DeviceRule.of(thresholds));
        before = fixedTau;
        for (int i = STEPS - 1; i > 0; i--) {
            Rule rule = tightened(scores, thresholds, (double) i / STEPS);
            double tau = tau(trace, rule, half);
            if (tau > before) {
                from.add(tau);
                rules.add(DeviceRule.of(rule));
                before = tau;
            }
        }
        return new RulePath(
                from.stream().mapToDouble(Double::doubleValue).toArray(), rules.toArray(DeviceRule[]::new), at);
    }

    /** The rule at a place on the path; any number, NaN excepted. */
    public DeviceRule at(double tau) {
        if (Double.isNaN(tau)) {
            throw new IllegalArgumentException("tau is NaN; expected a number");
        }
        if (tau <= 0) {
            return DeviceRule.EVERYTHING;
        }
        if (tau >= 1) {
            return DeviceRule.NOTHING;
        }
        int place = Arrays.binarySearch(from, tau);
        int index = place >= 0 ? place : -place - 2;
        return index < 0 ? DeviceRule.EVERYTHING : rules[index];
    }

    /** Where the fixed rule begins, in (0, 1): {@code at(fixedTau())} is the rule that the path runs through. */
    public double fixedTau() {
        return from[fixed];
    }

    /** Rules between the two ends. */
    public int size() {
        return rules.length;
    }

    private static double tau(DeviceTrace trace, Rule rule, double half) {
        double kept = 1 - (double) Confusion.of(trace, rule).offloads() / trace.size();
        return Math.min(1 - half, Math.max(half, kept));
    }

    /** The scores that thresholds move along, ascending: those of all exits pooled for a pair, else each exit's own, {@code [exit]}. */
    private static float[][] sorted(DeviceTrace trace, RuleKind kind) {
        if (kind == RuleKind.PAIR) {
            return new float[][] {pooled(trace)};
        }
        float[][] scores = new float[trace.exits()][];
        for (int q = 0; q < scores.length; q++) {
            scores[q] = trace.scores()[q].clone();
            Arrays.sort(scores[q]);
        }
        return scores;
    }

    private static float[] pooled(DeviceTrace trace) {
        float[] scores = new float[trace.exits() * trace.size()];
        for (int q = 0; q < trace.exits(); q++) {
            System.arraycopy(trace.scores()[q], 0, scores, q * trace.size(), trace.size());
        }
        Arrays.sort(scores);
        return scores;
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

    private static Rule loosened(float[][] scores, Rule fixed, double s) {
        return moved(
                scores, fixed, (sorted, from) -> Math.min(from, quantile(sorted, s * below(sorted, from))));
    }

    private static Rule tightened(float[][] scores, Rule fixed, double s) {
        return moved(
                scores,
                fixed,
                (sorted, from) -> Math.max(from, quantile(sorted, 1 - s * (1 - below(sorted, from)))));
    }

    /** Where a threshold moves to among ascending scores. */
    private interface Move {
        float to(float[] sorted, float from);
    }

    private static Rule moved(float[][] scores, Rule fixed, Move move) {
        if (fixed instanceof Thresholds pair) {
            float upper = move.to(scores[0], pair.upper());
            return new Thresholds(Math.min(move.to(scores[0], pair.lower()), upper), upper);
        }
        ExitThresholds each = (ExitThresholds) fixed;
        float[] lower = new float[scores.length];
        float[] upper = new float[scores.length];
        for (int q = 0; q < scores.length; q++) {
            upper[q] = move.to(scores[q], each.upper(q));
            lower[q] = Math.min(move.to(scores[q], each.lower(q)), upper[q]);
        }
        return ExitThresholds.of(lower, upper);
    }
}
