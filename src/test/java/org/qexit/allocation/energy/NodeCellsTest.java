package org.qexit.allocation.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.allocation.Fleets;
import org.qexit.allocation.Instance;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.PlanningProblem;

/** The bounds of one node against every set of its devices, and the knapsack over cells against the plain recursion. */
class NodeCellsTest {
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noSetEarnsMoreThanTheBound(long seed) {
        Instance plain = Fleets.random(seed, 4, 1);
        Instance fleet = seed % 2 == 0 ? plain : Fleets.withPowerBudgets(plain, 0.7);
        PlanningProblem problem = PlanningProblem.of(fleet).withEnergyWeight(seed % 3 == 0 ? 0.2 : 3);
        if (!problem.unservable().isEmpty()) {
            return;
        }
        EnergyModel model = new EnergyModel(problem);
        SplittableRandom random = new SplittableRandom(seed);
        NodeEnergy nodes =
                new NodeEnergy(model, Deadline.after(60, SolveOptions.defaults().stop()));
        double[] worth = random.doubles(4, -0.5, 4).toArray();
        double[] start = {1e-7 * random.nextDouble(), random.nextDouble(), seed % 2 == 0 ? 0 : random.nextDouble()};
        NodeCells cells = new NodeCells(model, 0, model.hull(), start);
        int[] all = {0, 1, 2, 3};
        double coarse = cells.bound(all, worth, NodeCells.CELLS / 16, 0);
        double tried = cells.bound(all, worth, NodeCells.CELLS, 12);
        double best = 0;
        for (int mask = 1; mask < 16; mask++) {
            int chosen = mask;
            int[] set = IntStream.range(0, 4).filter(n -> (chosen >> n & 1) > 0).toArray();
            NodeEnergy.Choice choice = nodes.solve(0, set);
            if (choice.fits()) {
                best = Math.max(
                        best,
                        choice.value()
                                + IntStream.of(set).mapToDouble(n -> worth[n]).sum());
            }
        }
        assertTrue(tried >= best - 1e-9, tried + " below " + best);
        assertTrue(coarse >= best - 1e-9, coarse + " below " + best);
    }

    @Test
    void theKnapsackFindsWhatThePlainRecursionFinds() {
        SplittableRandom random = new SplittableRandom(7);
        CellKnapsack knapsack = new CellKnapsack();
        for (int trial = 0; trial < 300; trial++) {
            int capacity = random.nextInt(1, 40);
            int devices = random.nextInt(1, 8);
            knapsack.begin(capacity);
            double[] plain = new double[capacity + 1];
            int[] first = new int[devices];
            double[][] values = new double[devices][];
            for (int k = 0; k < devices; k++) {
                first[k] = random.nextInt(0, capacity + 1);
                double[] rises = random.doubles(random.nextInt(1, 12)).sorted().toArray();
                values[k] = new double[rises.length];
                values[k][0] = random.nextDouble(-0.5, 2);
                for (int c = 1; c < rises.length; c++) {
                    values[k][c] = values[k][c - 1] + rises[rises.length - c];
                }
                knapsack.add(first[k], values[k]);
                double[] next = plain.clone();
                for (int c = first[k]; c <= capacity; c++) {
                    for (int own = 0; own < values[k].length && first[k] + own <= c; own++) {
                        next[c] = Math.max(next[c], plain[c - first[k] - own] + values[k][own]);
                    }
                }
                plain = next;
            }
            double found = knapsack.solve();
            assertEquals(plain[capacity], found, 1e-12);
            int[] chosen = knapsack.chosen();
            int cells = 0;
            double sum = 0;
            for (int k = 0; k < devices; k++) {
                if (chosen[k] >= 0) {
                    cells += first[k] + chosen[k];
                    sum += values[k][chosen[k]];
                }
            }
            assertTrue(cells <= capacity, Arrays.toString(chosen));
            assertEquals(found, sum, 1e-12);
        }
    }
}
