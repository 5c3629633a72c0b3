package org.qexit.experiment.rules;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.threshold.LocalCost;
import org.qexit.threshold.exits.ExitSearch;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/** The rules that are compared, each the best of its kind on a device's validation events within the same budget. */
final class RuleChoice {
    static final String PAIR = "pair";
    static final String PER_EXIT = "per-exit";

    /** Thresholds per exit whose mean cost on the validation events is at most the pair's. */
    static final String AT_PAIRS_COST = "per-exit-at-pairs-cost";

    private RuleChoice() {}

    /** Name of the rule that decides all events at one exit, from 1. */
    static String single(int exit) {
        return "exit-" + exit;
    }

    /** By name, the pair first. */
    static Map<String, Rule> of(DeviceTrace trace, double budget, List<BigDecimal> costs) {
        long offloads = (long) Math.floor(budget * trace.size() + 1e-9);
        ExitSearch.Limits free = new ExitSearch.Limits(offloads, trace.size(), null);
        Map<String, Rule> rules = new LinkedHashMap<>();
        Thresholds pair = free.pair(trace).thresholds();
        rules.put(PAIR, pair);
        rules.put(PER_EXIT, ExitSearch.of(trace, free, 0).thresholds());
        rules.put(
                AT_PAIRS_COST,
                ExitSearch.of(trace, new ExitSearch.Limits(offloads, trace.size(), cost(trace, pair, costs)), 0)
                        .thresholds());
        for (int q = 0; q < trace.exits(); q++) {
            rules.put(single(q + 1), single(trace, q, offloads));
        }
        return rules;
    }

    /** The pair's mean cost on the trace as a cap. */
    private static LocalCost cost(DeviceTrace trace, Thresholds pair, List<BigDecimal> costs) {
        List<Integer> taken = Confusion.of(trace, pair).exits();
        BigDecimal sum = BigDecimal.ZERO;
        for (int q = 0; q < costs.size(); q++) {
            sum = sum.add(costs.get(q).multiply(BigDecimal.valueOf(taken.get(q))));
        }
        return new LocalCost(costs, sum.divide(BigDecimal.valueOf(trace.size()), 6, RoundingMode.UP));
    }

    /** One threshold at one exit; the exits before it decide nothing. */
    private static ExitThresholds single(DeviceTrace trace, int exit, long offloads) {
        DeviceTrace alone =
                new DeviceTrace(trace.device(), trace.events(), trace.labels(), new float[][] {trace.scores()[exit]});
        Thresholds best =
                new ExitSearch.Limits(offloads, trace.size(), null).pair(alone).thresholds();
        float[] lower = new float[trace.exits()];
        float[] upper = new float[trace.exits()];
        Arrays.fill(lower, ExitThresholds.BELOW_ALL);
        Arrays.fill(upper, ExitThresholds.ABOVE_ALL);
        upper[exit] = best.upper();
        // What is below u is normal, and so nothing is left for the exits behind.
        lower[exit] = best.upper() == Thresholds.NEVER ? ExitThresholds.ABOVE_ALL : Math.nextDown(best.upper());
        if (lower[exit] < 0) {
            lower[exit] = ExitThresholds.BELOW_ALL;
        }
        return ExitThresholds.of(lower, upper);
    }

    static List<String> names(int exits) {
        List<String> names = new ArrayList<>(List.of(PAIR, PER_EXIT, AT_PAIRS_COST));
        for (int q = 1; q <= exits; q++) {
            names.add(single(q));
        }
        return names;
    }
}
