package org.qexit.allocation.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.linear.LinearSolver;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Deadline;
import org.qexit.common.RandomStreams;

class CoverMasterTest {
    private static final double BIG = 10;

    /** Columns arrive in batches; after each, ojAlgo solves the dual, one row per column, from scratch. */
    @Test
    void reachesTheValueThatOjAlgoReachesAfterEveryBatch() {
        SplittableRandom random = RandomStreams.of(4).stream("master");
        for (int round = 0; round < 12; round++) {
            int devices = random.nextInt(2, 15);
            int nodes = random.nextInt(1, 5);
            CoverMaster master = new CoverMaster(devices, nodes);
            List<Column> columns = new ArrayList<>();
            for (int batch = 0; batch < 5; batch++) {
                for (int c = 0; c < 6; c++) {
                    Column column = column(devices, nodes, random);
                    columns.add(column);
                    master.add(column);
                }
                master.box(null, 0, BIG);
                master.solve(10_000, Deadline.after(60, SolveOptions.defaults().stop()));
                assertEquals(dual(devices, nodes, columns), master.cost(), 1e-6);
                // Its prices must be feasible in that dual, which proves the value without trust in either solver.
                for (Column column : columns) {
                    assertTrue(column.profit(master.devicePrices()) <= master.nodeProfit(column.node()) + 1e-7);
                }
            }
        }
    }

    private static Column column(int devices, int nodes, SplittableRandom random) {
        int[] set = java.util.stream.IntStream.range(0, devices)
                .filter(n -> random.nextInt(3) == 0)
                .toArray();
        return new Column(random.nextInt(nodes), set, new int[set.length], -random.nextDouble() * (1 + set.length));
    }

    /** max Σ y − Σ z   s.t.   Σ_{n∈c} y_n − z_j ≤ −value_c,   0 ≤ y ≤ BIG,   z ≥ 0. */
    private static double dual(int devices, int nodes, List<Column> columns) {
        double[] cost = new double[devices + nodes];
        double[] upper = new double[devices + nodes];
        Arrays.fill(cost, 0, devices, -1);
        Arrays.fill(cost, devices, devices + nodes, 1);
        Arrays.fill(upper, 0, devices, BIG);
        Arrays.fill(upper, devices, devices + nodes, 1e4);
        LinearSolver.Builder builder = LinearSolver.newBuilder()
                .objective(cost)
                .lower(new double[cost.length])
                .upper(upper);
        for (Column column : columns) {
            double[] row = new double[cost.length];
            for (int n : column.devices()) {
                row[n] = 1;
            }
            row[devices + column.node()] = -1;
            builder.inequality(-column.value(), row);
        }
        Optimisation.Result result = builder.build().solve();
        assertTrue(result.getState().isOptimal());
        return -result.getValue();
    }
}
