package org.qexit.experiment.bench;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.qexit.common.Checks;
import org.qexit.common.Progress;
import org.qexit.common.RandomStreams;
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

    public static Worth run(int repetitions, int events, int exits, RiskControl control, long seed) {
        Checks.within("repetitions", repetitions, 1, 10_000_000);
        SyntheticEvents law = new SyntheticEvents(exits, 0.2, 4);
        RandomStreams streams = RandomStreams.of(seed);
        Tally plain = new Tally();
        Tally guaranteed = new Tally();
        Tally otherPath = new Tally();
        try (Progress progress = Progress.start("guarantee study", repetitions)) {
            for (int r = 0; r < repetitions; r++) {
                DeviceTrace trace = law.draw(events, streams.stream("guarantee/" + r));
                int normal = trace.size() - trace.positives();
                int cap = control.maxFalsePositiveRate() == null
                        ? Integer.MAX_VALUE
                        : (int) Math.floor(control.maxFalsePositiveRate() * normal);
                long budget = (long) Math.floor(control.maxOffloadRate() * events);
                plain.add(
                        law, control, BudgetSearch.of(trace).within(budget, cap).thresholds());
                List<DeviceTrace> halves = RiskControl.split(trace, RandomStreams.of(streams.seed("halves/" + r)));
                guaranteed.add(
                        law,
                        control,
                        control.choose(halves.get(0), halves.get(1)).step().thresholds());
                DeviceTrace other = law.draw(events, streams.stream("other/" + r));
                otherPath.add(law, control, control.choose(other, trace).step().thresholds());
                progress.step();
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
                plain.arm(),
                guaranteed.arm(),
                otherPath.arm(),
                (plain.tpr - guaranteed.tpr) / repetitions);
    }

    private static final class Tally {
        private int count;
        private int violations;
        private double tpr;
        private double ofr;

        void add(SyntheticEvents law, RiskControl control, Thresholds pair) {
            double offloads = law.offloadRate(pair);
            boolean violated = offloads > control.maxOffloadRate()
                    || control.maxFalsePositiveRate() != null
                            && law.offloadRate(pair, false) > control.maxFalsePositiveRate()
                    || control.maxInconsistency() != null && law.inconsistency(pair) > control.maxInconsistency();
            count++;
            violations += violated ? 1 : 0;
            tpr += law.offloadRate(pair, true);
            ofr += offloads;
        }

        Arm arm() {
            return new Arm(Rate.of(violations, count), tpr / count, ofr / count);
        }
    }
}
