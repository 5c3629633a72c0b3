package org.qexit.allocation.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.common.RandomStreams;

class LabelFrontTest {
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 200);
    }

    /** Against the definition, all pairs compared; small whole numbers make many ties, fractions none. */
    @ParameterizedTest
    @MethodSource("seeds")
    void keepsWhatNothingDominates(long seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("front");
        boolean whole = seed % 2 == 0;
        int runs = random.nextInt(1, 7);
        int[] starts = new int[runs + 1];
        for (int r = 0; r < runs; r++) {
            starts[r + 1] = starts[r] + random.nextInt(12);
        }
        int made = starts[runs];
        double[] b = new double[made];
        double[] w = new double[made];
        double[] p = new double[made];
        double[] limit = new double[made];
        for (int i = 0; i < made; i++) {
            b[i] = random.nextInt(9);
            w[i] = random.nextInt(9) + (whole ? 0 : random.nextDouble());
            p[i] = random.nextInt(9);
            limit[i] = random.nextInt(10);
        }
        for (int r = 0; r < runs; r++) {
            Arrays.sort(p, starts[r], starts[r + 1]);
            for (int i = starts[r], k = starts[r + 1] - 1; i < k; i++, k--) {
                double swapped = p[i];
                p[i] = p[k];
                p[k] = swapped;
            }
        }
        double floor = 1.5;
        int keep = made == 0 ? -1 : random.nextInt(-1, made);
        LabelFront front = new LabelFront(whole);
        front.begin(made);
        for (int r = 0; r < runs; r++) {
            front.addRun(starts[r], starts[r + 1], limit, floor, keep);
        }
        int[] found = Arrays.copyOf(front.filter(b, w, p, keep), front.size());

        assertTrue(
                IntStream.range(1, found.length).allMatch(i -> p[found[i - 1]] >= p[found[i]]), "by decreasing profit");
        TreeSet<Integer> left = new TreeSet<>();
        IntStream.of(found).forEach(left::add);
        assertEquals(found.length, left.size());
        assertTrue(keep < 0 || left.contains(keep));
        for (int a = 0; a < made; a++) {
            int own = a;
            boolean reaches = limit[a] > floor || a == keep;
            assertTrue(
                    left.contains(a)
                            || !reaches
                            || left.stream().anyMatch(c -> b[c] <= b[own] && w[c] <= w[own] && p[c] >= p[own]),
                    "nothing that is left dominates " + a);
            boolean strictly = left.stream().anyMatch(c -> b[c] <= b[own] && w[c] <= w[own] && p[c] > p[own]);
            assertTrue(!left.contains(a) || a == keep || !strictly, "dominated: " + a);
        }
    }

    @Test
    void nothingGivesNothing() {
        LabelFront front = new LabelFront(true);
        front.begin(0);
        front.filter(new double[0], new double[0], new double[0], -1);
        assertEquals(0, front.size());
    }
}
