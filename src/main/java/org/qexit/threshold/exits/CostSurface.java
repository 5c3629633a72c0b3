package org.qexit.threshold.exits;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.common.Checks;
import org.qexit.threshold.CostedPairSearch;
import org.qexit.threshold.LocalCost;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.RuleKind;

/**
 * TP(w, c): the most true positives with at most w offloads and a mean local cost of at most c, on a grid of both, docs/maths.md §11. Exact
 * for pairs; for thresholds per exit what the search finds, never below a neighbour of smaller caps. The arrays are not copied.
 *
 * @param offloads w, ascending, {@code [i]}; the last is all events
 * @param costs c, ascending from the first exit's cost to the last's, {@code [j]}
 * @param truePositives {@code [i][j]}
 * @param events K
 * @param positives |P|
 */
public record CostSurface(int[] offloads, List<BigDecimal> costs, int[][] truePositives, int events, int positives) {
    /** Steps of either axis. */
    private static final int STEPS = 24;

    private static final MathContext DIGITS = new MathContext(6);

    /**
     * Computes it.
     *
     * @param exitCosts of an event that stops at each exit, {@code [exit]}
     * @throws IllegalArgumentException unless there is a cost for each exit
     */
    public static CostSurface of(DeviceTrace trace, RuleKind kind, List<BigDecimal> exitCosts, int maxFalsePositives) {
        Checks.within("maxFalsePositives", maxFalsePositives, 0, Integer.MAX_VALUE);
        List<BigDecimal> costs = levels(exitCosts);
        int[] offloads = new int[Math.min(STEPS, trace.size()) + 1];
        for (int i = 0; i < offloads.length; i++) {
            offloads[i] = (int) ((long) trace.size() * i / (offloads.length - 1 == 0 ? 1 : offloads.length - 1));
        }
        int[][] found = new int[offloads.length][costs.size()];
        for (int i = 0; i < offloads.length; i++) {
            Row row =
                    new Row(trace, kind, exitCosts, costs, new ExitSearch.Limits(offloads[i], maxFalsePositives, null));
            row.fill(found[i], i == 0 ? null : found[i - 1]);
        }
        return new CostSurface(offloads, costs, found, trace.size(), trace.positives());
    }

    private static List<BigDecimal> levels(List<BigDecimal> exitCosts) {
        BigDecimal least = exitCosts.get(0);
        BigDecimal most = exitCosts.get(exitCosts.size() - 1);
        List<BigDecimal> levels = new ArrayList<>(List.of(least));
        for (int j = 1; j < STEPS; j++) {
            BigDecimal level = least.add(
                    most.subtract(least).multiply(BigDecimal.valueOf(j)).divide(BigDecimal.valueOf(STEPS), DIGITS));
            if (level.compareTo(levels.get(levels.size() - 1)) > 0) {
                levels.add(level);
            }
        }
        if (most.compareTo(least) > 0) {
            levels.add(most);
        }
        return levels;
    }

    /** Of one budget of offloads. */
    private record Row(
            DeviceTrace trace,
            RuleKind kind,
            List<BigDecimal> exitCosts,
            List<BigDecimal> costs,
            ExitSearch.Limits limits) {

        /** Caps between which nothing rises need no search of their own. */
        void fill(int[] row, int[] before) {
            Arrays.fill(row, -1);
            row[0] = at(0);
            row[row.length - 1] = row.length == 1 ? row[0] : at(row.length - 1);
            between(row, 0, row.length - 1);
            for (int j = 0; j < row.length; j++) {
                int beside = Math.max(j == 0 ? 0 : row[j - 1], before == null ? 0 : before[j]);
                row[j] = Math.max(row[j], beside);
            }
        }

        private void between(int[] row, int from, int to) {
            if (to - from < 2) {
                return;
            }
            int middle = (from + to) >>> 1;
            row[middle] = kind == RuleKind.PAIR && row[from] == row[to] ? row[from] : at(middle);
            between(row, from, middle);
            between(row, middle, to);
        }

        private int at(int j) {
            LocalCost cost = new LocalCost(exitCosts, costs.get(j)).check(trace.exits());
            return switch (kind) {
                case PAIR ->
                    CostedPairSearch.within(trace, limits.offloads(), limits.falsePositives(), cost)
                            .truePositives();
                case PER_EXIT ->
                    ExitSearch.of(trace, new ExitSearch.Limits(limits.offloads(), limits.falsePositives(), cost), 0)
                            .counts()
                            .truePositives();
            };
        }
    }
}
