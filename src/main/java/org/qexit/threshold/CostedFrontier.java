package org.qexit.threshold;

import java.util.ArrayList;
import java.util.List;
import org.qexit.trace.DeviceTrace;

/**
 * The frontier of pairs under a cap on the mean local cost, exactly: {@link CostedPairSearch} at every budget where it could rise. Two
 * budgets with as many true positives have nothing between them. O(corners · log K) searches.
 */
public final class CostedFrontier {
    private final DeviceTrace trace;
    private final int maxFalsePositives;
    private final LocalCost cost;
    private final List<Frontier.Step> steps = new ArrayList<>();

    private CostedFrontier(DeviceTrace trace, int maxFalsePositives, LocalCost cost) {
        this.trace = trace;
        this.maxFalsePositives = maxFalsePositives;
        this.cost = cost;
    }

    /** The corners, ascending in offloads and true positives; the first offloads nothing. */
    public static List<Frontier.Step> of(DeviceTrace trace, int maxFalsePositives, LocalCost cost) {
        CostedFrontier frontier = new CostedFrontier(trace, maxFalsePositives, cost);
        frontier.steps.add(Frontier.never());
        frontier.between(Frontier.never(), frontier.at(trace.size()));
        return frontier.steps;
    }

    private Frontier.Step at(int offloads) {
        return CostedPairSearch.within(trace, offloads, maxFalsePositives, cost);
    }

    /** Adds the corners above {@code low} up to {@code high}, which is one itself. */
    private void between(Frontier.Step low, Frontier.Step high) {
        if (high.truePositives() == low.truePositives()) {
            return;
        }
        // The most with fewer offloads than the corner above.
        Frontier.Step next = at(high.offloads() - 1);
        if (next.truePositives() > low.truePositives()) {
            Frontier.Step middle = at((low.offloads() + next.offloads()) >>> 1);
            between(low, middle);
            between(middle.truePositives() > low.truePositives() ? middle : low, next);
        }
        steps.add(high);
    }
}
