package org.qexit.threshold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.qexit.trace.DeviceTrace;

/**
 * The exact search for one or a few budgets, without the whole frontier: most true positives with at most w offloads and
 * at most f false positives, and among those the fewest offloads.
 *
 * <p>As u falls, the offloads at a fixed l only grow, so the smallest l within the budget only rises: a pointer that moves one
 * way replaces a search tree. O(KL) after sorting, for each budget; budgets share the sorting and the walk over the moves.
 *
 * <p>What the first exit alone offloads at u is offloaded whatever l is. So where that is more than the largest budget, or more normal
 * events than allowed, no pair with that u or a lower one is admissible, and events whose scores are all lower need not be sorted: at a
 * budget of a tenth, most.
 */
public final class BudgetSearch {
    private final DeviceTrace trace;

    private BudgetSearch(DeviceTrace trace) {
        this.trace = trace;
    }

    /** A search over a trace; each call of {@code within} sorts what it needs. */
    public static BudgetSearch of(DeviceTrace trace) {
        return new BudgetSearch(trace);
    }

    /** The best step with at most {@code offloads} offloads; equal to {@code Frontier.of(trace).within(offloads)}. */
    public Frontier.Step within(long offloads) {
        return within(offloads, Integer.MAX_VALUE);
    }

    /** The best step with at most {@code offloads} offloads and at most {@code maxFalsePositives} false positives. */
    public Frontier.Step within(long offloads, int maxFalsePositives) {
        return within(new long[] {offloads}, maxFalsePositives).get(0);
    }

    /**
     * The best step of each budget.
     *
     * @param offloads budgets, ascending
     */
    public List<Frontier.Step> within(long[] offloads, int maxFalsePositives) {
        int n = offloads.length;
        int[] budgets = new int[n];
        for (int i = 0; i < n; i++) {
            if (offloads[i] < 0 || i > 0 && offloads[i] < offloads[i - 1]) {
                throw new IllegalArgumentException(
                        "budgets " + Arrays.toString(offloads) + "; expected ascending and >= 0");
            }
            budgets[i] = (int) Math.min(offloads[i], trace.size());
        }
        if (maxFalsePositives < 0) {
            throw new IllegalArgumentException("maxFalsePositives is " + maxFalsePositives + "; expected >= 0");
        }
        Moves moves = Moves.above(trace, n == 0 ? 0 : leastUpper(budgets[n - 1], maxFalsePositives));
        int[] most = new PointerSweep(moves, n).mostTruePositives(budgets, maxFalsePositives);
        PointerSweep fewest = new PointerSweep(moves, n);
        int[] least = fewest.fewestOffloads(most);
        int[] wanted = new int[2 * n];
        for (int i = 0; i < n; i++) {
            wanted[2 * i] = fewest.upper(i);
            wanted[2 * i + 1] = Math.min(fewest.lower(i), fewest.upper(i));
        }
        Gaps gaps = Gaps.under(trace, wanted);
        List<Frontier.Step> steps = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            steps.add(
                    most[i] == 0
                            ? Frontier.never()
                            : gaps.step(most[i], least[i] - most[i], fewest.upper(i), fewest.lower(i)));
        }
        return steps;
    }

    /** Float bits of the least score under which u may lie for the first exit alone to keep to both caps. */
    private int leastUpper(int budget, int maxFalsePositives) {
        float[] first = trace.scores()[0];
        byte[] labels = trace.labels();
        int size = trace.size();
        int tooMany = budget < size ? Selection.largest(budget, size, k -> Moves.bits(first[k])) : -1;
        int normal = size - trace.positives();
        if (maxFalsePositives < normal) {
            IntUnaryOperator normalScore = k -> labels[k] == 0 ? Moves.bits(first[k]) : -1;
            tooMany = Math.max(tooMany, Selection.largest(maxFalsePositives, size, normalScore));
        }
        return tooMany + 1;
    }
}
