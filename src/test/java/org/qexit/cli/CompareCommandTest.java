package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.Json;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;
import org.qexit.trace.ThresholdsFile;
import org.qexit.trace.TraceReader;

/** Finished runs: beside each other, and never lost. */
class CompareCommandTest {
    private static final String CONFIG = """
            format: qexit.run/1
            name: small
            seed: 3
            data:
              dataset: fashion-mnist-12k
              task: {critical: [coat], normal: [bag, sandal], criticalFraction: 0.2}
            model:
              name: one
              blocks: [{channels: 2, pool: 4}, {channels: 2, pool: 2}]
              heads: [{kind: linear, reduce: average}, {kind: linear}]
            twins: []
            training: {epochs: 1, batch: 64, offloadBudget: 0.2, learningRate: 0.01}
            """;

    @TempDir
    private static Path folder;

    private static StringWriter out = new StringWriter();
    private static StringWriter err = new StringWriter();

    private static int call(Object... args) {
        out = new StringWriter();
        err = new StringWriter();
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    }

    private static Path run(String name) {
        return folder.resolve(name);
    }

    @BeforeAll
    static void makeRuns() throws IOException {
        Path config = Files.writeString(folder.resolve("small.yaml"), CONFIG);
        assertEquals(0, call("run", config, "--out", run("a"), "--quiet"), err.toString());
        assertEquals(
                0,
                call("run", config, "--out", run("b"), "--quiet", "--set", "training.offloadBudget=0.05"),
                err.toString());
    }

    /** Events of a run's first model by sample: label, and whether it was called critical. */
    private static Map<String, boolean[]> verdicts(Path run) {
        ThresholdsFile chosen = Json.read(run.resolve("thresholds-one-budget.json"), ThresholdsFile.class);
        Map<String, boolean[]> verdicts = new java.util.HashMap<>();
        try (TraceReader reader = TraceReader.openWithOrigins(run.resolve("traces/one-test.parquet"))) {
            for (DeviceTrace trace : reader) {
                Rule rule = chosen.of(trace.device()).orElseThrow();
                for (int k = 0; k < trace.size(); k++) {
                    verdicts.put(trace.origins().sources()[k], new boolean[] {
                        trace.labels()[k] == 1, rule.decide(trace.scores(), k).critical()
                    });
                }
            }
        }
        return verdicts;
    }

    @Test
    void ratesAndPairedDifferencesAreThoseOfTheTraces() throws IOException {
        Path page = folder.resolve("page.html");
        assertEquals(0, call("compare", run("a"), run("b"), "--json", "--html", page), err.toString());
        Map<?, ?> result = Json.parse("compare", out.toString(), Map.class);
        Map<?, ?> pair = (Map<?, ?>) ((List<?>) result.get("paired")).get(0);
        Map<String, boolean[]> a = verdicts(run("a"));
        Map<String, boolean[]> b = verdicts(run("b"));
        double[] found = new double[2];
        double[] critical = new double[2];
        a.forEach((source, mine) -> {
            int kind = mine[0] ? 1 : 0;
            critical[kind]++;
            found[kind] += (b.get(source)[1] ? 1 : 0) - (mine[1] ? 1 : 0);
        });
        assertEquals(a.size(), pair.get("events"));
        assertEquals((int) critical[1], pair.get("critical"));
        assertEquals(found[1] / critical[1], (Double) ((Map<?, ?>) pair.get("tprDifference")).get("value"), 1e-12);
        assertEquals(found[0] / critical[0], (Double) ((Map<?, ?>) pair.get("fprDifference")).get("value"), 1e-12);
        Map<?, ?> first = (Map<?, ?>) ((List<?>) result.get("rows")).get(0);
        long right = a.values().stream().filter(v -> v[0] && v[1]).count();
        assertEquals(right / critical[1], (Double) ((Map<?, ?>) first.get("tpr")).get("value"), 1e-12);
        assertTrue(Files.readString(page).contains("McNemar"));
        assertEquals(0, call("compare", run("a"), run("b")));
        assertTrue(out.toString().contains("TPR difference"), out.toString());
    }

