package org.qexit.experiment.run;

import java.util.ArrayList;
import java.util.List;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.experiment.report.ReportData;
import org.qexit.trace.DeviceTrace;

/**
 * What one model led to.
 *
 * @param section the model and its training, for the report
 * @param cumulativeMemoryAccesses of an event that leaves at exit q, {@code [exit]}
 * @param validation one trace per device, which thresholds and plans were chosen on
 * @param test one trace per device, which they are tried on
 * @param instance what the plans were decided for
 * @param plans one per method
 */
record ModelRun(
        ReportData.ModelSection section,
        long[] cumulativeMemoryAccesses,
        List<DeviceTrace> validation,
        List<DeviceTrace> test,
        Instance instance,
        List<PlanRun> plans) {

    String name() {
        return section.name();
    }

    /**
     * One method's plan, and what it does on the events.
     *
     * @param plan the plan; its devices stand in the order of the traces, or are none if infeasible
     * @param validation one outcome per device, or none
     * @param test one outcome per device, or none
     */
    record PlanRun(Plan plan, List<DeviceCounts> validation, List<DeviceCounts> test) {
        static PlanRun of(Plan plan, List<DeviceTrace> validation, List<DeviceTrace> test) {
            return new PlanRun(plan, outcomes(plan, validation), outcomes(plan, test));
        }

        private static List<DeviceCounts> outcomes(Plan plan, List<DeviceTrace> traces) {
            if (plan.devices().isEmpty()) {
                return List.of();
            }
            List<DeviceCounts> outcomes = new ArrayList<>();
            for (int i = 0; i < traces.size(); i++) {
                Plan.Device device = plan.devices().get(i);
                if (!device.id().equals(traces.get(i).device())) {
                    throw new IllegalArgumentException("plan has " + device.id() + " where the traces have "
                            + traces.get(i).device());
                }
                outcomes.add(DeviceCounts.of(traces.get(i), device.thresholds()));
            }
            return List.copyOf(outcomes);
        }
    }
}
