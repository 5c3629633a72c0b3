package org.qexit.allocation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.common.RandomStreams;

class NodeProofTest {
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void findsTheProfitThatEnumerationFinds(long seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("proof");
        int size = random.nextInt(1, 8);
        double[] need = new double[size];
        double[] reward = new double[size];
        double[][] loads = new double[size][];
        double[][] values = new double[size][];
        double hz = random.nextDouble(1, 5);
        double units = random.nextInt(1, 12);
        NodeProof proof = new NodeProof(hz, units);
        for (int k = 0; k < size; k++) {
            need[k] = random.nextInt(3) == 0 ? random.nextInt(1, 4) : random.nextDouble(0.1, 3);
            reward[k] = random.nextDouble(-0.5, 3);
            int steps = random.nextInt(1, 5);
            loads[k] = new double[steps];
            values[k] = new double[steps];
            for (int s = 0; s < steps; s++) {
                loads[k][s] = (s == 0 ? 0 : loads[k][s - 1]) + random.nextInt(1, 4);
                values[k][s] = -random.nextDouble(0.1, 1) * (steps - s - 1);
            }
            java.util.Arrays.sort(values[k]);
            proof.add(need[k], reward[k], loads[k], values[k]);
        }
        double best = enumerate(0, hz, units, need, reward, loads, values);
        assertEquals(best, proof.limit(0), 1e-12);
        // An aim above the truth is returned as it is, one below does not hide it.
        assertEquals(best + 1, proof.limit(best + 1), 1e-12);
        assertEquals(best, proof.limit(best - 0.1), 1e-12);
    }

    private static double enumerate(
            int k, double hz, double units, double[] need, double[] reward, double[][] loads, double[][] values) {
        if (k == need.length) {
            return 0;
        }
        double best = enumerate(k + 1, hz, units, need, reward, loads, values);
        for (int s = 0; s < loads[k].length; s++) {
            if (need[k] <= hz && loads[k][s] <= units) {
                double rest = enumerate(k + 1, hz - need[k], units - loads[k][s], need, reward, loads, values);
                best = Math.max(best, reward[k] + values[k][s] + rest);
            }
        }
        return best;
    }

    @Test
    void nodesWithoutCapacityEarnNothing() {
        NodeProof proof = new NodeProof(0, 0);
        proof.add(1, 5, new double[] {1}, new double[] {0});
        assertEquals(0, proof.limit(0));
        assertTrue(proof.limit(-3) == 0);
    }
}
