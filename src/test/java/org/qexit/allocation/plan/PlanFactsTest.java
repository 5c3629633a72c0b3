package org.qexit.allocation.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.allocation.Exhaustive;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.PlanText;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.allocation.method.Planner;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.edge.EdgeNode;

/** Facts against an oracle that tries everything. */
class PlanFactsTest {
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 40);
    }

    private static double gains(PlanningProblem problem, Plan plan, int n, int s) {
        double own = plan.devices().get(n).utility();
        return problem.user(n).weight() * (problem.staircase(n).utility(s) - own) / own;
    }

    private static Instance with(Instance fleet, int j, double hz, double units) {
        List<EdgeNode> nodes = new ArrayList<>(fleet.nodes());
        EdgeNode node = nodes.get(j);
        nodes.set(
                j,
                new EdgeNode(
                        node.id(), node.bandwidthHz() + hz, node.computeUnits() + units, node.securityLevel(), null));
        return new Instance(
                Instance.FORMAT, fleet.name(), fleet.radio(), fleet.devices(), nodes, fleet.links(), null, null);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void agreeWithTryingEverything(long seed) {
        int nodes = 1 + (int) (seed % 2);
        Instance fleet = Exhaustive.fleet(seed, 4, nodes);
        PlanningProblem problem = PlanningProblem.of(fleet);
        SolveOptions options = SolveOptions.defaults();
        Plan plan = PlanFacts.add(problem, Planner.of(problem.instance()).plan("exact", options), options);
        if (!plan.isFeasible()) {
            return;
        }
        Plan.Fairness f = plan.fairness();
        double worst = Exhaustive.best(problem, (n, j, s) -> gains(problem, plan, n, s));
        assertTrue(f.worstAlternative() <= worst + 1e-9, f.worstAlternative() + " > " + worst);
        assertTrue(f.alternativesChecked() >= 1 && f.alternativesAbove() <= f.alternativesChecked());
        assertEquals(f.worstAlternative() > 1e-9, f.alternativesAbove() > 0);
        if (nodes == 1) {
            assertEquals(worst, f.worstAlternative(), 1e-9);
        }
        double[] u = plan.devices().stream().mapToDouble(Plan.Device::utility).toArray();
        assertEquals(u[0] + u[1] + u[2] + u[3], f.sumUtility(), 1e-12);
        assertEquals(Math.min(Math.min(u[0], u[1]), Math.min(u[2], u[3])), f.minUtility());

        Plan priced = PlanFacts.withPriceOfFairness(problem, plan, options, 20);
        double most = Exhaustive.best(problem, (n, j, s) -> problem.staircase(n).utility(s));
        assertEquals(most, priced.fairness().sumUtilityBest(), 1e-5);
        assertTrue(priced.fairness().sumUtilityBound() >= most - 1e-9);
        assertEquals(1 - f.sumUtility() / most, priced.fairness().priceOfFairness(), 1e-5);

        for (int j = 0; j < nodes; j++) {
            Plan.NodeUse use = plan.nodes().get(j);
            double units = optimum(with(fleet, j, 0, use.computeExtra())) - plan.objective();
            assertTrue(use.computeWorth() <= units + 1e-9, use.computeWorth() + " > " + units);
            assertTrue(use.computeWorthLimit() >= use.computeWorth());
            if (nodes == 1) {
                assertEquals(units, use.computeWorth(), 1e-9);
            }
            double hz = optimum(with(fleet, j, use.bandwidthExtraHz(), 0)) - plan.objective();
            assertTrue(use.bandwidthWorth() <= hz + 1e-9, use.bandwidthWorth() + " > " + hz);
        }
    }

    private static double optimum(Instance fleet) {
        PlanningProblem problem = PlanningProblem.of(fleet);
        return Exhaustive.best(
                problem,
                (n, j, s) ->
                        problem.user(n).weight() * Math.log(problem.staircase(n).utility(s)));
    }

    /** No plan gains more than the limit, for the pairs that work with the capacities of today. */
    @Test
    void limitsHold() {
        int compared = 0;
        for (long seed = 1; seed <= 30; seed++) {
            Instance fleet = Exhaustive.fleet(seed, 4, 2);
            PlanningProblem problem = PlanningProblem.of(fleet);
            Plan plan = PlanFacts.add(
                    problem,
                    Planner.of(problem.instance()).plan("exact", SolveOptions.defaults()),
                    SolveOptions.defaults());
            for (int j = 0; plan.isFeasible() && j < 2; j++) {
                Plan.NodeUse use = plan.nodes().get(j);
                PlanningProblem more = PlanningProblem.of(with(fleet, j, 0, use.computeExtra()));
                int place = j;
                boolean samePairs = LongStream.range(0, 4)
                        .allMatch(n -> (more.needHz((int) n, place) < Double.POSITIVE_INFINITY)
                                == (problem.needHz((int) n, place) < Double.POSITIVE_INFINITY));
                if (samePairs) {
                    compared++;
                    double gain = optimum(more.instance()) - plan.objective();
                    assertTrue(use.computeWorthLimit() >= gain - 1e-9, use.computeWorthLimit() + " < " + gain);
                }
            }
        }
        assertTrue(compared > 10);
    }

    /** What Ctrl-C does: the flag is set in the middle of the search, which ends with its incumbent and a certificate. */
    @Test
    void aStopInTheMiddleKeepsTheIncumbentWithItsCertificate() {
        Instance fleet = Instance.read(java.nio.file.Path.of("src/test/resources/allocation/n20m4s4.json"));
        PlanningProblem problem = PlanningProblem.of(fleet);
        AtomicBoolean stop = new AtomicBoolean();
        SolveOptions options = SolveOptions.defaults().withStop(stop).withListener(note -> {
            if (Double.isFinite(note.objective())) {
                stop.set(true);
            }
        });
        Plan plan = PlanFacts.add(problem, Planner.of(problem.instance()).plan("exact", options), options);
        assertTrue(stop.get() && plan.isFeasible());
        PlanCheck.Report report = PlanCheck.check(fleet, plan);
        assertEquals(List.of(), report.violations());
        assertTrue(report.boundProven());
        assertFalse(PlanText.facts(plan).isEmpty());
    }
}
