package org.qexit.allocation;

import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.qexit.common.Checks;

/**
 * Limits of a solve. Without a time limit in effect, the result depends on {@code seed} and {@code effort} only.
 *
 * @param seconds wall-clock limit
 * @param gap stop when bound − objective ≤ gap · |objective|
 * @param seed of every random choice
 * @param effort scales the work of heuristics and the number of search nodes; 1 is the default
 * @param stop set to true from outside to stop early with the incumbent
 * @param listener hears of progress
 * @param without parts of the search that are switched off
 */
public record SolveOptions(
        double seconds,
        double gap,
        long seed,
        double effort,
        AtomicBoolean stop,
        Consumer<ProgressNote> listener,
        Set<SearchPart> without) {
    /** Gaps of this size relative to |objective| are rounding, not doubt. */
    public static final double PROVEN = 1e-9;

    public SolveOptions {
        Checks.positive("seconds", seconds);
        Checks.nonNegative("gap", gap);
        Checks.positive("effort", effort);
        Checks.present("stop", stop);
        Checks.present("listener", listener);
        Checks.present("without", without);
        without = Set.copyOf(without);
    }

    /** Whether a part of the search is on. */
    public boolean uses(SearchPart part) {
        return !without.contains(part);
    }

    /** The gap relative to |objective| at which a search is over. */
    public double tolerance() {
        return Math.max(gap, PROVEN);
    }

    /** How far the bound may be above a plan's objective when the search for a better one is over. */
    public double slack(double objective) {
        return tolerance() * Math.abs(objective);
    }

    /** Whether the bound proves a plan of this objective optimal, to rounding: whatever gap was asked for, and in whatever unit. */
    public static boolean isOptimal(double objective, double bound) {
        return bound - objective <= PROVEN * Math.abs(objective);
    }

    /** (bound − objective) / |objective|; 0 where both agree. */
    public static double relativeGap(double objective, double bound) {
        return bound <= objective ? 0 : (bound - objective) / Math.abs(objective);
    }

    /** One minute, to proven optimality, seed 1. */
    public static SolveOptions defaults() {
        return new SolveOptions(60, 0, 1, 1, new AtomicBoolean(), note -> {}, Set.of());
    }

    public SolveOptions withSeconds(double limit) {
        return new SolveOptions(limit, gap, seed, effort, stop, listener, without);
    }

    public SolveOptions withGap(double relative) {
        return new SolveOptions(seconds, relative, seed, effort, stop, listener, without);
    }

    public SolveOptions withSeed(long newSeed) {
        return new SolveOptions(seconds, gap, newSeed, effort, stop, listener, without);
    }

    public SolveOptions withEffort(double factor) {
        return new SolveOptions(seconds, gap, seed, factor, stop, listener, without);
    }

    public SolveOptions withStop(AtomicBoolean flag) {
        return new SolveOptions(seconds, gap, seed, effort, flag, listener, without);
    }

    public SolveOptions withListener(Consumer<ProgressNote> ear) {
        return new SolveOptions(seconds, gap, seed, effort, stop, ear, without);
    }

    public SolveOptions without(Set<SearchPart> switchedOff) {
        return new SolveOptions(seconds, gap, seed, effort, stop, listener, switchedOff);
    }

    /**
     * Where a solve stands.
     *
     * @param seconds since the start
     * @param phase what it does
     * @param objective of the incumbent, −∞ if there is none
     * @param bound proven so far
     */
    public record ProgressNote(double seconds, String phase, double objective, double bound) {
        public double relativeGap() {
            return objective == Double.NEGATIVE_INFINITY
                    ? Double.POSITIVE_INFINITY
                    : SolveOptions.relativeGap(objective, bound);
        }
    }
}
