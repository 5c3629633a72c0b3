package org.qexit.experiment.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.experiment.report.ModelSection;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;
import org.qexit.trace.RuleKind;

/**
 * What one model led to.
 *
 * @param section the model and its training, for the report
 * @param cumulativeMemoryAccesses of an event that leaves at exit q, {@code [exit]}
 * @param validation one trace per device, which thresholds and plans were chosen on
 * @param test one trace per device, which they are tried on
 * @param instance what the plans were decided for, or null without a fleet
 * @param plans one per method; without a fleet one, of thresholds for the budget
 */
record ModelRun(
        ModelSection section,
        long[] cumulativeMemoryAccesses,
        List<DeviceTrace> validation,
        List<DeviceTrace> test,
        Instance instance,
        List<PlanRun> plans) {

    String name() {
        return section.name();
    }

    /** Mean multiply-accumulates of an event, blocks and heads up to the exit taken. */
    double meanMacs(Confusion counts) {
        return mean(
                counts,
                section.exits().stream()
                        .mapToLong(ModelSection.ExitSection::cumulativeMacs)
                        .toArray());
    }

    /** Mean memory accesses of an event, blocks and heads up to the exit taken. */
    double meanMemoryAccesses(Confusion counts) {
        return mean(counts, cumulativeMemoryAccesses);
    }

    private static double mean(Confusion counts, long[] costs) {
        double sum = 0;
        for (int q = 0; q < costs.length; q++) {
            sum += (double) counts.exits().get(q) * costs[q];
        }
        return sum / Math.max(1, counts.events());
    }

    /**
     * What one method decided, and what it does on the events.
     *
     * @param method its name
     * @param plan the plan, or null where there is no fleet to plan for
     * @param thresholds the devices', in the order of the traces; none if infeasible
     * @param validation one outcome per device, or none
     * @param test one outcome per device, or none
     */
    record PlanRun(
            String method, Plan plan, List<Rule> thresholds, List<DeviceCounts> validation, List<DeviceCounts> test) {
        /** The method of a run without a fleet: every device's best thresholds within the same share of its events. */
        static final String BUDGET = "budget";

        /** The status of such thresholds: the exact search leaves nothing better. */
        static final String BEST = "best";

        /** That of thresholds per exit, which a search found. */
        private static final String FOUND = "found";

        static PlanRun of(Plan plan, List<DeviceTrace> validation, List<DeviceTrace> test) {
            List<Rule> rules = new ArrayList<>();
            for (int i = 0; i < plan.devices().size(); i++) {
                Plan.Device device = plan.devices().get(i);
                if (!device.id().equals(validation.get(i).device())) {
                    throw new IllegalArgumentException("plan has " + device.id() + " where the traces have "
                            + validation.get(i).device());
                }
                rules.add(device.thresholds());
            }
            return of(plan.method(), plan, rules, validation, test);
        }

        /**
         * Thresholds without a plan.
         *
         * @param kind of the rule: exact for pairs, found exit after exit otherwise
         * @param budget the share of its validation events that a device may offload
         */
        static PlanRun within(RuleKind kind, double budget, List<DeviceTrace> validation, List<DeviceTrace> test) {
            List<Rule> rules = validation.stream()
                    .map(trace -> TrainingRun.chooser(kind).choose(trace, budget))
                    .toList();
            return of(BUDGET, null, rules, validation, test);
        }

        private static PlanRun of(
                String method, Plan plan, List<Rule> rules, List<DeviceTrace> validation, List<DeviceTrace> test) {
            return new PlanRun(method, plan, List.copyOf(rules), outcomes(rules, validation), outcomes(rules, test));
        }

        private static List<DeviceCounts> outcomes(List<Rule> rules, List<DeviceTrace> traces) {
            List<DeviceCounts> outcomes = new ArrayList<>();
            for (int i = 0; i < rules.size(); i++) {
                outcomes.add(DeviceCounts.of(traces.get(i), rules.get(i)));
            }
            return List.copyOf(outcomes);
        }

        /** As tables have it. */
        String status() {
            if (plan == null && thresholds.stream().anyMatch(rule -> rule.kind() == RuleKind.PER_EXIT)) {
                return FOUND;
            }
            return plan == null ? BEST : plan.status().name().toLowerCase(Locale.ROOT);
        }

        /** Whether there are thresholds. */
        boolean found() {
            return !thresholds.isEmpty();
        }
    }
}
