package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.bundle.Bundle;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/** Alarms in a log of emissions alone; with a bundle's expectations see {@link InitCommandTest}. */
class MonitorCommandTest {
    /** It says nothing of what to expect. */
    private static final Path BUNDLE = Path.of("src/test/resources/bundles/quickstart-hybrid.zip");

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int monitor(Path log, String... more) {
        return monitor(BUNDLE, log, more);
    }

    private int monitor(Path bundle, Path log, String... more) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        String[] args = {"monitor", bundle.toString(), "--device", "ue1", "--log", log.toString()};
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }

    /** Events as the bundle's thresholds decide them; from event {@code change} on confidences are drawn from nearer to 1. */
    private Path log(int events, int change) throws IOException {
        Rule thresholds = Bundle.open(BUNDLE).device("ue1").thresholds();
        int exits = Bundle.open(BUNDLE).manifest().exits();
        SplittableRandom random = RandomStreams.of(7).stream("emissions");
        StringBuilder text = new StringBuilder();
        for (int k = 0; k < events; k++) {
            float[] confidences = new float[exits];
            for (int q = 0; q < exits; q++) {
                double x = random.nextDouble();
                confidences[q] = (float) (k < change ? x * x * x : Math.sqrt(x));
            }
            Thresholds.Decision decided = thresholds.decide(confidences);
            text.append(String.format(
                            Locale.ROOT,
                            "{\"event\":%d,\"decision\":%d,\"exit\":%d,\"confidences\":%s,\"micros\":1.5}",
                            k,
                            decided.critical() ? 1 : 0,
                            decided.exit() + 1,
                            Arrays.toString(Arrays.copyOf(confidences, decided.exit() + 1))))
                    .append('\n');
        }
        return Files.writeString(folder.resolve("log.jsonl"), text.append("{\"summary\":{\"events\":1}}\n"));
    }

    @Test
    void steadyEmissionsRaiseNoAlarm() throws IOException {
        assertEquals(0, monitor(log(1500, 1500), "--json"), err.toString());
        Map<?, ?> result = Json.parse("out", out.toString(), Map.class);
        assertEquals(false, result.get("alarm"));
        assertEquals(1500, result.get("events"));
        assertEquals("first events", result.get("expected"));
        assertEquals(0, result.get("decidedOtherwise"));
    }

    @Test
    void aChangeRaisesAnAlarmAfterIt() throws IOException {
        assertEquals(4, monitor(log(1500, 800), "--json"), err.toString());
        Map<?, ?> result = Json.parse("out", out.toString(), Map.class);
        assertEquals(true, result.get("alarm"));
        int after = (Integer) result.get("afterEvents");
        assertTrue(after > 800 && after < 1100, "after " + after);
        assertEquals(4, monitor(folder.resolve("log.jsonl"), "--learning", "400"));
        assertTrue(out.toString().contains("ALARM after"), out.toString());
    }

    /** What is drifted from its first event on only a bundle can tell that says what to expect. */
    @Test
    void driftFromTheStartIsHeldAgainstWhatTheBundleExpects() throws IOException {
        Path log = log(300, 0);
        assertEquals(0, monitor(log, "--json"), err.toString());
        assertEquals(4, monitor(Path.of("models/bundle-hybrid"), log, "--json"), err.toString());
        Map<?, ?> result = Json.parse("out", out.toString(), Map.class);
        assertEquals("bundle", result.get("expected"));
        assertTrue((Integer) result.get("afterEvents") < 150, result.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"confidences\":[0.2,0.3,0.4,0.5,0.6,0.7]} | line 1: has 6 confidences",
                "{\"confidences\":[]} | has 0 confidences",
                "{\"confidences\":[1.5]} | a confidence is 1.5",
                "{\"confidences\":[0.5],\"exit\":2} | exit is 2",
                "{\"confidences\":[0.5],\"exit\":1,\"decision\":7} | decision is 7",
                "exit 1 | line 1",
                "{\"summary\":{}} | holds no events",
            })
    void whatIsNoLogEndsInOneLine(String line, String reason) throws IOException {
        Path log = Files.writeString(folder.resolve("bad.jsonl"), line + "\n");
        assertEquals(2, monitor(log));
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains(reason), err.toString());
    }

    @Test
    void exitsThatWereNotTakenMayBeNull() throws IOException {
        Path log = Files.writeString(
                folder.resolve("null.jsonl"),
                "{\"exit\":1,\"critical\":false,\"confidences\":[0.0,null]}\n{\"confidences\":[0.0]}\n");
        assertEquals(0, monitor(log, "--json"), err.toString());
        assertEquals(2, Json.parse("out", out.toString(), Map.class).get("events"));
    }
}
