package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.catalog.Subset;

/**
 * Kills real processes of the launcher at random moments, between two of which nothing is cleared away; then the same command ends well,
 * with the files of a run that nobody disturbed and nothing beside them, nor in the folder of temporary files.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledCommandsTest {
    /** Files that hold times, and a column of them. */
    private static final Pattern TIMED = Pattern.compile(
            ".*(run\\.json|report\\.html|history\\.json|metrics\\.csv|tfevents.*|summary\\.md|optimised\\.json)");

    private static final String STUDY = """
            format: qexit.study/1
            name: tiny
            data:
              - name: images
                dataset: IMAGES
                task: {critical: [2, 4, 6], criticalFraction: 0.2}
                model:
                  name: net
                  blocks: [{channels: 2, pool: 4}]
                  heads: [{kind: quantum, qubits: 2, layers: 1}]
            training: {epochs: 2, warmupEpochs: 1, batch: 64}
            losses:
              - {name: ce, budgetFree: true, training: {surrogateWeight: 0}}
              - {name: path, training: {surrogate: path}}
            parts:
              - {heads: [hybrid, linear], budgets: [0.1, 0.3], seeds: [1, 2, 3]}
            """;

    @TempDir
    private static Path directory;

    private final SplittableRandom random = new SplittableRandom(13);
    private Path temporary;

    private Process start(String command, Path out) throws IOException {
        String words = command.replace("OUT", out.toString()).replace("DIR", directory.toString());
        List<String> all = new ArrayList<>(List.of("./qexit"));
        all.addAll(List.of(words.split(" +")));
        ProcessBuilder builder = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile());
        builder.environment().put("TMPDIR", temporary.toString());
        return builder.start();
    }

    private void finish(String command, Path out) throws Exception {
        int code = start(command, out).waitFor();
        assertEquals(0, code, command + "\n" + Files.readString(directory.resolve("log")));
    }

    @BeforeAll
    void prepare() throws Exception {
        // The build is up to date, as this test runs after it: the launcher need not make it again.
        Path stamp = Path.of("target/built");
        if (Files.notExists(stamp)) {
            Files.createFile(stamp);
        }
        Files.setLastModifiedTime(stamp, FileTime.from(Instant.now()));
        temporary = Files.createDirectory(directory.resolve("tmp"));
        Path images = directory.resolve("images");
        new Subset(40, 40, 1).write(DatasetCatalog.standard(null), "fashion-mnist-12k", images);
        Files.writeString(directory.resolve("run.yaml"), DamagedRunTest.CONFIG.replace("DATA", images.toString()));
        Files.writeString(directory.resolve("study.yaml"), STUDY.replace("IMAGES", images.toString()));
        finish("run DIR/run.yaml --out OUT --quiet", directory.resolve("finished"));
    }

    /** By name; of a study's rows what is no time, in any order. */
    private static Map<String, String> files(Path root) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = root.relativize(file).toString();
                if (name.endsWith("results.csv")) {
                    files.put(
                            name,
                            Files.readAllLines(file).stream()
                                    .map(line -> line.replaceFirst("(,[^,]*){2}$", ""))
                                    .sorted()
                                    .toList()
                                    .toString());
                } else {
                    files.put(name, TIMED.matcher(name).matches() ? "" : Hashing.sha256Hex(file));
                }
            }
        }
        return files;
    }

    private List<String> leftInTemporary() throws IOException {
        try (Stream<Path> entries = Files.list(temporary)) {
            return entries.map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith("hsperfdata"))
                    .toList();
        }
    }

    /** Kills a command {@code kills} times, then lets it end. */
    private int campaign(String command, int kills, int bursts) throws Exception {
        Path place = Files.createTempDirectory(directory, "place");
        long before = System.nanoTime();
        finish(command, place.resolve("out"));
        long lasts = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
        Map<String, String> undisturbed = files(place);
        int killed = 0;
        for (int burst = 0; burst < bursts; burst++) {
            // Over what an earlier one has finished, or where there is nothing yet.
            Path used = burst % 2 == 0 ? Files.createTempDirectory(directory, "place") : place;
            for (int kill = 0; kill < kills; kill++) {
                Process process = start(command, used.resolve("out"));
                process.waitFor(random.nextLong(lasts), TimeUnit.MILLISECONDS);
                killed += process.isAlive() ? 1 : 0;
                process.destroyForcibly().waitFor();
            }
            finish(command, used.resolve("out"));
            assertEquals(undisturbed.keySet(), files(used).keySet(), command);
            assertEquals(undisturbed, files(used), command);
            assertEquals(List.of(), leftInTemporary(), command);
        }
        return killed;
    }

    @ParameterizedTest
    @Tag("slow")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    @CsvSource(
            delimiter = '|',
            value = {
                "run DIR/run.yaml --out OUT --quiet",
                "train DIR/run.yaml --out OUT",
                "train DIR/run.yaml --out OUT --resume",
                "study DIR/study.yaml --out OUT --quiet",
                "trace DIR/finished/models/hybrid DIR/run.yaml --out OUT.parquet",
                "thresholds DIR/finished/traces/hybrid-validation.parquet --budget 0.2 --plot OUT.svg",
                "optimize DIR/finished/instance-hybrid.json --fairness-seconds 0 --out OUT-optimised.json",
                "export DIR/finished --out OUT --zip OUT.zip",
                "data subset DIR/images --train-per-class 30 --test-per-class 20 --out OUT",
            })
    void everyCommandEndsAsIfNobodyHadDisturbedIt(String command) throws Exception {
        killedAtLeast(3, command, campaign(command, 2, 3));
    }

    /** Where the first, measured run was the slowest by far, later ones end before they are killed: then they are killed once more. */
    private void killedAtLeast(int wanted, String command, int already) throws Exception {
        int killed = already;
        for (int more = 0; killed < wanted && more < 5; more++) {
            killed += campaign(command, 2, 1);
        }
        assertTrue(killed >= wanted, killed + " killed");
    }

    /** A small one. */
    @Test
    @Tag("slow")
    void aKilledExportIsMadeAgain() throws Exception {
        String command = "export DIR/finished --out OUT --zip OUT.zip";
        killedAtLeast(1, command, campaign(command, 2, 1));
    }

    /** Starts a simulation, sends it what Ctrl-C sends once its output has {@code words}, and returns its exit code. */
    private int stoppedSimulation(String scenario, String words, Path out) throws Exception {
        Files.writeString(directory.resolve("long.yaml"), "format: qexit.scenario/1\n" + scenario);
        Process process = start("simulate DIR/long.yaml --run DIR/finished --out OUT --log OUT.parquet", out);
        while (process.isAlive() && !Files.readString(directory.resolve("log")).contains(words)) {
            Thread.sleep(20);
        }
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            fail(
                    "goes on after SIGINT; a shell that starts this test in its background without job control makes it ignored");
        }
        return process.exitValue();
    }

    @Test
    void aStoppedSimulationTellsWhatIsComplete() throws Exception {
        Path place = Files.createTempDirectory(directory, "place");
        int code = stoppedSimulation(
                "replications: 100000\nhorizonSeconds: 3600\nwarmUp: 0\n", "runs complete", place.resolve("out"));
        String said = Files.readString(directory.resolve("log"));
        assertEquals(130, code, said);
        assertTrue(said.contains("stopped early: these are the replications that were complete"), said);
        assertTrue(said.contains("stopped before the log was complete; it is not written"), said);
        assertEquals(
                Stream.of(
                                "delays.csv",
                                "devices.csv",
                                "nodes.csv",
                                "phases.csv",
                                "report.html",
                                "result.json",
                                "timeline.csv")
                        .map(name -> "out/" + name)
                        .toList(),
                List.copyOf(files(place).keySet()));
        Map<?, ?> result = Json.read(place.resolve("out/result.json"), Map.class);
        assertEquals(false, result.get("complete"));
        int replications = (Integer) result.get("replications");
        assertTrue(replications >= 1 && replications < 100_000, replications + " replications");
        long events = 0;
        for (Object device : (List<?>) result.get("devices")) {
            events += ((Number) ((Map<?, ?>) device).get("events")).longValue();
        }
        assertTrue(events > 0, "no events");
        assertTrue(Files.readString(place.resolve("out/report.html")).endsWith("</html>\n"));
        assertEquals(List.of(), leftInTemporary());
    }

    @Test
    void aSimulationStoppedTooEarlySaysSoAndWritesNothing() throws Exception {
        Path place = Files.createTempDirectory(directory, "place");
        int code = stoppedSimulation("replications: 1\nhorizonSeconds: 1e10\n", "simulation: ", place.resolve("out"));
        String said = Files.readString(directory.resolve("log"));
        assertEquals(130, code, said);
        assertTrue(said.endsWith("stopped before a replication was complete; nothing is written\n"), said);
        assertEquals(Map.of(), files(place), said);
        assertEquals(List.of(), leftInTemporary());
    }

    @Test
    @Tag("slow")
    void twoRunsAtOnceAreOneTooMany() throws Exception {
        Path place = Files.createTempDirectory(directory, "place");
        String command = "run DIR/run.yaml --out OUT --quiet";
        Process first = start(command, place.resolve("out"));
        while (first.isAlive() && Files.notExists(place.resolve(".out.qexit.lock"))) {
            Thread.sleep(5);
        }
        Process second = new ProcessBuilder(
                        "./qexit", "run", directory.resolve("run.yaml").toString(), "--out", place + "/out", "--quiet")
                .redirectErrorStream(true)
                .start();
        String said = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = second.waitFor();
        if (first.isAlive() || code != 0) {
            assertEquals(2, code, said);
            assertTrue(said.contains("another qexit (process " + first.pid() + ") is at work here"), said);
        }
        assertEquals(0, first.waitFor(), Files.readString(directory.resolve("log")));
    }
}
