package org.qexit.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.DevicePath;
import org.qexit.bundle.TinyBundle;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.RulePath;
import org.qexit.trace.Thresholds;

class BudgetFollowerTest {
    @TempDir
    private Path folder;

    private static RulePath path(int exits) {
        return RulePath.of(
                new double[] {0.5, 0.8, 0.9},
                List.of(
                        ExitThresholds.of(new Thresholds(0.05f, 0.1f), exits),
                        ExitThresholds.of(new Thresholds(0.2f, 0.3f), exits),
                        ExitThresholds.of(new Thresholds(0.2f, 0.6f), exits)),
                1);
    }

    private static float[] event(SplittableRandom random) {
        float[] event = new float[4];
        for (int i = 0; i < event.length; i++) {
            event[i] = (float) random.nextDouble();
        }
        return event;
    }

    /** Each event is decided by the rule of the path where the follower is, as all stages' confidences say. */
    @Test
    void decidesByTheRuleOfItsPlace() throws Exception {
        Bundle bundle = Bundle.open(new TinyBundle().zip(folder.resolve("tiny.zip")));
        try (EdgeRuntime runtime = EdgeRuntime.open(bundle, bundle.device("ue1").thresholds(), 1)) {
            RulePath path = path(runtime.exits());
            BudgetFollower follower = BudgetFollower.of(path, new BudgetFollower.Budget(0.3, 0.2));
            double tau = path.fixedTau();
            SplittableRandom random = new SplittableRandom(4);
            int offloads = 0;
            for (int k = 0; k < 500; k++) {
                assertEquals(tau, follower.tau(), 1e-9);
                float[] event = event(random);
                float[] all = runtime.classifyByAllStages(event).confidences();
                Thresholds.Decision expected = path.at(follower.tau()).decide(all);
                EdgeRuntime.Result result = follower.classify(runtime, event);
                assertEquals(expected.critical(), result.critical());
                assertEquals(expected.exit() + 1, result.exit());
                assertArrayEquals(Arrays.copyOf(all, result.exit()), result.confidences());
                offloads += result.critical() ? 1 : 0;
                tau = path.fixedTau() + 0.2 * (offloads - 0.3 * (k + 1));
            }
            assertEquals(0.3, offloads / 500.0, 1.2 / (0.2 * 500));
            double before = follower.tau();
            assertThrows(IllegalArgumentException.class, () -> follower.classify(runtime, new float[3]));
            assertEquals(before, follower.tau());
            BudgetFollower other = BudgetFollower.of(path(runtime.exits() + 1), new BudgetFollower.Budget(0.3, 0.2));
            assertThrows(IllegalArgumentException.class, () -> other.classify(runtime, event(random)));
        }
    }

    @Test
    void bundlesOfBeforeHaveNoPath() throws Exception {
        Bundle bundle = Bundle.open(new TinyBundle().zip(folder.resolve("tiny.zip")));
        UserError error = assertThrows(
                UserError.class, () -> BudgetFollower.of(bundle, "ue1", new BudgetFollower.Budget(0.1, 0.1)));
        assertTrue(error.getMessage().contains("has no path of rules for device 'ue1'"), error.getMessage());
    }

    @Test
    void pathsAreReadAsTheyAreWritten() {
        DevicePath written = DevicePath.of("ue1", path(3));
        DevicePath read = Json.parse("path", Json.compact(written), DevicePath.class);
        assertEquals(written, read);
        assertEquals(path(3).at(0.85), read.path().at(0.85));
        String text = Json.compact(written);
        for (String bad : List.of(
                text.replace("qexit.path/1", "qexit.path/2"),
                text.replace("\"fixed\":1", "\"fixed\":3"),
                text.replace("\"tau\":0.8", "\"tau\":0.95"),
                text.replace("\"tau\":0.8", "\"tau\":\"NaN\""),
                text.replace("0.6", "0.25"),
                text.replace("\"steps\"", "\"step\""),
                "{\"format\":\"qexit.path/1\",\"device\":\"ue1\",\"fixed\":0,\"steps\":[]}",
                "{\"format\":\"qexit.path/1\",\"device\":\"ue1\",\"fixed\":0,\"steps\":[null]}")) {
            assertThrows(UserError.class, () -> Json.parse("path", bad, DevicePath.class), bad);
        }
    }

    @Test
    void budgetsAreChecked() {
        for (double bad : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new BudgetFollower.Budget(bad, 0.1));
        }
        for (double bad : new double[] {0, -1, 1.5, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new BudgetFollower.Budget(0.1, bad));
        }
    }
}
