package org.qexit.common;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {
    private static final List<String> KNOWN = List.of("run", "train", "trace", "training", "sum-utility", "exact");

    @ParameterizedTest
    @CsvSource({
        "rnu, run",
        "trainig, training",
        "Trian, train",
        "sumutility, sum-utility",
        "exakt, exact",
        "tarce, trace"
    })
    void slipsAreFound(String written, String meant) {
        assertEquals(Optional.of(meant), Suggestions.nearest(written, KNOWN));
    }

    @ParameterizedTest
    @CsvSource({"x", "benders", "''", "optimize", "go"})
    void otherWordsAreNot(String written) {
        assertEquals(Optional.empty(), Suggestions.nearest(written, KNOWN));
    }

    @Test
    void longNamesAreNotCompared() {
        assertEquals(Optional.empty(), Suggestions.nearest("a".repeat(100_000), List.of("a".repeat(100_001))));
        assertEquals("", Suggestions.maybe("x", List.of()));
    }
}
