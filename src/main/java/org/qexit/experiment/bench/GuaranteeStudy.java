package org.qexit.experiment.bench;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.Serializable;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.qexit.common.Checks;
import org.qexit.common.Progress;
import org.qexit.common.RandomStreams;
import org.qexit.common.task.TaskRunner;
import org.qexit.common.task.TaskSet;
import org.qexit.simulation.Replications;
import org.qexit.threshold.BudgetSearch;
import org.qexit.threshold.RiskControl;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rate;
import org.qexit.trace.Thresholds;

/**
 * What a guarantee is worth and what it costs: many independent devices draw events of a known law, choose thresholds plainly
 * (the best pair within the budget on all events) and with {@link RiskControl}, with the path from half of the events or from as many others,
 * and the true rates of all are computed.
 */
public final class GuaranteeStudy {
    /** Repetitions of a task. */
    private static final int BLOCK = 50;

    private GuaranteeStudy() {}

    /**
     * One way to choose.
     *
     * @param violations repetitions whose true rate exceeds its cap
     * @param meanTpr mean true-positive rate, true and not counted
     * @param meanOfr mean offload rate, true and not counted
     */
    public record Arm(Rate violations, double meanTpr, double meanOfr) {}

    /** How often, on how many events, and under which control. */
    public record Setting(
            int repetitions,
            int events,
            int exits,
            double maxOffloadRate,
            Double maxFalsePositiveRate,
            Double maxInconsistency,
            double delta) {}

    /**
     * All arms.
     *
     * @param guaranteed with a path from half of the events
     * @param otherPath with a path from as many other events, so that all events certify
     * @param tprCost plain mean TPR - guaranteed mean TPR
     */
    public record Worth(@JsonUnwrapped Setting setting, Arm plain, Arm guaranteed, Arm otherPath, double tprCost) {}

    /** In this thread. */
    public static Worth run(int repetitions, int events, int exits, RiskControl control, long seed) {
        return run(repetitions, events, exits, control, seed, TaskRunner.here(1));
    }

    /** The same, to the byte, wherever its tasks are run. */
    public static Worth run(int repetitions, int events, int exits, RiskControl control, long seed, TaskRunner runner) {
        Checks.within("repetitions", repetitions, 1, 10_000_000);
        Blocks tasks = new Blocks(
                repetitions,
                events,
                exits,
                control.delta(),
                control.maxOffloadRate(),
                control.maxFalsePositiveRate(),
                control.maxInconsistency(),
                seed);
        Repetitions here = tasks.prepare();
        int blocks = (repetitions + BLOCK - 1) / BLOCK;
        Tally[] tallies = {new Tally(), new Tally(), new Tally()};
        try (Progress progress = Progress.start("guarantee study", repetitions)) {
            List<Outcome[][]> all = Replications.run(blocks, runner.atATime(), block -> {
                Outcome[][] found = runner.run(tasks, here, block, () -> false);
                progress.step(found.length);
                return found;
            });
            for (Outcome[][] block : all) {
                for (Outcome[] repetition : block) {
                    for (int arm = 0; arm < tallies.length; arm++) {
                        tallies[arm].add(repetition[arm]);
                    }
                }
            }
        }
        return new Worth(
                new Setting(
                        repetitions,
                        events,
                        exits,
                        control.maxOffloadRate(),
                        control.maxFalsePositiveRate(),
                        control.maxInconsistency(),
                        control.delta()),
                tallies[0].arm(),
                tallies[1].arm(),
                tallies[2].arm(),
                (tallies[0].tpr - tallies[1].tpr) / repetitions);
    }

    /** What a pair is worth on the law. */
    private record Outcome(boolean violated, double tpr, double ofr) implements Serializable {}

    /** Blocks of repetitions by their number; a result is {@code [repetition][arm]}. */
    private record Blocks(
            int repetitions,
            int events,
            int exits,
            double delta,
            double maxOffloadRate,
            Double maxFalsePositiveRate,
            Double maxInconsistency,
            long seed)
            implements TaskSet<Repetitions, Integer, Outcome[][]> {
        @Override
        public Repetitions prepare() {
            return new Repetitions(
                    events,
                    new SyntheticEvents(exits, 0.2, 4),
                    new RiskControl(delta, maxOffloadRate, maxFalsePositiveRate, maxInconsistency),
                    RandomStreams.of(seed));
        }

        @Override
        public Outcome[][] run(Repetitions shared, Integer block, BooleanSupplier stopped) {
            int first = block * BLOCK;
            return IntStream.range(first, Math.min(repetitions, first + BLOCK))
                    .mapToObj(shared::repetition)
                    .toArray(Outcome[][]::new);
        }
    }

    /** Independent devices, each with streams of its own. */
    private record Repetitions(int events, SyntheticEvents law, RiskControl control, RandomStreams streams) {
        Outcome[] repetition(int r) {
            DeviceTrace trace = law.draw(events, streams.stream("guarantee/" + r));
            int normal = trace.size() - trace.positives();
            int cap = control.maxFalsePositiveRate() == null
                    ? Integer.MAX_VALUE
                    : (int) Math.floor(control.maxFalsePositiveRate() * normal);
            long budget = (long) Math.floor(control.maxOffloadRate() * events);
            List<DeviceTrace> halves = RiskControl.split(trace, RandomStreams.of(streams.seed("halves/" + r)));
            DeviceTrace other = law.draw(events, streams.stream("other/" + r));
            return new Outcome[] {
                outcome(BudgetSearch.of(trace).within(budget, cap).thresholds()),
                outcome(control.choose(halves.get(0), halves.get(1)).step().thresholds()),
                outcome(control.choose(other, trace).step().thresholds())
            };
        }

        private Outcome outcome(Thresholds pair) {
            double offloads = law.offloadRate(pair);
            boolean violated = offloads > control.maxOffloadRate()
                    || control.maxFalsePositiveRate() != null
                            && law.offloadRate(pair, false) > control.maxFalsePositiveRate()
                    || control.maxInconsistency() != null && law.inconsistency(pair) > control.maxInconsistency();
            return new Outcome(violated, law.offloadRate(pair, true), offloads);
        }
    }

    private static final class Tally {
        private int count;
        private int violations;
        private double tpr;
        private double ofr;

        void add(Outcome outcome) {
            count++;
            violations += outcome.violated() ? 1 : 0;
            tpr += outcome.tpr();
            ofr += outcome.ofr();
        }

        Arm arm() {
            return new Arm(Rate.of(violations, count), tpr / count, ofr / count);
        }
    }
}
