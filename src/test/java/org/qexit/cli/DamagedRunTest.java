package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.Json;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.catalog.Subset;
import picocli.CommandLine;

/** One byte of a finished run is changed, and every command that reads the file is asked again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedRunTest {
    static final String CONFIG = """
            format: qexit.run/1
            name: tiny
            seed: 3
            data: {dataset: DATA, task: {critical: [2, 4, 6], criticalFraction: 0.2}}
            streams: {count: 2, events: [60, 80], criticalFraction: [0.2, 0.3]}
            fleet:
              cellRadiusMetres: 200
              weights: [1, 2]
              securityLevels: [2]
              featureBits: [98304]
              deadlineSeconds: [0.5]
              radio: {bandwidthMaxHz: 20000000, powerMaxWatts: 0.2, noiseDbmPerHz: -174, pathLossDbAtKilometre: 128.1, pathLossDbPerDecade: 37.6}
              eavesdropper: {xMetres: 2000, yMetres: 0, meanGainFactor: 0.1}
              nodes: [{id: en1, xMetres: 50, yMetres: 0, securityLevel: 1, bandwidthHz: 3000000, computeUnits: 20}]
              energy: {joulesPerMemoryAccess: 6.4e-10}
            model:
              name: hybrid
              blocks: [{channels: 2, pool: 4}, {channels: 4, pool: 2}]
              heads: [{kind: linear, reduce: average}, {kind: quantum, qubits: 2, layers: 1}]
            twins: []
            training: {epochs: 1, batch: 32, offloadBudget: 0.3, heldOutFraction: 0.3}
            methods: [exact]
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private static Path directory;

    private Path config;
    private Path finished;
    private Path seen;

    private int run(String command) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        String words = command.replace("CONFIG", config.toString())
                .replace("RUN", seen.toString())
                .replace("NEW", directory.resolve("new").toString());
        return line.execute(words.split(" +"));
    }

    @BeforeAll
    void makesARun() throws IOException {
        Path images = directory.resolve("images");
        new Subset(40, 40, 1).write(DatasetCatalog.standard(null), "fashion-mnist-12k", images);
        config = Files.writeString(directory.resolve("run.yaml"), CONFIG.replace("DATA", images.toString()));
        finished = directory.resolve("finished");
        seen = finished;
        assertEquals(0, run("run CONFIG --out RUN --quiet"), err.toString());
        seen = directory.resolve("seen");
    }

    private void copy() throws IOException {
        try (Stream<Path> all = Files.walk(finished)) {
            for (Path path : all.toList()) {
                Path to = seen.resolve(finished.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(to);
                } else {
                    Files.write(to, Files.readAllBytes(path));
                }
            }
        }
    }

    /** Thresholds of another model's confidences would be deployed. */
    @Test
    void aPlanOfAnotherInstanceIsRefused() throws IOException {
        copy();
        String plan = Files.readString(seen.resolve("plan-hybrid-exact.json"));
        assertTrue(plan.contains("\"tiny-hybrid\""), plan);
        Path other = Files.writeString(
                directory.resolve("other-plan.json"), plan.replace("\"tiny-hybrid\"", "\"tiny-classical\""));
        assertEquals(2, run("export RUN --plan " + other + " --out NEW"));
        assertEquals(
                "qexit: " + other
                        + ": is a plan of the instance 'tiny-classical'; expected one of 'tiny-hybrid', which "
                        + seen.resolve("instance-hybrid.json") + " is. Maybe give its own: --instance",
                err.toString().strip());
        Path own = Files.writeString(directory.resolve("own-plan.json"), plan);
        assertEquals(0, run("export RUN --plan " + own + " --out NEW"), err.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plan-hybrid-exact.json            | export RUN --out NEW",
                "instance-hybrid.json              | export RUN --out NEW",
                "models/hybrid/model.json          | export RUN --out NEW",
                "models/hybrid/parameters          | export RUN --out NEW",
                "plan-hybrid-exact.json            | export models/quickstart-hybrid --config CONFIG --plan RUN/plan-hybrid-exact.json --out NEW",
                "models/hybrid/model.json          | trace RUN/models/hybrid CONFIG --out NEW.csv",
                "models/hybrid/model.json          | calibrate RUN/models/hybrid CONFIG --dry-run",
                "models/hybrid/model.json          | verify models/bundle-hybrid --against RUN",
                "instance-hybrid.json              | optimize RUN/instance-hybrid.json --method nearest --out NEW.json",
                "plan-hybrid-exact.json            | check RUN/plan-hybrid-exact.json RUN/instance-hybrid.json",
                "traces/hybrid-validation.parquet  | thresholds RUN/traces/hybrid-validation.parquet --budget 0.2",
            })
    void aChangedDigitIsRefused(String damaged, String command) throws IOException {
        copy();
        Path file;
        try (Stream<Path> all = Files.walk(seen)) {
            file = all.filter(Files::isRegularFile)
                    .filter(path -> path.toString().replace('\\', '/').contains(damaged))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(damaged.hashCode());
        boolean text = file.toString().endsWith(".json");
        for (int trial = 0; trial < 5; trial++) {
            byte[] spoilt = bytes.clone();
            int at = random.nextInt(bytes.length);
            while (text && !Character.isDigit(bytes[at])) {
                at = random.nextInt(bytes.length);
            }
            spoilt[at] = (byte) (text ? '0' + (bytes[at] - '0' + 1 + random.nextInt(9)) % 10 : bytes[at] ^ 1);
            Files.write(file, spoilt);
            assertEquals(2, run(command), out.toString() + err);
            assertEquals(1, err.toString().lines().count(), err.toString());
            assertTrue(err.toString().contains(file.getFileName().toString()), err.toString());
        }
    }

    /** The record itself: a changed digit of the configuration or the seed. */
    @Test
    void aChangedRecordIsRefusedAndAnOlderOneWithoutDigestsIsRead() throws IOException {
        copy();
        Path file = seen.resolve("run.json");
        String record = Files.readString(file);
        for (String change : new String[] {"computeUnits: 20|computeUnits: 21", "\"seed\" : 3|\"seed\" : 4"}) {
            String[] words = change.split("\\|");
            String spoilt = record.replace(words[0], words[1]);
            assertTrue(!spoilt.equals(record), change);
            Files.writeString(file, spoilt);
            assertEquals(2, run("export RUN --out NEW"), out.toString() + err);
            assertTrue(err.toString().contains("run.json"), err.toString());
        }
        Map<?, ?> older = Json.parse("run.json", record, LinkedHashMap.class);
        older.remove("recordSha256");
        older.remove("files");
        Files.write(file, Json.pretty(older).getBytes(StandardCharsets.UTF_8));
        assertEquals(0, run("export RUN --out NEW"), out.toString() + err);
    }

    @Test
    void aWholeRunIsReadAndAFileBesideItsOwnToo() throws IOException {
        copy();
        assertEquals(0, run("export RUN --out NEW"), out.toString() + err);
        Files.writeString(
                seen.resolve("mine.json"),
                Files.readString(seen.resolve("instance-hybrid.json")).replace("tiny-hybrid", "mine"));
        assertEquals(
                0,
                run("optimize RUN/mine.json --method nearest --out NEW.json --fairness-seconds 0"),
                out.toString() + err);
    }

    @Test
    void aRunsModelIsNotCalibratedUnderItsPlans() throws IOException {
        copy();
        assertEquals(2, run("calibrate RUN/models/hybrid CONFIG"));
        assertTrue(err.toString().contains("--dry-run"), err.toString());
    }
}
