package org.qexit.allocation.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.Fleets;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.common.Json;
import org.qexit.edge.Eavesdropper;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;

/** Only the ratios of weights matter: weights times any factor give the same status and the same plan. */
class WeightScaleTest {
    private static final SolveOptions OPTIONS = SolveOptions.defaults().withSeconds(20);

    private static Instance weighted(Instance fleet, IntToDoubleFunction weight) {
        List<Instance.Device> devices = new ArrayList<>();
        for (int n = 0; n < fleet.devices().size(); n++) {
            Instance.Device d = fleet.devices().get(n);
            devices.add(new Instance.Device(
                    d.id(),
                    weight.applyAsDouble(n),
                    d.securityLevel(),
                    d.featureBits(),
                    d.deadlineSeconds(),
                    d.powerMaxWatts(),
                    d.bandwidthMaxHz(),
                    d.eavesdropper(),
                    d.trace(),
                    d.eventsPerPeriod(),
                    d.maxFalsePositiveRate()));
        }
        return new Instance(
                fleet.format(), fleet.name(), fleet.radio(), devices, fleet.nodes(), fleet.links(), null, null);
    }

    private static Instance scaled(Instance fleet, double factor) {
        return weighted(fleet, n -> fleet.devices().get(n).weight() * factor);
    }

    private static List<String> places(Plan plan) {
        return plan.devices().stream()
                .map(d -> d.id() + " " + d.node() + " " + d.thresholds() + " " + d.computeUnits())
                .toList();
    }