    /** Each seed is the run that it would be alone, and the mean is over them. */
    @Test
    void severalSeedsAreSeveralRunsAndTheirMean() throws IOException {
        Path config = folder.resolve("small.yaml");
        Path all = run("seeds");
        assertEquals(0, call("run", config, "--seeds", 2, "--out", all, "--json"), err.toString());
        Map<?, ?> told = Json.parse("seeds", out.toString(), Map.class);
        assertEquals(List.of(3, 4), told.get("seeds"));
        assertEquals(told, Json.read(all.resolve("seeds.json"), Map.class));
        assertArrayEquals(
                Files.readAllBytes(run("a").resolve("thresholds-one-budget.json")),
                Files.readAllBytes(all.resolve("seed-3/thresholds-one-budget.json")));
        Map<?, ?> model = (Map<?, ?>) ((List<?>) told.get("models")).get(0);
        List<?> rates = (List<?>) model.get("tpr");
        double[] found = new double[2];
        for (int i = 0; i < 2; i++) {
            List<?> rows = (List<?>) Json.read(all.resolve("seed-" + (3 + i) + "/run.json"), Map.class)
                    .get("rows");
            found[i] = (Double) ((Map<?, ?>) ((Map<?, ?>) rows.get(0)).get("tpr")).get("value");
            assertEquals(found[i], rates.get(i));
        }
        assertEquals((found[0] + found[1]) / 2, (Double) ((Map<?, ?>) model.get("mean")).get("mean"), 1e-12);
        Map<?, ?> twin = (Map<?, ?>) ((List<?>) told.get("differences")).get(0);
        assertEquals("one-static", twin.get("second"));
        String headline = (String) told.get("headline");
        assertTrue(headline.startsWith("In the mean of 2 seeds, 3 to 4, the one model finds "), headline);
        assertTrue(Files.readString(all.resolve("seeds.html")).contains(headline), headline);
        assertEquals(0, call("run", config, "--seeds", 2, "--out", all));
        assertTrue(out.toString().contains(headline), out.toString());
        assertEquals(2, call("run", config, "--seeds", 1, "--out", all));
        assertTrue(err.toString().contains("expected 2 to 1000"), err.toString());
    }

    /** The page that the run made, but for when and how long; the run is not touched, and one that was changed is refused. */
    @Test
    void aReportIsMadeAnewFromWhatTheRunKept() throws IOException {
        byte[] before = Files.readAllBytes(run("a").resolve("run.json"));
        assertEquals(0, call("report", run("a"), "--quiet"), err.toString());
        Path page = folder.resolve("a-report.html");
        String again = Files.readString(page);
        String first = Files.readString(run("a").resolve("report.html"));
        assertEquals(timeless(first), timeless(again));
        assertArrayEquals(before, Files.readAllBytes(run("a").resolve("run.json")));
        assertEquals(2, call("report", folder));
        assertTrue(err.toString().contains("has no run.json"), err.toString());
        Path changed = run("b").resolve("models/one/model.json");
        byte[] model = Files.readAllBytes(changed);
        Files.write(changed, new byte[] {' '}, java.nio.file.StandardOpenOption.APPEND);
        assertEquals(2, call("report", run("b"), "--quiet", "--out", folder.resolve("b.html")));
        assertTrue(err.toString().contains("is not what the run made"), err.toString());
        Files.write(changed, model);
    }

    private static String timeless(String page) {
        return page.replaceAll("trained in [0-9.]+ s", "trained").replaceAll("-Xmx\\S+", "");
    }

    @Test
    void aFinishedRunIsNeitherRepeatedNorReplacedInSilence() throws IOException {
        Path config = folder.resolve("small.yaml");
        byte[] before = Files.readAllBytes(run("a").resolve("run.json"));
        assertEquals(0, call("run", config, "--out", run("a"), "--json"), err.toString());
        Map<?, ?> told = Json.parse("run", out.toString(), Map.class);
        Map<?, ?> record = Json.read(run("a").resolve("run.json"), Map.class);
        assertEquals(record.get("rows"), told.get("rows"));
        assertEquals(2, call("run", config, "--out", run("a"), "--seed", "4"));
        assertTrue(err.toString().contains("--force"), err.toString());
        assertArrayEquals(before, Files.readAllBytes(run("a").resolve("run.json")));
        assertTrue(Files.notExists(folder.resolve("a.partial")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rnu x.yaml | did you mean 'run'",
                "data lsit | did you mean 'list'",
                "verify nowhere.zip | no such file",
                "compare . . | no run.json",
            })
    void slipsAreToldWithExitCodeTwo(String command, String reason) {
        assertEquals(2, call((Object[]) command.split(" ")));
        assertTrue(err.toString().contains(reason), err.toString());
        assertTrue(err.toString().lines().count() <= 2, err.toString());
    }

    /** The unknown field is told, not what is missing because of it. */
    @ParameterizedTest
    @CsvSource({"training, trainig", "data, dta", "critical, critcal", "blocks, block"})
    void unknownFieldsAreToldFirst(String field, String written) throws IOException {
        String text = CONFIG.replaceFirst("\\b" + field + ":", written + ":");
        Path config = Files.writeString(folder.resolve("slip.yaml"), text);
        assertEquals(2, call("run", config, "--out", folder.resolve("slip")));
        assertTrue(err.toString().contains("did you mean '" + field + "'"), err.toString());
    }
}
