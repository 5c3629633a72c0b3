package org.qexit.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
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
    void scarceFleetsHaveLittleOfEither() {
        for (long seed = 1; seed <= 4; seed++) {
            Instance fleet = FleetGenerator.fleet(FleetGenerator.Family.SCARCE, 60, 6, seed);
            double cheapestHz = 0;
            double positives = 0;
            PlanningProblem problem = PlanningProblem.of(fleet);
            double[][] need = problem.model(PlanningProblem.Objective.SUM_UTILITY).need;
            for (int n = 0; n < 60; n++) {
                Instance.Device device = fleet.devices().get(n);
                assertTrue(List.of(0.5, 1.0, 2.0).contains(device.weight()));
                int[] labels = device.trace().labels();
                assertTrue(labels.length >= 60 && labels.length <= 300);
                assertEquals(4, device.trace().scores()[0].length);
                positives += Arrays.stream(labels).sum();
                cheapestHz += Arrays.stream(need[n]).min().getAsDouble();
            }
            double hz = fleet.nodes().stream()
                    .mapToDouble(node -> node.bandwidthHz())
                    .sum();
            double units = fleet.nodes().stream()
                    .mapToDouble(node -> node.computeUnits())
                    .sum();
            assertTrue(hz >= cheapestHz, "the planted assignment is not cheaper than the cheapest");
            assertTrue(units >= 0.5 * positives - 6 && units <= 1.1 * positives + 6, units + " for " + positives);
            assertEquals(
                    3,
                    fleet.nodes().stream()
                            .mapToInt(node -> node.securityLevel())
                            .max()
                            .getAsInt());
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
