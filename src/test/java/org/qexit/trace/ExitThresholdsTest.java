package org.qexit.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;

class ExitThresholdsTest {
    private static final float NO = Float.NEGATIVE_INFINITY;
    private static final float ALL = Float.POSITIVE_INFINITY;

    static IntStream seeds() {
        return IntStream.range(0, 300);
    }

    /** Few levels, so that thresholds tie with confidences and with each other. */
    private static float level(SplittableRandom random) {
        return random.nextInt(5) / 4f;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void equalEntriesDecideAsThePair(int seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("rule");
        int exits = 1 + random.nextInt(4);
        float lower = level(random);
        float upper = random.nextInt(4) == 0 ? Thresholds.NEVER : Math.max(lower, level(random));
        Thresholds pair = new Thresholds(lower, upper);
        ExitThresholds each = ExitThresholds.of(pair, exits);
        for (int i = 0; i < 20; i++) {
            float[] confidences = new float[exits];
            float[][] scores = new float[exits][1];
            for (int q = 0; q < exits; q++) {
                confidences[q] = level(random);
                scores[q][0] = confidences[q];
            }
            assertEquals(pair.decide(confidences), each.decide(confidences));
            assertEquals(pair.decide(scores, 0), each.decide(scores, 0));
        }
        assertEquals(each, Json.parse("rule", Json.compact(each), ExitThresholds.class));
    }

    /** Exit 1 never tests, exit 2 knows normal events alone, exit 3 calls all critical. */
    @Test
    void neverAndAlways() {
        ExitThresholds rule = ExitThresholds.of(new float[] {NO, 0.5f, NO}, new float[] {ALL, ALL, NO});
        assertEquals(new Thresholds.Decision(1, false), rule.decide(new float[] {1, 0.5f, 1}));
        assertEquals(new Thresholds.Decision(2, true), rule.decide(new float[] {0, 0.6f, 0}));
        ExitThresholds stop = ExitThresholds.of(new float[] {ALL}, new float[] {ALL});
        assertEquals(new Thresholds.Decision(0, false), stop.decide(new float[] {1}));
        assertEquals(
                "{\"lower\":[\"never\",0.5,\"never\"],\"upper\":[\"never\",\"never\",\"always\"]}", Json.compact(rule));
        assertEquals("{\"lower\":[\"always\"],\"upper\":[\"never\"]}", Json.compact(stop));
        assertEquals(rule, Json.parse("rule", Json.compact(rule), ExitThresholds.class));
        assertEquals(
                rule.hashCode(),
                Json.parse("rule", Json.compact(rule), ExitThresholds.class).hashCode());
        assertNotEquals(rule, stop);
    }

    @ParameterizedTest
    @CsvSource({
        "NaN, 0.5",
        "0.5, NaN",
        "NaN, NaN",
        "-0.1, 0.5",
        "0.5, 1.1",
        "0.6, 0.5",
        "Infinity, 0.5",
        "0.5, -Infinity"
    })
    void refusesWhatAreNoThresholds(float lower, float upper) {
        assertThrows(
                IllegalArgumentException.class,
                () -> ExitThresholds.of(new float[] {0, lower}, new float[] {1, upper}));
    }

    @Test
    void refusesOtherNumbersOfExits() {
        assertThrows(IllegalArgumentException.class, () -> ExitThresholds.of(new float[0], new float[0]));
        assertThrows(IllegalArgumentException.class, () -> ExitThresholds.of(new float[1], new float[2]));
        ExitThresholds rule = ExitThresholds.of(new float[] {0}, new float[] {1});
        assertThrows(IllegalArgumentException.class, () -> rule.decide(new float[2]));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"lower\":[0.6],\"upper\":[0.5]}",
                "{\"lower\":[0.1],\"upper\":[0.5,0.6]}",
                "{\"lower\":[null],\"upper\":[0.5]}",
                "{\"lower\":[0.1],\"upper\":[1e400]}",
                "{\"lower\":[0.1],\"upper\":[\"sometimes\"]}",
                "{\"lower\":[\"always\"],\"upper\":[0.5]}"
            })
    void refusesBadJsonInOneLine(String json) {
        Exception e = assertThrows(Exception.class, () -> Json.parse("rule", json, ExitThresholds.class));
        assertTrue(!e.getMessage().contains("\n") && e.getMessage().contains("expected"), e.getMessage());
    }
}
