package org.qexit.common;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomStreamsTest {
    @Test
    void aPurposeGivesTheSameStreamOnEveryMachine() {
        // First 8 bytes of `printf '7/split/ue1' | sha256sum`, as a signed number.
        assertEquals(0x48bdfed2d3f5a367L, RandomStreams.of(7).seed("split/ue1"));
        assertEquals(
                RandomStreams.of(7).stream("a").nextLong(),
                RandomStreams.of(7).stream("a").nextLong());
        assertNotEquals(RandomStreams.of(7).seed("a"), RandomStreams.of(7).seed("b"));
        assertNotEquals(RandomStreams.of(7).seed("a"), RandomStreams.of(8).seed("a"));
    }

    @Test
    void shuffleIsAPermutationAndUniform() {
        int[] firsts = new int[5];
        var random = RandomStreams.of(1).stream("shuffle");
        for (int r = 0; r < 50_000; r++) {
            int[] values = IntStream.range(0, 5).toArray();
            RandomStreams.shuffle(values, random);
            firsts[values[0]]++;
            int[] sorted = values.clone();
            Arrays.sort(sorted);
            assertArrayEquals(IntStream.range(0, 5).toArray(), sorted);
        }
        // Chi-squared with 4 degrees of freedom; 18.5 is its 99.9 % point.
        double chi = Arrays.stream(firsts)
                .mapToDouble(f -> (f - 10_000.0) * (f - 10_000.0) / 10_000)
                .sum();
        assertEquals(0, Math.max(0, chi - 18.5), "firsts " + Arrays.toString(firsts));
    }
}
