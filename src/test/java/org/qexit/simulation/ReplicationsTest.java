package org.qexit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicationsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 20})
    void resultsComeInTheirOrder(int threads) {
        List<Integer> squares = Replications.run(13, threads, r -> r * r);
        assertEquals(IntStream.range(0, 13).map(r -> r * r).boxed().toList(), squares);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aFailureComesAsItIs(int threads) {
        UnsupportedOperationException thrown = assertThrows(
                UnsupportedOperationException.class,
                () -> Replications.run(5, threads, r -> {
                    if (r == 3) {
                        throw new UnsupportedOperationException("of 3");
                    }
                    return r;
                }));
        assertEquals("of 3", thrown.getMessage());
    }

    @Test
    void refusesNone() {
        assertThrows(IllegalArgumentException.class, () -> Replications.run(0, 1, r -> r));
        assertThrows(IllegalArgumentException.class, () -> Replications.run(1, 0, r -> r));
    }
}
