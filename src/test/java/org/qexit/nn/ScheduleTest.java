package org.qexit.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.qexit.common.Json;

class ScheduleTest {
    private static double rate(String schedule, int step) {
        return Json.parse("schedule", schedule, Schedule.class).rate(2, step, 10, 10);
    }

    @Test
    void coursesAreTheTextbooks() {
        assertEquals(2, rate("{\"kind\":\"cosine\"}", 0));
        assertEquals(1, rate("{\"kind\":\"cosine\"}", 50), 1e-15);
        assertEquals(2 * 0.5 * (1 + Math.cos(Math.PI * 99 / 100)), rate("{\"kind\":\"cosine\"}", 99), 1e-15);
        assertEquals(0, rate("{\"kind\":\"cosine\"}", 1000), 1e-15);
        assertEquals(2 * (0.1 + 0.9 * 0.5), rate("{\"kind\":\"cosine\",\"floor\":0.1}", 50), 1e-15);
        assertEquals(2, rate("{\"kind\":\"constant\"}", 99));
        assertEquals(2, rate("{\"kind\":\"step\",\"everyEpochs\":3,\"factor\":0.5}", 29));
        assertEquals(1, rate("{\"kind\":\"step\",\"everyEpochs\":3,\"factor\":0.5}", 30));
        assertEquals(0.25, rate("{\"kind\":\"step\",\"everyEpochs\":3,\"factor\":0.5}", 99));
    }

    @Test
    void warmUpClimbsLinearlyAndTheCourseFollows() {
        String schedule = "{\"kind\":\"cosine\",\"warmUpEpochs\":0.5}";
        for (int step = 0; step < 5; step++) {
            assertEquals(2 * (step + 1) / 5.0, rate(schedule, step), 1e-15);
        }
        assertEquals(2, rate(schedule, 5));
        assertEquals(2 * 0.5 * (1 + Math.cos(Math.PI * 19 / 95)), rate(schedule, 24), 1e-15);
        assertEquals(1.0, rate("{\"kind\":\"constant\",\"warmUpEpochs\":1000}", 49), 1e-15);
    }
}
