package org.qexit.allocation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.Fleets;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.method.Planner;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.common.Json;

/** The proof in a plan proves the plan's bound, and nothing but a proof does. */
class CertificateTest {
    private static Instance fleet;
    private static Plan plan;
    private static List<Certificate.ProofStep> branched;

    @BeforeAll
    static void solve() {
        fleet = Instance.read(Path.of("src/test/resources/allocation/n12m3s3.json"));
        plan = Planner.of(fleet).plan("exact", SolveOptions.defaults());
        // A decision in front of the root's proof: its prices hold in both halves.
        Certificate.ProofStep leaf = plan.certificate().tree().get(0);
        branched = List.of(
                new Certificate.ProofStep(
                        fleet.devices().get(2).id(), fleet.nodes().get(1).id(), null, null, null),
                leaf,
                leaf);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void boundsAreRecomputedAndNeverBelowTheOptimum(long seed) {
        Instance random = Fleets.random(seed, 3 + (int) (seed % 4), 2 + (int) (seed % 2));
        PlanningProblem problem = PlanningProblem.of(random);
        double oracle = Fleets.enumerate(problem);
        for (double gap : new double[] {0, 0.02, 0.3}) {
            Plan found = Planner.of(problem.instance())
                    .plan("exact", SolveOptions.defaults().withGap(gap));
            assertEquals(oracle > Double.NEGATIVE_INFINITY, found.isFeasible());
            if (found.isFeasible()) {
                PlanCheck.Report report = PlanCheck.check(random, Json.parse("plan", Json.pretty(found), Plan.class));
                assertEquals(List.of(), report.violations());
                assertTrue(report.boundProven());
                assertTrue(found.bound() >= oracle - 1e-9, found.bound() + " < " + oracle);
                assertTrue(report.recomputedBound() >= oracle - 1e-9, report.recomputedBound() + " < " + oracle);
            }
        }
    }

    private static PlanCheck.Report with(List<Certificate.ProofStep> tree) {
        Certificate c = plan.certificate();
        Plan changed = plan.withCertificate(
                new Certificate(c.kind(), c.tolerance(), null, tree, null, null, null, null, null));
        return PlanCheck.check(fleet, Json.parse("plan", Json.pretty(changed), Plan.class));
    }

    private static List<Certificate.ProofStep> change(int index, UnaryOperator<Certificate.ProofStep> edit) {
        List<Certificate.ProofStep> steps = new ArrayList<>(branched);
        steps.set(index, edit.apply(steps.get(index)));
        return steps;
    }

    private static void assertRefused(String why, List<Certificate.ProofStep> tree) {
        PlanCheck.Report report = with(tree);
        assertFalse(report.boundProven());
        assertTrue(report.violations().stream().anyMatch(v -> v.contains(why)), why + " not in " + report.violations());
    }

    @Test
    void theSearchWritesATreeAndTheCheckFollowsIt() {
        assertNotNull(plan.certificate().tree());
        assertEquals("search-tree", plan.certificate().kind());
        assertEquals(List.of(), with(plan.certificate().tree()).violations());
        assertEquals(List.of(), with(branched).violations());
        assertTrue(with(branched).boundProven());
    }

    @Test
    void aTamperedTreeIsRefused() {
        assertRefused("ends before its last leaf", branched.subList(0, 2));
        assertRefused("ends before its last leaf", List.of());
        assertRefused("behind its last leaf", branched.subList(1, 3));
        assertRefused(
                "not both here",
                change(0, step -> new Certificate.ProofStep("stranger", step.node(), null, null, null)));
        assertRefused("not both here", change(2, step -> new Certificate.ProofStep(null, null, null, null, null)));
        assertRefused("proves only", change(1, leaf -> {
            double[] prices = leaf.devicePrices().clone();
            prices[0] *= 1.1;
            return new Certificate.ProofStep(null, null, prices, leaf.nodeProfits(), null);
        }));
        assertRefused(
                "2 prices for 12",
                change(2, leaf -> new Certificate.ProofStep(null, null, new double[2], leaf.nodeProfits(), null)));
    }

    /** The profits in a leaf are an aim, not evidence: too low ones change nothing, too high ones only weaken the bound. */
    @Test
    void profitsInALeafAreNotTrusted() {
        double honest = with(branched).recomputedBound();
        double low = with(change(
                        1,
                        leaf -> new Certificate.ProofStep(
                                null, null, leaf.devicePrices(), new double[] {-5, 0, -1}, null)))
                .recomputedBound();
        assertEquals(honest, low, 1e-9);
        assertRefused(
                "proves only",
                change(
                        1,
                        leaf -> new Certificate.ProofStep(
                                null, null, leaf.devicePrices(), new double[] {9, 9, 9}, null)));
    }

    /** The plan with some fields of its JSON replaced. */
    private static List<String> claiming(Map<String, Object> changes) {
        Map<String, Object> json = new LinkedHashMap<>();
        Map<?, ?> original = Json.parse("plan", Json.pretty(plan), Map.class);
        original.forEach((key, value) -> json.put((String) key, value));
        json.putAll(changes);
        return PlanCheck.check(fleet, Json.parse("plan", Json.pretty(json), Plan.class))
                .violations();
    }

    @Test
    void aBoundBelowWhatIsProvenIsRefused() {
        Object prices = plan.certificate().multipliers();
        List<String> violations = claiming(Map.of(
                "bound",
                plan.objective(),
                "gap",
                0.0,
                "certificate",
                Map.of("kind", "node-prices", "tolerance", 0.0, "multipliers", prices)));
        assertTrue(violations.get(0).contains("proves only"), violations.toString());
    }

    @Test
    void gapAndStatusMustFollowFromBoundAndObjective() {
        List<String> violations = claiming(Map.of("bound", plan.bound() + 0.5));
        assertTrue(violations.stream().anyMatch(v -> v.startsWith("gap claimed")), violations.toString());
        assertTrue(violations.stream().anyMatch(v -> v.startsWith("status optimal")), violations.toString());
    }
}
