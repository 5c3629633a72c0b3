package org.qexit.allocation.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.allocation.FleetGenerator;
import org.qexit.allocation.Fleets;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.common.Json;

class ExactMethodTest {
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void findsTheOptimumThatEnumerationFinds(long seed) {
        Instance fleet = Fleets.random(seed, 2 + (int) (seed % 4), 1 + (int) (seed % 3));
        PlanningProblem problem = PlanningProblem.of(fleet);
        double oracle = Fleets.enumerate(problem);
        Plan plan = Planner.of(problem.instance())
                .plan("exact", SolveOptions.defaults().withSeconds(20));
        if (oracle == Double.NEGATIVE_INFINITY) {
            assertEquals(Plan.Status.INFEASIBLE, plan.status());
            assertFalse(plan.reasons().isEmpty());
        } else {
            assertEquals(Plan.Status.OPTIMAL, plan.status());
            assertEquals(oracle, plan.objective(), 1e-9);
            assertEquals(oracle, plan.bound(), 1e-7);
            assertTrue(PlanCheck.check(fleet, plan).isClean());
        }
    }

    /** Optima proved by an independent mixed-integer solver on the exact staircase formulation. */
    @ParameterizedTest
    @ValueSource(strings = {"n4m2s1", "n8m3s2", "n12m3s3", "n20m4s4"})
    void reproducesKnownOptima(String name) {
        Instance fleet = Instance.read(Path.of("src/test/resources/allocation/" + name + ".json"));
        double known = ((Number) fleet.known().get("best")).doubleValue();
        Plan plan = Planner.of(fleet).plan("exact", SolveOptions.defaults());
        assertEquals(Plan.Status.OPTIMAL, plan.status());
        assertEquals(known, plan.objective(), 1e-9 * Math.abs(known));
        assertTrue(plan.bound() >= known - 1e-8);
        assertTrue(PlanCheck.check(fleet, plan).isClean());
    }

    /** Where bandwidth is scarce but devices are few, the root of the tree closes the gap: long annealing would only come first. */
    @ParameterizedTest
    @CsvSource({"MID, 1", "MID, 2", "MID, 6", "TIGHT, 2", "TIGHT, 6"})
    void provesSmallFleetsAtTheRootWithoutLongAnnealing(FleetGenerator.Family family, long seed) {
        Instance fleet = FleetGenerator.fleet(family, 12, 3, seed);
        PlanningProblem problem = PlanningProblem.of(fleet);
        List<String> phases = new ArrayList<>();
        SolveOptions options = SolveOptions.defaults().withListener(note -> phases.add(note.phase()));
        Plan plan = Planner.of(problem.instance()).plan("exact", options);
        assertEquals(Plan.Status.OPTIMAL, plan.status());
        double oracle = Planner.of(problem.instance())
                .plan("benders", SolveOptions.defaults())
                .objective();
        assertEquals(oracle, plan.objective(), 1e-8 * Math.abs(oracle));
        assertTrue(PlanCheck.check(fleet, plan).isClean());
        assertTrue(phases.contains("short annealing"), phases.toString());
        assertFalse(phases.contains("annealing"), phases.toString());
    }

    @Test
    void sameSeedSameBytes() {
        PlanningProblem problem = PlanningProblem.of(Fleets.random(7, 5, 2));
        String first = Json.pretty(Planner.of(problem.instance())
                .plan("exact", SolveOptions.defaults())
                .withoutSeconds());
        String second = Json.pretty(Planner.of(problem.instance())
                .plan("exact", SolveOptions.defaults())
                .withoutSeconds());
        assertEquals(first, second);
        assertFalse(first.contains("seconds\" :"));
    }

    @Test
    void stopsAtOnceWhenAsked() {
        Instance fleet = Instance.read(Path.of("src/test/resources/allocation/n20m4s4.json"));
        var stop = new java.util.concurrent.atomic.AtomicBoolean(true);
        Plan plan = Planner.of(fleet).plan("exact", SolveOptions.defaults().withStop(stop));
        // Whatever it has is reported with what was proved; nothing is invented.
        assertTrue(plan.status() == Plan.Status.FEASIBLE || plan.status() == Plan.Status.UNKNOWN);
    }
}
