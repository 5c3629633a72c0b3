package org.qexit.allocation.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.allocation.EnergyFacts;
import org.qexit.allocation.Fleets;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.allocation.method.Planner;
import org.qexit.allocation.plan.RadioPlan;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.edge.DeadlineCurve;

public class EnergySearchTest {
    private static final double[] WEIGHTS = {0, 0.3, 3};

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 40);
    }

    private static Instance servable(int devices, int nodes) {
        return LongStream.rangeClosed(1, 100)
                .mapToObj(seed -> Fleets.random(seed, devices, nodes))
                .filter(fleet -> PlanningProblem.of(fleet).unservable().isEmpty())
                .findFirst()
                .orElseThrow();
    }

    /** All assignments and steps, each with the convex radio of every node; −∞ if none fits. */
    public static double enumerate(PlanningProblem problem) {
        if (!problem.unservable().isEmpty()) {
            return Double.NEGATIVE_INFINITY;
        }
        int[] node = new int[problem.devices()];
        int[] step = new int[problem.devices()];
        double[] best = {Double.NEGATIVE_INFINITY};
        double[] free = problem.instance().nodes().stream()
                .mapToDouble(j -> j.computeUnits())
                .toArray();
        enumerate(problem, 0, node, step, free, 0, best);
        return best[0];
    }

    private static void enumerate(
            PlanningProblem problem, int n, int[] node, int[] step, double[] free, double fair, double[] best) {
        if (fair <= best[0]) {
            return;
        }
        if (n == node.length) {
            RadioPlan radio = RadioPlan.of(problem, new Assignment(node, step, 0));
            if (radio.fits()) {
                double cost = 0;
                for (int d = 0; d < n; d++) {
                    cost += problem.wattCost(d, step[d]) * radio.watts()[d];
                }
                best[0] = Math.max(best[0], fair - cost);
            }
            return;
        }
        for (int j = 0; j < problem.nodes(); j++) {
            if (problem.needHz(n, j) == Double.POSITIVE_INFINITY) {
                continue;
            }
            node[n] = j;
            for (int s = problem.staircase(n).corners() - 1; s >= 0; s--) {
                double load = problem.staircase(n).loads()[s];
                if (load <= free[j] + 1e-9) {
                    step[n] = s;
                    free[j] -= load;
                    double gain = problem.user(n).weight()
                            * Math.log(problem.staircase(n).utility(s));
                    enumerate(problem, n + 1, node, step, free, fair + gain, best);
                    free[j] += load;
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void findsTheOptimumThatEnumerationFinds(long seed) {
        double share = new double[] {0.25, 0.5, 0.9, 10}[(int) (seed % 4)];
        Instance fleet =
                Fleets.withPowerBudgets(Fleets.random(seed, 2 + (int) (seed % 3), 1 + (int) (seed % 2)), share);
        for (double kappa : WEIGHTS) {
            PlanningProblem problem = PlanningProblem.of(fleet).withEnergyWeight(kappa);
            double oracle = enumerate(problem);
            Plan plan = Planner.of(problem.instance())
                    .withEnergyWeight(problem.energyWeight())
                    .plan("exact", SolveOptions.defaults().withSeconds(20));
            if (oracle == Double.NEGATIVE_INFINITY) {
                assertEquals(Plan.Status.INFEASIBLE, plan.status());
                continue;
            }
            assertEquals(Plan.Status.OPTIMAL, plan.status(), "weight " + kappa);
            EnergyFacts facts = plan.energy();
            double penalised = facts.penalisedObjective();
            assertEquals(oracle, penalised, 1e-7 * Math.max(1, Math.abs(oracle)), "weight " + kappa);
            assertTrue(plan.bound() >= plan.objective() - 1e-9);
            assertTrue(facts.kktResidual() < 1e-6);
            if (facts.prices() != null) {
                assertTrue(facts.prices().bound() >= oracle - 1e-8);
            }
            assertTrue(PlanCheck.check(fleet, plan).isClean());
        }
    }

    /** With a weight of (almost) nothing and budgets that never bind the long way gives what the projection gives. */
    @ParameterizedTest
    @MethodSource("seeds")
    void withoutPricesItReproducesTheProjection(long seed) {
        Instance fleet = Fleets.random(seed, 2 + (int) (seed % 4), 1 + (int) (seed % 3));
        PlanningProblem problem = PlanningProblem.of(fleet);
        double oracle = Fleets.enumerate(problem);
        if (problem.unservable().isEmpty()) {
            SolveOptions options = SolveOptions.defaults().withSeconds(20);
            EnergySearch search = new EnergySearch(problem, options, Deadline.after(20, options.stop())).run();
            assertEquals(oracle == Double.NEGATIVE_INFINITY, search.infeasible());
            assertEquals(oracle, search.hasPlan() ? search.value() : Double.NEGATIVE_INFINITY, 1e-9);
        }
    }

    @Test
    void moreWeightNeverMoreEnergyAndMorePowerNeverWorse() {
        int compared = 0;
        for (long seed = 1; seed <= 15; seed++) {
            Instance free = Fleets.random(seed, 3, 2);
            double joules = Double.POSITIVE_INFINITY;
            double fairness = Double.POSITIVE_INFINITY;
            for (double kappa : new double[] {0.1, 1, 10}) {
                Plan plan = Planner.of(free).withEnergyWeight(kappa).plan("exact", SolveOptions.defaults());
                if (plan.isFeasible()) {
                    assertTrue(plan.energy().expectedJoules() <= joules * (1 + 1e-7));
                    assertTrue(plan.objective() <= fairness + 1e-7);
                    joules = plan.energy().expectedJoules();
                    fairness = plan.objective();
                    compared++;
                }
            }
            double worse = Double.NEGATIVE_INFINITY;
            for (double share : new double[] {0.1, 0.3, 0.6, 1, 2}) {
                Plan plan = Planner.of(Fleets.withPowerBudgets(free, share)).plan("exact", SolveOptions.defaults());
                double now = plan.isFeasible() ? plan.objective() : Double.NEGATIVE_INFINITY;
                assertTrue(now >= worse - 1e-9);
                worse = now;
            }
        }
        assertTrue(compared > 10);
    }

    @Test
    void chordsLieBelowTheCostAndCloseToIt() {
        PlanningProblem problem = PlanningProblem.of(servable(4, 2)).withEnergyWeight(1);
        EnergyModel model = new EnergyModel(problem);
        for (int n = 0; n < model.devices; n++) {
            for (int i = 0; i < model.allowed[n].length; i++) {
                DeadlineCurve curve = model.curves[n][i];
                for (double y = -30; y < 30; y += 0.37) {
                    double perWatt = Math.exp(y) / curve.slopeAtLeastHz();
                    double exact = EnergyModel.exact(curve, 1, perWatt);
                    double chord = model.cost(n, i, 1, perWatt);
                    assertTrue(chord <= exact * (1 + 1e-12));
                    assertEquals(exact, chord, 0.01 * exact);
                }
            }
        }
    }

    @Test
    void theBestOfEachSetIsTheBestOfAllSteps() {
        for (long seed = 1; seed <= 20; seed++) {
            Instance fleet = Fleets.withPowerBudgets(Fleets.random(seed, 3, 1), 0.8);
            PlanningProblem problem = PlanningProblem.of(fleet).withEnergyWeight(2);
            double oracle = enumerate(problem);
            if (problem.unservable().isEmpty()) {
                NodeEnergy.Choice result = new NodeEnergy(
                                new EnergyModel(problem),
                                Deadline.after(60, SolveOptions.defaults().stop()))
                        .solve(0, new int[] {0, 1, 2});
                assertEquals(oracle, result.value(), 1e-8, "seed " + seed + Arrays.toString(result.steps()));
                assertTrue(result.bound() >= oracle - 1e-8 || !result.fits());
            }
        }
    }

    @Test
    void theCheckFindsFalseClaimsAboutEnergy() {
        PlanningProblem problem = PlanningProblem.of(servable(3, 2)).withEnergyWeight(1);
        Plan plan = Planner.of(problem.instance())
                .withEnergyWeight(problem.energyWeight())
                .plan("exact", SolveOptions.defaults());
        EnergyFacts e = plan.energy();
        assertTrue(PlanCheck.check(problem.instance(), plan).isClean());
        assertFinds(problem, plan, facts(e, 2 * e.expectedJoules(), e.penalisedBound(), e.prices()), "expected energy");
        assertFinds(problem, plan, facts(e, e.expectedJoules(), e.penalisedObjective() - 1, e.prices()), "is below");
        EnergyFacts.Prices p = e.prices();
        EnergyFacts.Prices sharper =
                new EnergyFacts.Prices(p.bandwidthPerHz(), p.computePerUnit(), p.powerPerWatt(), p.bound() - 0.1);
        assertFinds(problem, plan, facts(e, e.expectedJoules(), e.penalisedBound(), sharper), "prices");
    }

    private static EnergyFacts facts(EnergyFacts e, double joules, double bound, EnergyFacts.Prices prices) {
        return new EnergyFacts(
                e.weightPerJoule(),
                joules,
                e.energyTerm(),
                e.penalisedObjective(),
                bound,
                e.penalisedGap(),
                e.kktResidual(),
                e.nodes(),
                prices,
                null);
    }

    private static void assertFinds(PlanningProblem problem, Plan plan, EnergyFacts facts, String words) {
        var found = PlanCheck.check(problem.instance(), plan.withEnergy(facts, plan.status()))
                .violations();
        assertTrue(found.stream().anyMatch(v -> v.contains(words)), words + " not in " + found);
    }
}
