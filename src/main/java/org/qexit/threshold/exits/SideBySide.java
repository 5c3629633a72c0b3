package org.qexit.threshold.exits;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.threshold.BudgetSearch;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rate;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/**
 * What a rule is worth beside the others at the same caps: the best pair, thresholds per exit, and each single exit alone, which decides
 * every event by one threshold and needs all blocks up to it.
 *
 * @param rule "pair", "per-exit" or "exit 1 alone"
 * @param meanCost mean local cost, or null if the exits' costs are not known
 * @param withinCost whether that is within the cap; null if there is none
 */
public record SideBySide(
        String rule,
        int offloads,
        int truePositives,
        int falsePositives,
        Rate tpr,
        Rate fpr,
        Rate ofr,
        Double meanCost,
        Boolean withinCost) {

    /**
     * What is known of the exits' costs.
     *
     * @param exits cost of an event that stops at each exit, or null
     * @param cap on the mean, or null
     */
    public record Costs(List<BigDecimal> exits, BigDecimal cap) {
        /** Nothing. */
        public static final Costs UNKNOWN = new Costs(null, null);

        Double mean(Confusion counts) {
            if (exits == null || counts.events() == 0) {
                return null;
            }
            double sum = 0;
            for (int q = 0; q < exits.size(); q++) {
                sum += counts.exits().get(q) * exits.get(q).doubleValue();
            }
            return sum / counts.events();
        }
    }

    /** A rule on a trace. */
    public static SideBySide of(String name, DeviceTrace trace, Rule rule, Costs costs) {
        Confusion counts = Confusion.of(trace, rule);
        Double mean = costs.mean(counts);
        return new SideBySide(
                name,
                counts.offloads(),
                counts.truePositives(),
                counts.falsePositives(),
                counts.tpr(),
                counts.fpr(),
                counts.ofr(),
                mean,
                costs.cap() == null || mean == null
                        ? null
                        : (Boolean) (mean <= costs.cap().doubleValue() * (1 + 1e-12)));
    }

    /** Each exit alone, with most true positives within caps on offloads and false positives. */
    public static List<SideBySide> singles(DeviceTrace trace, long offloads, int maxFalsePositives, Costs costs) {
        List<SideBySide> rows = new ArrayList<>();
        for (int q = 0; q < trace.exits(); q++) {
            rows.add(of(alone(q), trace, single(trace, q, offloads, maxFalsePositives), costs));
        }
        return rows;
    }

    /** The rules by name that are best within caps: a pair, thresholds per exit (as found), each exit alone. */
    public static Map<String, Rule> rules(DeviceTrace trace, long offloads, int maxFalsePositives) {
        ExitSearch.Limits limits = new ExitSearch.Limits(offloads, maxFalsePositives, null);
        Map<String, Rule> rules = new LinkedHashMap<>();
        rules.put("pair", limits.pair(trace).thresholds());
        rules.put("per-exit", ExitSearch.of(trace, limits, 0).thresholds());
        for (int q = 0; q < trace.exits(); q++) {
            rules.put(alone(q), single(trace, q, offloads, maxFalsePositives));
        }
        return rules;
    }

    private static String alone(int exit) {
        return "exit " + (exit + 1) + " alone";
    }

    /** The best threshold of one exit when the others are skipped. */
    static ExitThresholds single(DeviceTrace trace, int exit, long offloads, int maxFalsePositives) {
        DeviceTrace own =
                new DeviceTrace(trace.device(), trace.events(), trace.labels(), new float[][] {trace.scores()[exit]});
        Thresholds best =
                BudgetSearch.of(own).within(offloads, maxFalsePositives).thresholds();
        float[] lower = new float[trace.exits()];
        float[] upper = new float[trace.exits()];
        Arrays.fill(lower, ExitThresholds.BELOW_ALL);
        Arrays.fill(upper, ExitThresholds.ABOVE_ALL);
        upper[exit] = best.upper();
        // What it leaves undecided is normal, and goes no further.
        lower[exit] = best.lower() == best.upper() ? best.lower() : below(best.upper());
        return ExitThresholds.of(lower, upper);
    }

    private static float below(float upper) {
        return upper == Thresholds.NEVER ? ExitThresholds.ABOVE_ALL : Math.max(0, Math.nextDown(upper));
    }
}
