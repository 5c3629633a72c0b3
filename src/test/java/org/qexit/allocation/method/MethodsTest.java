package org.qexit.allocation.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.allocation.Exhaustive;
import org.qexit.allocation.Fleets;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.edge.EdgeNode;

/** The contract of {@link Allocator}, over every method. */
class MethodsTest {
    static List<String> names() {
        return Methods.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void plansHoldOnTheRawDataAndNeverBeatTheOptimum(String name) {
        for (String file : List.of("n4m2s1", "n8m3s2", "n12m3s3")) {
            Instance fleet = Instance.read(Path.of("src/test/resources/allocation/" + file + ".json"));
            double best = ((Number) fleet.known().get("best")).doubleValue();
            Plan plan = Planner.of(fleet).plan(name, SolveOptions.defaults().withSeconds(20));
            assertEquals(name, plan.method());
            if (plan.isFeasible()) {
                assertEquals(List.of(), PlanCheck.check(fleet, plan).violations());
                assertTrue(plan.objective() <= best + 1e-9);
                assertTrue(plan.bound() == null || plan.bound() >= best - 1e-8);
            } else {
                assertNotNull(plan.reasons());
            }
        }
    }

    /** A fleet whose first node's events take 0.6 compute units each, the others' 0.3, 0.2 and so on. */
    private static Instance withEarlyExits(Instance fleet) {
        List<EdgeNode> nodes = new ArrayList<>();
        for (int j = 0; j < fleet.nodes().size(); j++) {
            EdgeNode node = fleet.nodes().get(j);
            nodes.add(new EdgeNode(
                    node.id(), node.bandwidthHz(), node.computeUnits(), node.securityLevel(), null, 0.6 / (j + 1)));
        }
        return new Instance(
                Instance.FORMAT, fleet.name(), fleet.radio(), fleet.devices(), nodes, fleet.links(), null, null);
    }

    /** Events that take less than a unit: no method plans for more than a node can do, and the optimum is that of trying everything. */
    @ParameterizedTest
    @MethodSource("names")
    void eventsCountWhatTheyTakeAtTheNode(String name) {
        int planned = 0;
        int better = 0;
        for (long seed = 1; seed <= 12; seed++) {
            Instance whole = Exhaustive.fleet(seed, 4, 2);
            Instance fleet = withEarlyExits(whole);
            PlanningProblem problem = PlanningProblem.of(fleet);
            double best = Exhaustive.best(
                    problem,
                    (n, j, s) -> problem.user(n).weight()
                            * Math.log(problem.staircase(n).utility(s)));
            Plan plan = Planner.of(fleet).plan(name, SolveOptions.defaults().withSeconds(20));
            if (!plan.isFeasible()) {
                assertTrue(!name.equals("exact") || best == Double.NEGATIVE_INFINITY);
                continue;
            }
            planned++;
            assertEquals(List.of(), PlanCheck.check(fleet, plan).violations(), "seed " + seed);
            assertTrue(plan.objective() <= best + 1e-9);
            if (name.equals("exact")) {
                assertEquals(best, plan.objective(), 1e-9, "seed " + seed);
            }
            // Where every event counts as one, the same plan asks for too much somewhere.
            better += PlanCheck.check(whole, plan).isClean() ? 0 : 1;
        }
        assertTrue(planned > 3, planned + " plans");
        assertTrue(better > 0, "early exits never bought anything");
    }

    @ParameterizedTest
    @MethodSource("names")
    void sameSeedSamePlan(String name) {
        PlanningProblem problem = PlanningProblem.of(Fleets.random(3, 4, 2));
        SolveOptions options = SolveOptions.defaults().withSeconds(20);
        String once =
                Json.pretty(Planner.of(problem.instance()).plan(name, options).withoutSeconds());
        assertEquals(
                once,
                Json.pretty(Planner.of(problem.instance()).plan(name, options).withoutSeconds()));
    }

    @ParameterizedTest
    @MethodSource("names")
    void devicesThatNoNodeCanServeAreReported(String name) {
        int unservable = 0;
        for (long seed = 1; seed <= 40; seed++) {
            Planner planner = Planner.of(Fleets.random(seed, 3, 1));
            if (!planner.unservable().isEmpty()) {
                Plan plan = planner.plan(name, SolveOptions.defaults());
                assertEquals(Plan.Status.INFEASIBLE, plan.status());
                assertEquals(planner.unservable(), plan.reasons());
                unservable++;
            }
        }
        assertTrue(unservable > 10, unservable + " fleets have a device that no node can serve");
    }

    @Test
    void sumUtilityHasTheLargestSum() {
        for (long seed = 1; seed <= 20; seed++) {
            PlanningProblem problem = PlanningProblem.of(Fleets.random(seed, 4, 2));
            Plan fair = Planner.of(problem.instance()).plan("exact", SolveOptions.defaults());
            Plan sum = Planner.of(problem.instance()).plan("sum-utility", SolveOptions.defaults());
            assertEquals(fair.isFeasible(), sum.isFeasible());
            if (fair.isFeasible()) {
                assertTrue(total(sum) >= total(fair) - 1e-9);
            }
        }
    }

    private static double total(Plan plan) {
        return plan.devices().stream().mapToDouble(Plan.Device::utility).sum();
    }

    @Test
    void unknownMethodsAreNamed() {
        String message =
                assertThrows(UserError.class, () -> Methods.checkName("magic")).getMessage();
        assertTrue(message.contains("magic") && message.contains("exact"), message);
    }
}
