package org.qexit.tier.live.up;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.UserError;

/** Noise on what devices see. */
class DisturbanceTest {
    @Test
    void itsFormIsReadStrictly() {
        assertEquals(new Disturbance(0.2, 20), Disturbance.parse("--drift", "noise=0.2@20"));
        assertEquals(new Disturbance(1, 0.5), Disturbance.parse("--drift", "noise=1@0.5"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "noise",
                "noise=0.2",
                "noise=0.2@",
                "noise=-1@3",
                "blur=1@3",
                "noise=1@3 ",
                "noise=0@3",
                "noise=1..2@3",
                "noise=11@3",
                "noise=1@99999999"
            })
    void otherFormsAreRefused(String text) {
        String message = assertThrows(UserError.class, () -> Disturbance.parse("--drift", text))
                .getMessage();
        assertTrue(message.startsWith("--drift is "), message);
        assertEquals(1, message.lines().count());
    }

    /** Far from both ends its mean is 0 and its deviation sigma m; levels stay whole and within 0 to m; the given array is left alone. */
    @Test
    void noiseHasItsDeviation() {
        float[] grey = new float[40_000];
        Arrays.fill(grey, 128);
        float[] noisy = new Disturbance(0.1, 0).of(grey, 255, new SplittableRandom(1));
        double sum = 0;
        double squares = 0;
        for (float value : noisy) {
            assertEquals(Math.rint(value), value);
            assertTrue(value >= 0 && value <= 255);
            sum += value - 128;
            squares += (value - 128) * (value - 128);
        }
        assertEquals(0, sum / noisy.length, 6 * 25.5 / Math.sqrt(noisy.length));
        assertEquals(25.5, Math.sqrt(squares / noisy.length), 0.6);
        assertEquals(128, grey[7]);
        float[] numbers = new Disturbance(0.1, 0).of(new float[] {0.5f, 0.5f, 0.5f}, 1, new SplittableRandom(1));
        assertTrue(numbers[0] != Math.rint(numbers[0]));
        assertArrayEquals(
                numbers, new Disturbance(0.1, 0).of(new float[] {0.5f, 0.5f, 0.5f}, 1, new SplittableRandom(1)));
    }
}
