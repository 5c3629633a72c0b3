package org.qexit.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.qexit.allocation.method.Planner;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.common.Json;

class FleetGeneratorTest {
    @ParameterizedTest
    @EnumSource(FleetGenerator.Family.class)
    void fleetsHaveTheirSizeAndAPlan(FleetGenerator.Family family) {
        for (long seed = 1; seed <= 5; seed++) {
            Instance fleet = FleetGenerator.fleet(family, 12, 3, seed);
            assertEquals(12, fleet.devices().size());
            assertEquals(3, fleet.nodes().size());
            PlanningProblem problem = PlanningProblem.of(fleet);
            assertEquals(List.of(), problem.unservable());
            // The planted assignment fits.
            assertTrue(Planner.of(problem.instance())
                    .plan("exact", SolveOptions.defaults().withGap(0.05).withSeconds(20))
                    .isFeasible());
        }
    }

    @Test
    void sameSeedSameBytesAndAnotherSeedOthers() {
        String once = Json.compact(FleetGenerator.fleet(FleetGenerator.Family.GEO, 5, 2, 1));
        assertEquals(once, Json.compact(FleetGenerator.fleet(FleetGenerator.Family.GEO, 5, 2, 1)));
        assertNotEquals(once, Json.compact(FleetGenerator.fleet(FleetGenerator.Family.GEO, 5, 2, 2)));
        Instance read = Json.parse("fleet", once, Instance.class);
        assertEquals(5, read.devices().size());
    }

    @Test
    void largerFleetsBeginWithTheSameDevices() {
        Instance small = FleetGenerator.fleet(FleetGenerator.Family.MID, 4, 3, 7);
        Instance large = FleetGenerator.fleet(FleetGenerator.Family.MID, 9, 3, 7);
        for (int n = 0; n < 4; n++) {
            assertEquals(
                    Json.compact(small.devices().get(n)),
                    Json.compact(large.devices().get(n)));
        }
    }

    @Test
    void frediFleetsHaveItsCapacitiesAndLevels() {
        Instance fleet = FleetGenerator.fredi(6, 10 / 3.0, 3, 1);
        assertEquals(3, fleet.nodes().size());
        fleet.nodes().forEach(node -> {
            assertEquals(60, node.computeUnits(), 1e-9);
            assertEquals(20e6 * 6 / 9, node.bandwidthHz(), 1e-3);
        });
        assertTrue(PlanningProblem.of(fleet).unservable().isEmpty());
        Plan exact = Planner.of(fleet).plan("exact", SolveOptions.defaults());
        Plan twoStage = Planner.of(fleet).plan("two-stage", SolveOptions.defaults());
        assertTrue(exact.objective() >= twoStage.objective() - 1e-9);
    }
}
