package org.qexit.threshold;

import java.util.ArrayList;
import java.util.List;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/**
 * The exact threshold frontier of one device: for every budget w = 0..K the most critical events that any pair of thresholds
 * offloads correctly with at most w offloads, docs/maths.md §4. It is a staircase; only its corners are kept.
 *
 * <pre>{@code
 * byte[] labels = {1, 0, 1}; // [event], 1 = critical
 * float[][] scores = {{0.9f, 0.2f, 0.5f}, {0.8f, 0.1f, 0.7f}}; // [exit][event]
 * DeviceTrace trace = new DeviceTrace("ue1", new long[] {0, 1, 2}, labels, scores);
 * Frontier.Step best = Frontier.of(trace).within(2); // at most 2 of the 3 events are offloaded
 * Thresholds thresholds = best.thresholds(); // these find best.truePositives() critical events
 * }</pre>
 *
 * <p>Immutable, so safe for any number of threads.
 */
public final class Frontier {
    private final String device;
    private final int events;
    private final int positives;
    private final List<Step> steps;

    private Frontier(String device, int events, int positives, List<Step> steps) {
        this.device = device;
        this.events = events;
        this.positives = positives;
        this.steps = List.copyOf(steps);
    }

    /**
     * One corner of the staircase.
     *
     * @param offloads TP + FP
     * @param truePositives critical events offloaded
     * @param falsePositives normal events offloaded
     * @param thresholds a pair that attains these counts on the trace
     * @param margin least distance between a threshold and an observed score; 1 for "never"
     */
    public record Step(int offloads, int truePositives, int falsePositives, Thresholds thresholds, float margin) {}

    /**
     * The frontier over all budgets, from 0 to all of the trace's events.
     *
     * @param trace at least one exit; a trace without events has the corner "never" alone
     */
    public static Frontier of(DeviceTrace trace) {
        return of(trace, Integer.MAX_VALUE);
    }

    /**
     * The frontier over all budgets among the pairs with at most {@code maxFalsePositives} false positives.
     *
     * @throws IllegalArgumentException if {@code maxFalsePositives} is negative
     */
    public static Frontier of(DeviceTrace trace, int maxFalsePositives) {
        if (maxFalsePositives < 0) {
            throw new IllegalArgumentException("maxFalsePositives is " + maxFalsePositives + "; expected >= 0");
        }
        Moves moves = Moves.of(trace);
        FrontierSweep sweep = new FrontierSweep(moves, trace.size(), maxFalsePositives);
        sweep.run();
        Gaps gaps = Gaps.of(trace);
        List<Step> steps = new ArrayList<>();
        steps.add(never());
        int most = 0;
        for (int w = 1; w <= trace.size(); w++) {
            if (sweep.best(w) > most) {
                most = sweep.best(w);
                steps.add(gaps.step(most, w - most, sweep.upper(w), sweep.lower(w)));
            }
        }
        return new Frontier(trace.device(), trace.size(), trace.positives(), steps);
    }

    /** No event is ever critical, and all stop at the first exit. */
    static Step never() {
        return new Step(0, 0, 0, new Thresholds(1, Thresholds.NEVER), 1);
    }

    public String device() {
        return device;
    }

    /** K, the number of events. */
    public int events() {
        return events;
    }

    /** |P|, the number of critical events. */
    public int positives() {
        return positives;
    }

    /** The corners, ascending in offloads and in true positives; the first offloads nothing. */
    public List<Step> steps() {
        return steps;
    }

    /**
     * The corners of the least concave function above the staircase, ascending: what a relaxation may assume of this device.
     * The staircase lies below it between its corners, so it is a bound and not attainable there.
     */
    public List<Step> envelope() {
        List<Step> hull = new ArrayList<>();
        for (Step step : steps) {
            while (hull.size() >= 2 && !turnsDown(hull.get(hull.size() - 2), hull.get(hull.size() - 1), step)) {
                hull.remove(hull.size() - 1);
            }
            hull.add(step);
        }
        return List.copyOf(hull);
    }

    /** Whether the slope from a to b exceeds that from b to c. */
    private static boolean turnsDown(Step a, Step b, Step c) {
        long rise = (long) (b.truePositives - a.truePositives) * (c.offloads - b.offloads);
        return rise > (long) (c.truePositives - b.truePositives) * (b.offloads - a.offloads);
    }

    /**
     * The step with most true positives among those with at most {@code offloads}; fewest offloads among equals. O(log corners).
     *
     * @throws IllegalArgumentException if {@code offloads} is negative
     */
    public Step within(long offloads) {
        if (offloads < 0) {
            throw new IllegalArgumentException("a budget of " + offloads + " offloads; expected >= 0");
        }
        int low = 0;
        int high = steps.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (steps.get(middle).offloads() <= offloads) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return steps.get(low);
    }
}
