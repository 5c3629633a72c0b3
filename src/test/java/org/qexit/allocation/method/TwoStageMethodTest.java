package org.qexit.allocation.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.allocation.Fleets;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.search.CapacityPrices;
import org.qexit.allocation.search.Outcome;
import org.qexit.allocation.search.Primal;
import org.qexit.common.RandomStreams;

class TwoStageMethodTest {
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 60);
    }

    /** The optimum lies between the plan and the plan + loss bound, whatever the fleet. */
    @ParameterizedTest
    @MethodSource("seeds")
    void losesAtMostItsBoundAgainstTheOptimum(long seed) {
        PlanningProblem problem = PlanningProblem.of(Fleets.random(seed, 2 + (int) (seed % 4), 1 + (int) (seed % 3)));
        double oracle = Fleets.enumerate(problem);
        Plan plan = Planner.of(problem.instance())
                .plan("two-stage", SolveOptions.defaults().withSeconds(20));
        if (oracle == Double.NEGATIVE_INFINITY) {
            assertEquals(Plan.Status.INFEASIBLE, plan.status());
        } else {
            assertTrue(plan.isFeasible());
            assertTrue(plan.objective() <= oracle + 1e-9, plan.objective() + " > " + oracle);
            assertTrue(plan.bound() >= oracle - 1e-9, plan.bound() + " < " + oracle);
            assertTrue(PlanCheck.check(problem.instance(), plan).boundProven(), "recomputed from the raw data");
        }
    }

    /** Without scores, the counts must be the best ones for Σ ρ ln(R/|Φ|): compared with all assignments and all divisions. */
    @ParameterizedTest
    @MethodSource("seeds")
    void stageAReachesItsGap(long seed) {
        PlanningProblem problem = PlanningProblem.of(Fleets.random(seed, 3, 1 + (int) (seed % 3)));
        if (!problem.unservable().isEmpty()) {
            return;
        }
        OffloadStage stage = OffloadStage.of(problem);
        double best = enumerate(stage.model, 0, stage.model.bandwidth.clone(), stage.model.compute.clone());
        Outcome outcome = stage.solve(
                SolveOptions.defaults(),
                Deadline.after(20, SolveOptions.defaults().stop()));
        if (best == Double.NEGATIVE_INFINITY) {
            assertInstanceOf(Outcome.Infeasible.class, outcome);
            return;
        }
        Outcome.Found found = assertInstanceOf(Outcome.Found.class, outcome);
        double value = found.assignment().value();
        assertTrue(value <= best + 1e-9 && outcome.bound() >= best - 1e-9);
        assertTrue(best - value <= OffloadStage.GAP * Math.abs(best) + 1e-9, value + " against " + best);
        assertFits(stage.model, found.assignment());
    }

    /** Large fleets with room for bandwidth, where the climb over water levels must do without the search. */
    @Test
    void waterLevelsFillNodesWithinTheirCapacities() {
        SplittableRandom random = RandomStreams.of(5).stream("water");
        for (int round = 0; round < 20; round++) {
            int devices = random.nextInt(4, 60);
            int nodes = random.nextInt(1, 5);
            double[][] need = new double[devices][nodes];
            double[][] load = new double[devices][];
            double[][] value = new double[devices][];
            double[] weight = new double[devices];
            for (int n = 0; n < devices; n++) {
                weight[n] = random.nextDouble(0.5, 2);
                int events = random.nextInt(5, 60);
                double perEvent = random.nextInt(2) == 0 ? 1 : random.nextDouble(0.3, 3);
                load[n] = new double[events];
                value[n] = new double[events];
                for (int r = 1; r <= events; r++) {
                    load[n][r - 1] = r * perEvent;
                    value[n][r - 1] = weight[n] * Math.log((double) r / events);
                }
                for (int j = 0; j < nodes; j++) {
                    need[n][j] = random.nextDouble(1, 2);
                }
            }
            double[] bandwidth = new double[nodes];
            double[] compute = new double[nodes];
            for (int j = 0; j < nodes; j++) {
                bandwidth[j] = 2.5 * devices / nodes + 2;
                compute[j] = random.nextDouble(8, 30) * devices / nodes + 10;
            }
            JointModel model = new JointModel(need, load, value, bandwidth, compute);
            Deadline deadline = Deadline.after(20, SolveOptions.defaults().stop());
            CapacityPrices prices = new CapacityPrices(model).run(600, Double.NEGATIVE_INFINITY, deadline);
            Assignment found = new Balancing(model, weight)
                    .run(Primal.start(model, prices), 200L * devices, prices.bound, random, deadline);
            assertFits(model, found);
            assertTrue(found.value() <= prices.bound + 1e-9);
            // One increment per node is what whole steps may lose, and a device more or less what the climb may.
            assertTrue(
                    prices.bound - found.value() <= 0.02 * Math.abs(prices.bound) + 0.05 * nodes,
                    found.value() + " against " + prices.bound);
        }
    }

    private static void assertFits(JointModel model, Assignment assignment) {
        double[] usedB = new double[model.nodes];
        double[] usedW = new double[model.nodes];
        double total = 0;
        for (int n = 0; n < model.devices; n++) {
            int j = assignment.node()[n];
            usedB[j] += model.need[n][j];
            usedW[j] += model.load[n][assignment.step()[n]];
            total += model.value[n][assignment.step()[n]];
        }
        for (int j = 0; j < model.nodes; j++) {
            assertTrue(usedB[j] <= model.bandwidth[j] * (1 + 1e-9), "bandwidth at " + j);
            assertTrue(usedW[j] <= model.compute[j] * (1 + 1e-9), "compute at " + j);
        }
        assertEquals(total, assignment.value(), 1e-9);
    }

    private static double enumerate(JointModel model, int n, double[] freeB, double[] freeW) {
        if (n == model.devices) {
            return 0;
        }
        double best = Double.NEGATIVE_INFINITY;
        for (int j : model.allowed[n]) {
            if (model.need[n][j] > freeB[j]) {
                continue;
            }
            freeB[j] -= model.need[n][j];
            for (int s = 0; s < model.load[n].length && model.load[n][s] <= freeW[j]; s++) {
                freeW[j] -= model.load[n][s];
                best = Math.max(best, model.value[n][s] + enumerate(model, n + 1, freeB, freeW));
                freeW[j] += model.load[n][s];
            }
            freeB[j] += model.need[n][j];
        }
        return best;
    }
}