    private static void assertHolds(Instance fleet, Plan plan) {
        PlanCheck.Report report = PlanCheck.check(fleet, Json.parse("plan", Json.pretty(plan), Plan.class));
        assertEquals(List.of(), report.violations());
        if (plan.isFeasible()
                && plan.status() == Plan.Status.OPTIMAL
                && plan.energy().penalisedBound() == null) {
            double gap = plan.moves() == null ? plan.gap() : plan.moves().netGap();
            assertTrue(gap
                    <= 1e-9
                            * Math.abs(
                                    plan.moves() == null
                                            ? plan.objective()
                                            : plan.moves().netObjective()));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-12, 1e-8, 0.1, 7, 1e12, 1e-25, 1e25})
    void aFactorChangesNothing(double factor) {
        for (long seed = 1; seed <= 5; seed++) {
            Instance fleet = Fleets.random(seed, 3 + (int) (seed % 4), 2 + (int) (seed % 2));
            Instance other = scaled(fleet, factor);
            for (String method : Methods.names()) {
                Plan plan = Planner.of(fleet).plan(method, OPTIONS);
                Plan same = Planner.of(other).plan(method, OPTIONS);
                String what = method + ", seed " + seed;
                assertEquals(plan.status(), same.status(), what);
                assertEquals(places(plan), places(same), what);
                if (plan.isFeasible()) {
                    assertHolds(other, same);
                    assertEquals(plan.objective() * factor, same.objective(), 1e-12 * factor * -plan.objective(), what);
                    assertEquals(
                            plan.published().paperUb() * factor,
                            same.published().paperUb(),
                            1e-9 * factor,
                            what);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-12, 1e-8, 1e8, 1e12})
    void norDoesItWhereEnergyOrMovesHaveACost(double factor) {
        for (long seed = 1; seed <= 8; seed++) {
            Instance fleet = Fleets.random(seed, 3 + (int) (seed % 3), 2);
            Instance other = scaled(fleet, factor);
            Plan plan = Planner.of(fleet).withEnergyWeight(0.3).plan("exact", OPTIONS);
            Plan same = Planner.of(other).withEnergyWeight(0.3 * factor).plan("exact", OPTIONS);
            assertEquals(plan.status(), same.status());
            assertEquals(places(plan), places(same));
            if (plan.isFeasible()) {
                assertHolds(other, same);
                assertEquals(
                        plan.energy().penalisedObjective() * factor,
                        same.energy().penalisedObjective(),
                        1e-6 * factor);
                assertEquals(0.3 * factor, same.energy().weightPerJoule(), 1e-15 * factor);
                Plan before = Planner.of(fleet).plan("random", OPTIONS);
                if (before.isFeasible()) {
                    Plan moved = Planner.of(fleet).replanned(before, 0.05, OPTIONS);
                    Plan too = Planner.of(other).replanned(before, 0.05 * factor, OPTIONS);
                    assertHolds(other, too);
                    assertEquals(moved.status(), too.status());
                    assertEquals(places(moved), places(too));
                    assertEquals(moved.moves().netBound() * factor, too.moves().netBound(), 1e-9 * factor);
                    assertEquals(
                            moved.moves().moved().size(), too.moves().moved().size());
                    for (int i = 0; i < moved.moves().moved().size(); i++) {
                        Double gain = moved.moves().moved().get(i).gain();
                        if (gain != null) {
                            assertEquals(
                                    gain * factor, too.moves().moved().get(i).gain(), 1e-9 * factor);
                        }
                    }
                }
            }
        }
    }

    /** A power of two changes no digit, in facts and listener neither. */
    @Test
    void aPowerOfSixteenChangesNoBit() {
        Instance fleet = Instance.read(Path.of("src/test/resources/allocation/n8m3s2.json"));
        double factor = 0x1p-40;
        List<Double> heard = new ArrayList<>();
        List<Double> heardToo = new ArrayList<>();
        Plan plan = facts(fleet, heard);
        Plan same = facts(scaled(fleet, factor), heardToo);
        assertEquals(plan.bound() * factor, same.bound());
        assertEquals(heard.stream().map(x -> x * factor).toList(), heardToo);
        assertFalse(heard.isEmpty());
        assertEquals(
                plan.fairness().worstAlternative() * factor, same.fairness().worstAlternative());
        for (int j = 0; j < plan.nodes().size(); j++) {
            Plan.NodeUse use = plan.nodes().get(j);
            Plan.NodeUse other = same.nodes().get(j);
            assertArrayEquals(
                    new double[] {
                        use.computeWorth() * factor,
                        use.computeWorthLimit() * factor,
                        use.bandwidthWorth() * factor,
                        use.bandwidthWorthLimit() * factor,
                        use.bandwidthPricePerHz() * factor
                    },
                    new double[] {
                        other.computeWorth(),
                        other.computeWorthLimit(),
                        other.bandwidthWorth(),
                        other.bandwidthWorthLimit(),
                        other.bandwidthPricePerHz()
                    },
                    0);
        }
    }

    private static Plan facts(Instance fleet, List<Double> heard) {
        SolveOptions options = OPTIONS.withListener(note -> heard.add(note.bound()));
        Planner planner = Planner.of(fleet);
        return planner.explained(planner.plan("exact", options), options, 0);
    }

    /** A bound that lies a few parts in a thousand millions higher is no proof, however small the weights, and whatever gap was asked for. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 1e-8, 1e-20, 1e8})
    void optimalIsRefusedWhereTheGapIsLarger(double factor) {
        Instance fleet = scaled(Instance.read(Path.of("src/test/resources/allocation/n4m2s1.json")), factor);
        Plan plan = Planner.of(fleet).plan("exact", OPTIONS);
        assertEquals(Plan.Status.OPTIMAL, plan.status());
        for (double gap : new double[] {0, 0.9e-9, 1.1e-9, 1e-7, 0.07}) {
            double bound = plan.objective() + gap * Math.abs(plan.objective());
            Certificate own = plan.certificate();
            Plan claim = plan.withResult(plan.devices(), plan.objective(), bound)
                    .withCertificate(
                            new Certificate("claimed", 0.1, null, null, null, own.searchNodes(), null, null, null));
            List<String> violations = PlanCheck.check(fleet, claim).violations();
            assertEquals(gap > 1e-9, !violations.isEmpty(), violations.toString());
            assertTrue(gap < 1e-9 || violations.get(0).startsWith("status optimal, yet bound"), violations.toString());
            assertEquals(
                    List.of(),
                    PlanCheck.check(fleet, claim.withEnergy(null, Plan.Status.FEASIBLE))
                            .violations());
        }
        Plan asked = Planner.of(fleet).plan("exact", OPTIONS.withGap(0.5));
        assertEquals(asked.gap() <= 1e-9 * -asked.objective(), asked.status() == Plan.Status.OPTIMAL);
    }

    @Test
    void everyDeviceAtItsBestIsOptimal() {
        Instance random = Fleets.random(3, 4, 2);
        List<EdgeNode> roomy = random.nodes().stream()
                .map(node -> new EdgeNode(node.id(), 1e9, 1e6, 1, null))
                .toList();
        Instance fleet = new Instance(
                random.format(),
                random.name(),
                random.radio(),
                random.devices().stream()
                        .map(d -> new Instance.Device(
                                d.id(),
                                d.weight(),
                                2,
                                d.featureBits(),
                                d.deadlineSeconds(),
                                null,
                                null,
                                new Eavesdropper(0, null),
                                d.trace(),
                                null,
                                null))
                        .toList(),
                roomy,
                random.devices().stream()
                        .map(device -> new Link(device.id(), roomy.get(0).id(), 1e-11))
                        .toList(),
                null,
                null);
        for (String method : List.of("exact", "benders")) {
            Plan plan = Planner.of(scaled(fleet, 1e-9)).plan(method, OPTIONS);
            assertEquals(
                    Plan.Status.OPTIMAL, plan.status(), () -> plan.reasons().toString());
            assertEquals(plan.bound(), plan.objective(), 1e-9 * Math.abs(plan.bound()));
        }
    }

    /** Weights that span twenty orders: whatever is claimed holds, and is no worse than what was found by trying everything. */
    @Test
    void weightsOfAllSizesTogetherGiveHonestClaims() {
        int optimal = 0;
        int found = 0;
        int feasible = 0;
        for (long seed = 1; seed <= 120; seed++) {
            Instance fleet = Fleets.random(seed, 3 + (int) (seed % 4), 2 + (int) (seed % 2));
            int turn = (int) seed;
            Instance wide = weighted(fleet, n -> Math.pow(10, 7 * ((n + turn) % 4) - 10));
            Plan plan = Planner.of(wide).plan("exact", OPTIONS);
            double best = Fleets.enumerate(PlanningProblem.of(wide));
            assertEquals(best > Double.NEGATIVE_INFINITY, plan.isFeasible());
            if (plan.isFeasible()) {
                feasible++;
                assertHolds(wide, plan);
                assertTrue(plan.bound() >= best * (1 + 1e-12), "seed " + seed + ": " + plan.bound() + " < " + best);
                found += plan.objective() >= best * (1 + 1e-9) ? 1 : 0;
                if (plan.status() == Plan.Status.OPTIMAL) {
                    optimal++;
                    assertEquals(best, plan.objective(), 1.01e-9 * Math.abs(best), "seed " + seed);
                }
            }
        }
        assertTrue(optimal > 5, optimal + " optimal");
        assertEquals(feasible, found);
    }
}
