package org.qexit.allocation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.method.Planner;
import org.qexit.common.Json;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/** The check must find every lie: each test tells one. */
class PlanCheckTest {
    private static Instance fleet;
    private static Plan plan;

    @BeforeAll
    static void solve() {
        fleet = Instance.read(Path.of("src/test/resources/allocation/n4m2s1.json"));
        plan = Planner.of(fleet).plan("exact", SolveOptions.defaults());
    }

    /** The plan after a round trip through JSON, with one device replaced and the claims given. */
    private static List<String> violations(
            UnaryOperator<Plan.Device> change, double objectiveShift, double boundShift) {
        List<Plan.Device> devices = new ArrayList<>(plan.devices());
        devices.set(0, change.apply(devices.get(0)));
        Plan changed = new Plan(
                plan.format(),
                plan.instance(),
                plan.method(),
                plan.rule(),
                plan.status(),
                plan.objective() + objectiveShift,
                plan.bound() + boundShift,
                plan.gap(),
                null,
                null,
                devices,
                plan.certificate(),
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        return PlanCheck.check(fleet, Json.parse("plan", Json.pretty(changed), Plan.class))
                .violations();
    }

    private static Plan.Device with(
            Plan.Device d, String node, Rule rule, double hz, double watts, double units, int tp) {
        return new Plan.Device(d.id(), node, rule, hz, watts, units, tp, d.falsePositives(), null, null, null, null);
    }

    private static void assertFinds(String expected, UnaryOperator<Plan.Device> change) {
        List<String> found = violations(change, 0, 0);
        assertTrue(found.stream().anyMatch(v -> v.contains(expected)), expected + " not in " + found);
    }

    @Test
    void findsNothingInAGoodPlan() {
        assertEquals(List.of(), violations(d -> d, 0, 0));
        assertEquals(List.of(), plan.certificate().violations());
        assertEquals(plan.objective(), plan.certificate().checkedObjective(), 1e-12);
        assertTrue(plan.certificate().recomputedBound() >= plan.objective() - 1e-9);
    }

    @Test
    void findsBrokenConstraints() {
        assertFinds(
                "delay",
                d -> with(
                        d,
                        d.node(),
                        d.thresholds(),
                        d.bandwidthHz() * 0.999,
                        d.powerWatts(),
                        d.computeUnits(),
                        d.truePositives()));
        assertFinds(
                "delay",
                d -> with(
                        d,
                        d.node(),
                        d.thresholds(),
                        d.bandwidthHz(),
                        d.powerWatts() * 0.9,
                        d.computeUnits(),
                        d.truePositives()));
        assertFinds(
                ": power [W]",
                d -> with(
                        d,
                        d.node(),
                        d.thresholds(),
                        d.bandwidthHz(),
                        d.powerWatts() * 2,
                        d.computeUnits(),
                        d.truePositives()));
        assertFinds(
                ": bandwidth [Hz]",
                d -> with(d, d.node(), d.thresholds(), 1e9, d.powerWatts(), d.computeUnits(), d.truePositives()));
        assertFinds(
                ": bandwidth [Hz]",
                d -> with(d, d.node(), d.thresholds(), 5e6, d.powerWatts(), d.computeUnits(), d.truePositives()));
        assertFinds(
                ": compute",
                d -> with(d, d.node(), d.thresholds(), d.bandwidthHz(), d.powerWatts(), 1000, d.truePositives()));
        assertFinds(
                "exceeds its compute",
                d -> with(
                        d,
                        d.node(),
                        d.thresholds(),
                        d.bandwidthHz(),
                        d.powerWatts(),
                        d.computeUnits() - 1,
                        d.truePositives()));
        assertFinds(
                "claims TP/FP",
                d -> with(
                        d,
                        d.node(),
                        d.thresholds(),
                        d.bandwidthHz(),
                        d.powerWatts(),
                        d.computeUnits(),
                        d.truePositives() - 1));
        assertFinds(
                "utility 0",
                d -> with(
                        d,
                        d.node(),
                        new Thresholds(1, Thresholds.NEVER),
                        d.bandwidthHz(),
                        d.powerWatts(),
                        d.computeUnits(),
                        0));
        assertFinds(
                "unknown node",
                d -> with(
                        d,
                        "en9",
                        d.thresholds(),
                        d.bandwidthHz(),
                        d.powerWatts(),
                        d.computeUnits(),
                        d.truePositives()));
    }

    @Test
    void findsFalseClaims() {
        assertTrue(violations(d -> d, 0.01, 0.02).get(0).startsWith("objective claimed"));
        assertTrue(violations(d -> d, 0, -0.01).get(0).contains("is below the objective"));
    }

    @Test
    void findsMissingAndDoubledDevices() {
        assertFinds(
                "not in the plan",
                d -> new Plan.Device(
                        "stranger",
                        d.node(),
                        d.thresholds(),
                        d.bandwidthHz(),
                        d.powerWatts(),
                        d.computeUnits(),
                        d.truePositives(),
                        d.falsePositives(),
                        null,
                        null,
                        null,
                        null));
    }

    @Test
    void findsSecurityLevelsBroken() {
        Instance strict = Json.parse(
                "fleet",
                Json.compact(fleet).replaceFirst("\"securityLevel\":3", "\"securityLevel\":1"),
                Instance.class);
        Plan own = Planner.of(fleet).plan("exact", SolveOptions.defaults());
        boolean atLowNode = own.devices().get(0).node().equals("en2");
        assertEquals(atLowNode, !PlanCheck.check(strict, own).isClean());
    }

    @Test
    void readsPlansOfOtherPrograms() {
        Plan foreign = Json.parse(
                "plan",
                "{\"format\":\"qexit.plan/1\",\"instance\":\"n4m2s1\",\"status\":\"feasible\",\"extra\":[1],\"devices\":[]}",
                Plan.class);
        assertFalse(PlanCheck.check(fleet, foreign).isClean());
    }
}
