package org.qexit.experiment.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.qexit.allocation.FleetGenerator;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;

class AllocationBenchTest {
    @Test
    void benchRowsTellWhatThePlansTell() {
        Instance fleet = FleetGenerator.fleet(FleetGenerator.Family.GEO, 6, 2, 3);
        List<AllocationBench.Row> rows = new AllocationBench(SolveOptions.defaults(), true)
                .run(fleet, 0, List.of("exact", "benders"), row -> {});
        assertEquals(
                List.of("exact", "benders"),
                rows.stream().map(AllocationBench.Row::method).toList());
        for (AllocationBench.Row row : rows) {
            assertEquals(List.of(), row.violations());
            assertEquals(Plan.Status.OPTIMAL, row.status());
            assertEquals(rows.get(0).objective(), row.objective(), 1e-9);
            assertFalse(row.moments().isEmpty());
        }
    }
}
