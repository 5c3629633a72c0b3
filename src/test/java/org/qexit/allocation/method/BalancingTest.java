package org.qexit.allocation.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.EveryChoice;
import org.qexit.allocation.problem.JointModel;
import org.qexit.common.RandomStreams;

/** The contract of {@link Balancing}: moves keep the sums, it never loses, and on small fleets it comes near the optimum. */
class BalancingTest {
    private static final int DEVICES = 4;
    private static final int NODES = 2;
    private static final int COUNTS = 8;

    /** Random weights and needs; counts 1 … 8 of each device with values ρ ln(count/8). */
    private static JointModel model(SplittableRandom random, double[] weight) {
        double[][] need = new double[DEVICES][NODES];
        double[][] load = new double[DEVICES][COUNTS];
        double[][] value = new double[DEVICES][COUNTS];
        for (int n = 0; n < DEVICES; n++) {
            weight[n] = random.nextDouble(0.5, 2);
            for (int j = 0; j < NODES; j++) {
                need[n][j] = random.nextInt(8) == 0 ? Double.POSITIVE_INFINITY : random.nextDouble(1, 4);
            }
            for (int s = 0; s < COUNTS; s++) {
                load[n][s] = s + 1;
                value[n][s] = weight[n] * Math.log((s + 1.0) / COUNTS);
            }
        }
        double[] bandwidth = random.doubles(NODES, 4, 9).toArray();
        double[] compute = random.ints(NODES, 3, 18).asDoubleStream().toArray();
        return new JointModel(need, load, value, bandwidth, compute);
    }

    @Test
    void movesKeepTheSumsAndNeverLose() {
        int found = 0;
        int near = 0;
        for (long seed = 1; seed <= 200; seed++) {
            SplittableRandom random = RandomStreams.of(seed).stream("balancing");
            double[] weight = new double[DEVICES];
            JointModel model = model(random, weight);
            if (Arrays.stream(model.allowed).anyMatch(links -> links.length == 0)) {
                continue;
            }
            Balancing balancing = new Balancing(model, weight);
            int[] start = new int[DEVICES];
            for (int n = 0; n < DEVICES; n++) {
                start[n] = model.allowed[n][random.nextInt(model.allowed[n].length)];
            }
            Assignment first = balancing.divide(start);
            Assignment last = balancing.run(
                    start,
                    2000,
                    Double.POSITIVE_INFINITY,
                    random,
                    Deadline.after(20, SolveOptions.defaults().stop()));
            assertEquals(first == null, last == null, "seed " + seed);
            if (first == null) {
                continue;
            }
            found++;
            double optimum = EveryChoice.best(model);
            EveryChoice.assertHolds(model, first);
            EveryChoice.assertHolds(model, last);
            assertTrue(last.value() <= optimum + 1e-9, "seed " + seed);
            // It climbs over continuous shares: whole steps follow them up to a step of a device or two.
            assertTrue(
                    last.value() >= first.value() - 0.5, "seed " + seed + ": " + first.value() + " to " + last.value());
            near += last.value() >= optimum - 0.1 * (1 + Math.abs(optimum)) ? 1 : 0;
        }
        assertTrue(found > 60, found + " found");
        assertTrue(near >= 0.9 * found, near + " of " + found + " near the optimum");
    }
}
