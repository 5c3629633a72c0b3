package org.qexit.allocation.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.common.RandomStreams;

class NodeKnapsackTest {
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 200);
    }

    private static JointModel model(SplittableRandom random, int devices) {
        double[][] need = new double[devices][1];
        double[][] load = new double[devices][];
        double[][] value = new double[devices][];
        for (int n = 0; n < devices; n++) {
            need[n][0] = random.nextDouble(1, 10);
            int steps = random.nextInt(1, 6);
            load[n] = new double[steps];
            value[n] = new double[steps];
            double w = 0;
            double v = -random.nextDouble(1, 3);
            for (int s = 0; s < steps; s++) {
                w += random.nextInt(1, 5) * (random.nextBoolean() ? 1 : 0.37);
                v += random.nextDouble(0.01, 0.5);
                load[n][s] = w;
                value[n][s] = v;
            }
        }
        return new JointModel(
                need, load, value, new double[] {random.nextDouble(5, 30)}, new double[] {random.nextDouble(4, 25)});
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithEnumeration(long seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("knapsack");
        int devices = random.nextInt(1, 8);
        JointModel model = model(random, devices);
        double[] reward = random.doubles(devices, 0, 3).toArray();
        boolean[] must = new boolean[devices];
        for (int n = 0; n < devices; n++) {
            must[n] = random.nextInt(4) == 0;
        }
        double oracle = enumerate(model, reward, must, 0, model.bandwidth[0], model.compute[0], 0);
        for (int limit : new int[] {100_000, 3}) {
            NodeKnapsack knapsack = new NodeKnapsack(model, limit);
            knapsack.begin(0);
            for (int n = 0; n < devices; n++) {
                knapsack.add(n, model.need[n][0], reward[n], must[n]);
            }
            boolean found = knapsack.solve(Double.NEGATIVE_INFINITY);
            if (limit == 100_000) {
                assertEquals(oracle > Double.NEGATIVE_INFINITY, found);
            }
            if (found) {
                assertTrue(knapsack.bound() >= oracle - 1e-9, "bound " + knapsack.bound() + " oracle " + oracle);
                assertChoiceIsWorth(model, knapsack, reward, must);
                if (limit == 100_000) {
                    assertEquals(oracle, knapsack.profit(), 1e-9);
                    assertEquals(oracle, knapsack.bound(), 1e-9);
                    assertFalse(knapsack.solve(oracle + 1e-9));
                    assertTrue(knapsack.solve(oracle - 1e-6));
                    assertEquals(oracle, knapsack.profit(), 1e-9);
                }
            }
        }
    }

    private static void assertChoiceIsWorth(JointModel model, NodeKnapsack knapsack, double[] reward, boolean[] must) {
        double b = 0;
        double w = 0;
        double p = 0;
        boolean[] in = new boolean[must.length];
        for (int i = 0; i < knapsack.chosen(); i++) {
            int n = knapsack.chosenDevice(i);
            int s = knapsack.chosenStep(i);
            assertFalse(in[n]);
            in[n] = true;
            b += model.need[n][0];
            w += model.load[n][s];
            p += reward[n] + model.value[n][s];
        }
        for (int n = 0; n < must.length; n++) {
            assertTrue(in[n] || !must[n]);
        }
        assertTrue(b <= model.bandwidth[0] * (1 + 1e-12) && w <= model.compute[0] * (1 + 1e-12));
        assertEquals(p, knapsack.profit(), 1e-9);
    }

    private static double enumerate(
            JointModel model, double[] reward, boolean[] must, int n, double freeB, double freeW, double profit) {
        if (n == reward.length) {
            return profit;
        }
        double best = must[n] ? Double.NEGATIVE_INFINITY : enumerate(model, reward, must, n + 1, freeB, freeW, profit);
        if (model.need[n][0] <= freeB) {
            for (int s = 0; s < model.load[n].length; s++) {
                if (model.load[n][s] <= freeW) {
                    best = Math.max(
                            best,
                            enumerate(
                                    model,
                                    reward,
                                    must,
                                    n + 1,
                                    freeB - model.need[n][0],
                                    freeW - model.load[n][s],
                                    profit + reward[n] + model.value[n][s]));
                }
            }
        }
        return best;
    }
}
