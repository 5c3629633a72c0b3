package org.qexit.allocation.benders;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.qexit.allocation.Fleets;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.common.RandomStreams;

/** The contract of {@link BendersCuts}: what it says of a node holds for every assignment. */
class BendersCutsTest {
    /** Every cut must hold at every assignment: the oracle is the exact value of all 2^N sets of one node. */
    @Test
    void cutsHoldForEverySet() {
        SplittableRandom random = RandomStreams.of(9).stream("cuts");
        int checked = 0;
        for (long seed = 1; seed <= 80; seed++) {
            PlanningProblem problem = PlanningProblem.of(Fleets.random(seed, 6, 2));
            if (!problem.unservable().isEmpty()) {
                continue;
            }
            JointModel model = problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS);
            NodeKnapsack knapsack = new NodeKnapsack(model, 20_000);
            BendersMaster master = new BendersMaster(model);
            BendersCuts cuts = new BendersCuts(model, master, knapsack);
            for (int j = 0; j < 2; j++) {
                int[] servable = servable(model, j);
                if (servable.length == 0) {
                    continue;
                }
                double[] point = new double[master.pairs];
                for (int n : servable) {
                    point[master.pair(n, j)] = random.nextDouble();
                }
                var list = new java.util.ArrayList<BendersMaster.Cut>();
                list.add(cuts.dual(j, cuts.sharpestPrice(j, point)));
                list.add(cuts.dual(j, random.nextDouble()));
                list.addAll(cuts.feasibility(j, point));
                list.add(cuts.set(j, subset(servable, 1 + random.nextInt((1 << servable.length) - 1))));
                for (int bits = 0; bits < 1 << servable.length; bits++) {
                    int[] set = subset(servable, bits);
                    double value = value(model, set, 0, model.compute[j], bandwidth(model, set, j), j);
                    if (value == Double.NEGATIVE_INFINITY) {
                        continue;
                    }
                    double[] x = new double[master.pairs];
                    for (int n : set) {
                        x[master.pair(n, j)] = 1;
                    }
                    double[] theta = {value, value};
                    for (BendersMaster.Cut cut : list) {
                        assertTrue(cut.violation(x, theta) <= 1e-9, "seed " + seed + ": " + cut.violation(x, theta));
                        checked++;
                    }
                }
            }
        }
        assertTrue(checked > 2000, "checked " + checked);
    }

    private static int[] servable(JointModel model, int j) {
        return java.util.stream.IntStream.range(0, model.devices)
                .filter(n -> java.util.Arrays.binarySearch(model.allowed[n], j) >= 0)
                .toArray();
    }

    private static int[] subset(int[] of, int bits) {
        return java.util.stream.IntStream.range(0, of.length)
                .filter(i -> (bits >> i & 1) == 1)
                .map(i -> of[i])
                .toArray();
    }

    private static double bandwidth(JointModel model, int[] set, int j) {
        return java.util.Arrays.stream(set).mapToDouble(n -> model.need[n][j]).sum();
    }

    private static double value(JointModel model, int[] set, int at, double free, double hz, int j) {
        if (hz > model.bandwidth[j]) {
            return Double.NEGATIVE_INFINITY;
        }
        if (at == set.length) {
            return 0;
        }
        double best = Double.NEGATIVE_INFINITY;
        int n = set[at];
        for (int s = 0; s < model.load[n].length && model.load[n][s] <= free; s++) {
            best = Math.max(best, model.value[n][s] + value(model, set, at + 1, free - model.load[n][s], hz, j));
        }
        return best;
    }
}
