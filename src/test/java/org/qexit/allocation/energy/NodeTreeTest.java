package org.qexit.allocation.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.allocation.Fleets;
import org.qexit.allocation.Instance;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.PlanningProblem;

/** The bounds of one node against every set of its devices. */
class NodeTreeTest {
    private static final Deadline MINUTE =
            Deadline.after(60, SolveOptions.defaults().stop());

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 120);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theBoundIsWhatTheBestSetEarns(long seed) {
        int devices = 3 + (int) (seed % 4);
        Instance plain = Fleets.random(seed, devices, 1);
        Instance fleet = seed % 2 == 0 ? plain : Fleets.withPowerBudgets(plain, 0.7);
        PlanningProblem problem =
                PlanningProblem.of(fleet).withEnergyWeight(new double[] {0.2, 3, 30}[(int) (seed % 3)]);
        if (!problem.unservable().isEmpty()) {
            return;
        }
        EnergyModel model = new EnergyModel(problem);
        SplittableRandom random = new SplittableRandom(seed);
        NodeEnergy nodes = new NodeEnergy(model, MINUTE);
        double[] worth = random.doubles(devices, -0.5, 4).toArray();
        ToDoubleFunction<int[]> profit = set -> nodes.solve(0, set).value()
                + IntStream.of(set).mapToDouble(n -> worth[n]).sum();
        double best = 0;
        for (int mask = 1; mask < 1 << devices; mask++) {
            int chosen = mask;
            int[] set = IntStream.range(0, devices)
                    .filter(n -> (chosen >> n & 1) > 0)
                    .toArray();
            best = Math.max(best, profit.applyAsDouble(set));
        }
        double[] start = {1e-7 * random.nextDouble(), random.nextDouble(), seed % 2 == 0 ? 0 : random.nextDouble()};
        int[] all = IntStream.range(0, devices).toArray();
        for (ToDoubleFunction<int[]> told : List.<ToDoubleFunction<int[]>>of(profit, set -> Double.NEGATIVE_INFINITY)) {
            NodeTree tree = new NodeTree(model, 0, model.hull(), start, MINUTE);
            double few = tree.bound(all, worth, 0, 0, told);
            double many = tree.bound(all, worth, 0, 20_000, told);
            assertTrue(few >= best - 1e-9, few + " below " + best);
            assertTrue(many <= few + 1e-9, many + " above " + few);
            assertEquals(best, many, 1e-4 * (1 + best));
            assertTrue(many >= best - 1e-9, many + " below " + best);
        }
        assertEquals(
                best + 1, new NodeTree(model, 0, model.hull(), start, MINUTE).bound(all, worth, best + 1, 9, profit));
    }
}
