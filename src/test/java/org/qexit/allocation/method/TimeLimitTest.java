package org.qexit.allocation.method;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.qexit.allocation.FleetGenerator;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;

/** A time limit ends what is under way, whatever the fleet's size: in time, or where others use the processors, in processor time. */
class TimeLimitTest {
    private static double processorSeconds() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return ((com.sun.management.OperatingSystemMXBean) system).getProcessCpuTime() * 1e-9;
    }

    @Test
    void theSearchAndTheFactsOfALargeFleetEndInTime() {
        Instance fleet = FleetGenerator.fleet(FleetGenerator.Family.MID, 400, 20, 1);
        SolveOptions options = SolveOptions.defaults().withSeconds(2);
        Planner planner = Planner.of(fleet);
        long start = System.nanoTime();
        double before = processorSeconds();
        Plan plan = planner.explained(planner.plan("exact", options), options, 0);
        double wall = (System.nanoTime() - start) * 1e-9;
        double used = processorSeconds() - before;
        assertNotNull(plan.seconds());
        assertTrue(wall < 14 || used < 28, wall + " s, " + used + " s of processors");
    }
}
