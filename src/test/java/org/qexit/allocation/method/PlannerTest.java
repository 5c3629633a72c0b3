package org.qexit.allocation.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.allocation.Exhaustive;
import org.qexit.allocation.Fleets;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.threshold.BudgetSearch;
import org.qexit.threshold.CrossFit;
import org.qexit.trace.DeviceTrace;

/** What every plan that leaves the door has, whichever method found it. */
class PlannerTest {
    private static final SolveOptions OPTIONS = SolveOptions.defaults().withSeconds(20);

    static List<String> names() {
        return Methods.names();
    }

    private static Instance fleet() {
        return Instance.read(Path.of("src/test/resources/allocation/n8m3s2.json"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyPlanHasItsCertificateAndItsFacts(String name) {
        Planner planner = Planner.of(Exhaustive.fleet(7, 4, 2));
        Plan plan = planner.plan(name, OPTIONS);
        assertTrue(plan.isFeasible(), plan.reasons() + "");
        assertEquals(List.of(), plan.certificate().violations());
        assertEquals(plan.objective(), plan.certificate().checkedObjective(), 1e-9);
        assertNotNull(plan.published());
        assertNotNull(plan.energy());
        assertNull(plan.fairness());
        Plan full = planner.explained(plan, OPTIONS, 0);
        assertTrue(full.fairness().sumUtility() > 0);
        assertNull(full.fairness().priceOfFairness());
        assertEquals(2, full.nodes().size());
        assertNull(full.relaxations());
        List<Plan.Device> without = full.devices().stream()
                .map(device -> device.withCrossFittedUtility(null))
                .toList();
        assertEquals(plan, full.withFairness(null).withNodes(null).withDevices(without));
    }

    /** Beside each promise stands the cross-fitted one, the same every time; files of before have none. */
    @Test
    void saysWhatThresholdsAreWorthOnOtherEvents() {
        Planner planner = Planner.of(fleet());
        Plan plan = planner.explained(planner.plan(Methods.EXACT, OPTIONS), OPTIONS, 0);
        double promised = 0;
        double crossFitted = 0;
        for (int n = 0; n < plan.devices().size(); n++) {
            Plan.Device device = plan.devices().get(n);
            promised += device.utility();
            crossFitted += device.crossFittedUtility();
            DeviceTrace trace = fleet().devices().get(n).deviceTrace();
            long budget = device.truePositives() + device.falsePositives();
            CrossFit fit = CrossFit.of(
                    trace,
                    some -> BudgetSearch.of(some)
                            .within(budget * some.size() / trace.size())
                            .thresholds(),
                    RandomStreams.of(OPTIONS.seed()),
                    CrossFit.REPEATS);
            assertEquals(fit.tpr(), device.crossFittedUtility(), 1e-12);
        }
        assertTrue(crossFitted < promised);
        assertEquals(
                plan.devices(),
                planner.explained(planner.plan(Methods.EXACT, OPTIONS), OPTIONS, 0)
                        .devices());
        String before = Json.compact(plan).replaceAll(",\"crossFittedUtility\":[0-9.E-]+", "");
        assertFalse(before.contains("crossFitted"));
        assertNull(Json.parse("plan", before, Plan.class).devices().get(0).crossFittedUtility());
        assertEquals(
                plan.devices(),
                Json.parse("plan", Json.compact(plan), Plan.class).devices());
    }

    @Test
    void theMostImportantMethodProvesItsPlanAndThePriceOfFairness() {
        Planner planner = Planner.of(fleet());
        Plan plan = planner.explained(planner.plan(Methods.EXACT, OPTIONS), OPTIONS, 20);
        assertEquals(Plan.Status.OPTIMAL, plan.status());
        assertTrue(plan.fairness().priceOfFairness() >= 0);
    }

    @ParameterizedTest
    @MethodSource("names")
    void aFleetWithoutAPlanGetsReasonsAndRemedies(String name) {
        int infeasible = 0;
        for (long seed = 1; seed <= 15; seed++) {
            Planner planner = Planner.of(Fleets.random(seed, 4, 2));
            Plan plan = planner.plan(name, OPTIONS);
            if (plan.status() == Plan.Status.INFEASIBLE) {
                Plan full = planner.explained(plan, OPTIONS, 5);
                assertFalse(full.reasons().isEmpty());
                assertNotNull(full.relaxations());
                // What helps the fleet does not depend on who asks.
                assertEquals(
                        full.relaxations(),
                        planner.explained(planner.plan(Methods.EXACT, OPTIONS), OPTIONS, 0)
                                .relaxations());
                infeasible++;
            } else if (plan.status() == Plan.Status.UNKNOWN) {
                assertFalse(plan.reasons().isEmpty());
            }
        }
        assertTrue(infeasible > 3, infeasible + " infeasible");
    }

    @Test
    void theEnergyWeightReachesThePlan() {
        Planner planner = Planner.of(Exhaustive.fleet(7, 4, 2)).withEnergyWeight(0.5);
        Plan plan = planner.plan(Methods.EXACT, OPTIONS);
        assertEquals(0.5, plan.energy().weightPerJoule());
        assertNotNull(plan.energy().penalisedBound());
        assertThrows(IllegalArgumentException.class, () -> planner.withEnergyWeight(-1));
    }

    @Test
    void aPlanOfAnotherFleetIsNotExplained() {
        Plan plan = Planner.of(fleet()).plan("random", OPTIONS);
        Planner other = Planner.of(Exhaustive.fleet(7, 4, 2));
        String message = assertThrows(IllegalArgumentException.class, () -> other.explained(plan, OPTIONS, 0))
                .getMessage();
        assertTrue(message.contains("n8m3s2") && message.contains("random7"), message);
    }

    @Test
    void theOffloadStageAloneIsSolvedToItsGap() {
        assertTrue(Planner.of(fleet()).offloadStageGap(OPTIONS).orElseThrow() <= OffloadStage.GAP + 1e-9);
    }
}
