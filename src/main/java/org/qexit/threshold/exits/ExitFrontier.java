package org.qexit.threshold.exits;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.qexit.threshold.CostedFrontier;
import org.qexit.threshold.Frontier;
import org.qexit.threshold.LocalCost;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rule;

/**
 * A staircase of rules between offloads and true positives: all corners of the exact frontier of pairs, and thresholds per exit that
 * find more ({@link ExitSearch} with little branch and bound, at budgets where the staircase rises most). Every corner is attained by its rule; that
 * no thresholds per exit lie above it is not proven. Deterministic; the number of searches falls with the size of the trace.
 */
public final class ExitFrontier {
    /** Searches on a small trace. */
    private static final int MOST_SEARCHES = 96;
    /** At least so many, however large it is. */
    private static final int LEAST_SEARCHES = 12;
    /** Confidences that branch and bound looks at after each search: some milliseconds. It is there to find more, not to prove. */
    private static final long EFFORT = 500_000;
    /** Confidences up to which a trace is small: a search then takes some ten milliseconds. */
    private static final int SMALL = 4_000;

    private final DeviceTrace trace;
    private final int maxFalsePositives;
    private final LocalCost cost;
    private final Ranks ranks;
    private final TreeMap<Integer, Corner> corners = new TreeMap<>();

    /**
     * One corner.
     *
     * @param offloads TP + FP on the trace
     * @param thresholds a pair, or thresholds per exit
     */
    public record Corner(int offloads, int truePositives, int falsePositives, Rule thresholds) {
        static Corner of(Frontier.Step step) {
            return new Corner(step.offloads(), step.truePositives(), step.falsePositives(), step.thresholds());
        }
    }

    private record Span(int from, int to, double rise) {
        static final Comparator<Span> STEEPEST =
                Comparator.comparingDouble((Span span) -> -span.rise).thenComparingInt(span -> span.from);
    }

    private ExitFrontier(DeviceTrace trace, int maxFalsePositives, LocalCost cost) {
        this.trace = trace;
        this.maxFalsePositives = maxFalsePositives;
        this.cost = cost;
        this.ranks = Ranks.of(trace, cost != null);
    }

    /**
     * The corners, strictly increasing in offloads and in true positives, from the first with a true positive.
     *
     * @param maxFalsePositives cap on false positives
     * @param cost cap on the mean local cost, or null
     */
    public static List<Corner> of(DeviceTrace trace, int maxFalsePositives, LocalCost cost) {
        ExitFrontier frontier = new ExitFrontier(trace, maxFalsePositives, cost);
        pairs(trace, maxFalsePositives, cost).forEach(frontier::add);
        if (trace.positives() > 0) {
            // Without a budget: a test that always fires takes confidences of 0 too, which no pair does.
            frontier.at(trace.size());
            if (trace.exits() > 1) {
                frontier.search();
            }
        }
        return new ArrayList<>(frontier.corners.values());
    }

    /** The corners of pairs alone, exactly. */
    public static List<Corner> pairs(DeviceTrace trace, int maxFalsePositives, LocalCost cost) {
        List<Frontier.Step> steps = cost == null
                ? Frontier.of(trace, maxFalsePositives).steps()
                : CostedFrontier.of(trace, maxFalsePositives, cost);
        return steps.stream()
                .filter(step -> step.truePositives() > 0)
                .map(Corner::of)
                .toList();
    }

    /** Keeps a corner that no other dominates, and drops those that it does. */
    private void add(Corner corner) {
        var below = corners.floorEntry(corner.offloads());
        if (below != null && below.getValue().truePositives() >= corner.truePositives()) {
            return;
        }
        corners.tailMap(corner.offloads()).values().removeIf(c -> c.truePositives() <= corner.truePositives());
        corners.put(corner.offloads(), corner);
    }

    private int truePositives(int offloads) {
        var entry = corners.floorEntry(offloads);
        return entry == null ? 0 : entry.getValue().truePositives();
    }

    private void search() {
        PriorityQueue<Span> open = new PriorityQueue<>(Span.STEEPEST);
        int top = corners.isEmpty() ? 0 : corners.lastKey();
        offer(open, 0, top);
        long size = (long) trace.size() * trace.exits();
        long searches = Math.max(LEAST_SEARCHES, Math.min(MOST_SEARCHES, MOST_SEARCHES * SMALL / Math.max(1, size)));
        for (int i = 0; i < searches && !open.isEmpty(); i++) {
            Span span = open.remove();
            int middle = (span.from + span.to) >>> 1;
            at(middle);
            offer(open, span.from, middle);
            offer(open, middle, span.to);
        }
    }

    /** Budgets between which nothing can be found are left out. */
    private void offer(PriorityQueue<Span> open, int from, int to) {
        int gained = truePositives(to) - truePositives(from);
        if (to - from > 1 && gained > 0) {
            open.add(new Span(from, to, Math.log((1.0 + truePositives(to)) / (1.0 + truePositives(from)))));
        }
    }

    /** Searches at one budget, from the best pair and from the rules of the corners around. */
    private void at(int offloads) {
        ExitSearch.Limits limits = new ExitSearch.Limits(offloads, maxFalsePositives, cost);
        Caps caps = limits.caps(trace);
        Search search = new Search(ranks, caps);
        search.run(ranks.places(limits.pair(trace).thresholds()));
        start(
                search,
                corners.floorEntry(offloads) == null
                        ? null
                        : corners.floorEntry(offloads).getValue());
        start(
                search,
                corners.higherEntry(offloads) == null
                        ? null
                        : corners.higherEntry(offloads).getValue());
        if (search.value() < Math.min(trace.positives(), offloads)) {
            new Proof(ranks, caps, search).bound(EFFORT);
        }
        if (search.best() == null || search.value() <= truePositives(offloads)) {
            return;
        }
        ExitThresholds found = ExitSearch.thresholds(ranks, search.best());
        Confusion counts = Confusion.of(trace, found);
        add(new Corner(counts.offloads(), counts.truePositives(), counts.falsePositives(), found));
    }

    private void start(Search search, Corner corner) {
        if (corner != null && corner.thresholds() instanceof ExitThresholds each) {
            search.ascend(ranks.places(each));
        }
    }
}
