package org.qexit.experiment.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Arrays;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.common.ThreadClock;
import org.qexit.threshold.Baselines;
import org.qexit.threshold.BudgetSearch;
import org.qexit.threshold.Frontier;
import org.qexit.threshold.exits.ExitSearch;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/**
 * How long the searches take, on one thread, beside sorting the pooled scores with {@link Arrays#sort(float[])}: the yardstick,
 * since no exact search does without an order of the scores. CPU time of the thread, least of several runs.
 */
public final class SpeedStudy {
    /** Budgets searched together. */
    public static final int BUDGETS = 256;

    private static final int RUNS = 5;
    /** A run longer than this is not repeated. */
    private static final double LONG_SECONDS = 5;

    private SpeedStudy() {}

    /**
     * What is searched.
     *
     * @param events K
     * @param exits L
     * @param critical share of critical events
     */
    public record Setting(int events, int exits, double critical) {}

    /**
     * The measurements.
     *
     * @param sortSeconds sorting the K L scores
     * @param oneBudgetSeconds one budget, K/10 offloads, from the trace to the thresholds
     * @param manyBudgetsSeconds {@value #BUDGETS} budgets, evenly spread over 0..K
     * @param frontierSeconds all budgets, with the thresholds of every corner
     * @param frontierSteps its corners
     * @param perExit one budget with thresholds per exit
     * @param literal the comparison with the published Algorithm 1, or null
     */
    public record Speeds(
            @JsonUnwrapped Setting setting,
            double sortSeconds,
            double oneBudgetSeconds,
            double manyBudgetsSeconds,
            double frontierSeconds,
            int frontierSteps,
            PerExit perExit,
            Literal literal) {
        /** Times the sorting of the scores. */
        @JsonProperty
        public double oneBudgetPerSort() {
            return oneBudgetSeconds / sortSeconds;
        }

        /** Times the sorting of the scores. */
        @JsonProperty
        public double manyBudgetsPerSort() {
            return manyBudgetsSeconds / sortSeconds;
        }
    }

    /**
     * The search for thresholds per exit, without its proof, at the same budget as one pair.
     *
     * @param perSort times the sorting of the scores
     */
    public record PerExit(double seconds, double perSort, int truePositives, int pairTruePositives) {}

    /**
     * Algorithm 1 to the letter and our search for the same budget.
     *
     * @param speedup algorithm1Seconds / oneBudgetSeconds
     * @param truePositives found by Algorithm 1, which only tries scores of critical events
     * @param ourTruePositives found by the exact search
     */
    public record Literal(
            int events,
            double algorithm1Seconds,
            double oneBudgetSeconds,
            double speedup,
            int truePositives,
            int ourTruePositives) {}

    /** Measures on synthetic events; {@code literalEvents} = 0 leaves Algorithm 1 out. */
    public static Speeds run(int events, int exits, double critical, int literalEvents, long seed) {
        Checks.within("events", events, 1, 20_000_000);
        Checks.within("literal events", literalEvents, 0, 100_000);
        SyntheticEvents law = new SyntheticEvents(exits, critical, 4);
        // The compiler should know the code before the clock runs.
        DeviceTrace warm = law.draw(20_000, RandomStreams.of(seed).stream("warm"));
        for (int i = 0; i < 10; i++) {
            Frontier.of(warm);
            BudgetSearch.of(warm).within(spread(warm.size()), Integer.MAX_VALUE);
            BudgetSearch.of(warm).within(warm.size() / 10);
        }
        DeviceTrace trace = law.draw(events, RandomStreams.of(seed).stream("speed"));
        float[] pooled = new float[Math.multiplyExact(events, exits)];
        double sort = least(() -> {
            for (int q = 0; q < exits; q++) {
                System.arraycopy(trace.scores()[q], 0, pooled, q * events, events);
            }
            Arrays.sort(pooled);
        });
        double one = least(() -> BudgetSearch.of(trace).within(events / 10));
        double many = least(() -> BudgetSearch.of(trace).within(spread(events), Integer.MAX_VALUE));
        int[] steps = new int[1];
        double all = least(() -> steps[0] = Frontier.of(trace).steps().size());
        return new Speeds(
                new Setting(events, exits, critical),
                sort,
                one,
                many,
                all,
                steps[0],
                perExit(trace, sort),
                literalEvents == 0 ? null : literal(law.draw(literalEvents, RandomStreams.of(seed).stream("literal"))));
    }

    private static PerExit perExit(DeviceTrace trace, double sort) {
        int budget = trace.size() / 10;
        ExitSearch.Limits limits = new ExitSearch.Limits(budget, Integer.MAX_VALUE, null);
        ExitSearch.Found[] found = new ExitSearch.Found[1];
        double seconds = least(() -> found[0] = ExitSearch.of(trace, limits, 0));
        return new PerExit(
                seconds,
                seconds / sort,
                found[0].counts().truePositives(),
                limits.pair(trace).truePositives());
    }

    private static Literal literal(DeviceTrace trace) {
        long budget = trace.size() / 10;
        for (int i = 0; i < 200; i++) {
            BudgetSearch.of(trace).within(budget);
        }
        Frontier.Step[] found = new Frontier.Step[1];
        double ours = least(() -> found[0] = BudgetSearch.of(trace).within(budget));
        Thresholds[] pair = new Thresholds[1];
        long start = ThreadClock.nanos();
        pair[0] = Baselines.algorithm1(trace, budget);
        double theirs = (ThreadClock.nanos() - start) * 1e-9;
        return new Literal(
                trace.size(),
                theirs,
                ours,
                theirs / ours,
                Confusion.of(trace, pair[0]).truePositives(),
                found[0].truePositives());
    }

    private static long[] spread(int events) {
        long[] budgets = new long[BUDGETS];
        for (int i = 0; i < BUDGETS; i++) {
            budgets[i] = (long) events * i / (BUDGETS - 1);
        }
        return budgets;
    }

    private static double least(Runnable task) {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < RUNS; i++) {
            long start = ThreadClock.nanos();
            task.run();
            double seconds = (ThreadClock.nanos() - start) * 1e-9;
            least = Math.min(least, seconds);
            if (seconds > LONG_SECONDS) {
                break;
            }
        }
        return least;
    }
}
