package org.qexit.allocation.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.allocation.Fleets;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.allocation.problem.PlanningProblem;

class BendersMethodTest {
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
                .plan("benders", SolveOptions.defaults().withSeconds(20));
        if (oracle == Double.NEGATIVE_INFINITY) {
            assertEquals(Plan.Status.INFEASIBLE, plan.status());
        } else {
            assertEquals(Plan.Status.OPTIMAL, plan.status());
            assertEquals(oracle, plan.objective(), 1e-9);
            assertEquals(oracle, plan.bound(), 1e-7);
            assertTrue(PlanCheck.check(fleet, plan).boundProven(), "recomputed from the raw data");
        }
    }

    static LongStream largerSeeds() {
        return LongStream.rangeClosed(101, 130);
    }

    @ParameterizedTest
    @MethodSource("largerSeeds")
    void agreesWithExactOnLargerFleets(long seed) {
        PlanningProblem problem = PlanningProblem.of(Fleets.random(seed, 6 + (int) (seed % 7), 2 + (int) (seed % 2)));
        Plan exact = Planner.of(problem.instance())
                .plan("exact", SolveOptions.defaults().withSeconds(30));
        Plan benders = Planner.of(problem.instance())
                .plan("benders", SolveOptions.defaults().withSeconds(30));
        assertEquals(exact.status(), benders.status());
        if (exact.isFeasible()) {
            assertEquals(exact.objective(), benders.objective(), 1e-9 * Math.max(1, Math.abs(exact.objective())));
            assertTrue(PlanCheck.check(problem.instance(), benders).boundProven(), "recomputed from the raw data");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"n4m2s1", "n8m3s2", "n12m3s3"})
    void reproducesKnownOptima(String name) {
        Instance fleet = Instance.read(Path.of("src/test/resources/allocation/" + name + ".json"));
        double known = ((Number) fleet.known().get("best")).doubleValue();
        Plan plan = Planner.of(fleet).plan("benders", SolveOptions.defaults());
        assertEquals(Plan.Status.OPTIMAL, plan.status());
        assertEquals(known, plan.objective(), 1e-9 * Math.abs(known));
    }
}
