package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.allocation.FleetGenerator;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.common.task.TaskRunner;
import org.qexit.common.task.TaskSet;
import org.qexit.scale.Engine;
import org.qexit.scale.Session;
import org.qexit.simulation.Replications;

/** What tasks come to is the same, to the byte, in this process and on Spark, on however many cores and after failures. */
class SparkTasksTest {
    @TempDir
    private Path folder;

    private static Ended ended(Object... words) {
        return Ended.run(Stream.of(words).map(Object::toString).toArray(String[]::new));
    }

    private static String run(Object... words) {
        Ended ended = ended(words);
        assertEquals(0, ended.code(), ended.out() + ended.err());
        return ended.out();
    }

    private static String refused(Object... words) {
        Ended ended = ended(words);
        assertEquals(2, ended.code(), ended.err());
        return ended.err();
    }

    /** The files below a directory; of results of trainings without the time that they took, and the digests that hold it. */
    private static Map<String, String> files(Path root) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.filter(Files::isRegularFile)
                    .filter(one -> !one.getFileName().toString().startsWith("."))
                    .toList()) {
                String text = Files.readString(file);
                files.put(
                        root.relativize(file).toString(),
                        text.startsWith("data,head,loss") ? text.replaceAll("(?m)(,[^,\n]*){2}$", "") : text);
            }
        }
        return files;
    }

    /** Sums of draws of named streams; some tasks fail when they are first tried, one is not possible. */
    private record Draws(long seed, Set<Integer> failing, int impossible) implements TaskSet<String, Integer, Double> {
        private static final Map<Integer, AtomicInteger> TRIED = new ConcurrentHashMap<>();

        @Override
        public String prepare() {
            throw new IllegalStateException("is made where it was begun, which is this process");
        }

        @Override
        public Double run(String name, Integer task, BooleanSupplier stopped) {
            int tried = TRIED.computeIfAbsent(task, key -> new AtomicInteger()).incrementAndGet();
            if (task == impossible) {
                throw new UserError("task " + task + ": line 3: is impossible");
            }
            TaskContext context = TaskContext.get();
            if (failing.contains(task) && context != null && context.attemptNumber() == 0) {
                throw new IllegalStateException("fails once, tried " + tried);
            }
            var random = RandomStreams.of(seed).stream(name + "/" + task);
            return IntStream.range(0, 1000)
                    .mapToDouble(i -> random.nextDouble())
                    .sum();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"local[1]", "local[3]", "local[7]"})
    void failuresAndCoresChangeNothing(String master) {
        Draws draws = new Draws(4, Set.of(2, 5, 6), -1);
        TaskRunner here = TaskRunner.here(1);
        List<Double> expected = Replications.run(9, 1, task -> here.run(draws, "draws", task, () -> false));
        Draws.TRIED.clear();
        try (Session session = Engine.connect(master, Map.of())) {
            TaskRunner tasks = session.tasks();
            assertEquals(Integer.parseInt(master.replaceAll("\\D", "")), tasks.atATime());
            assertEquals(
                    expected,
                    Replications.run(9, tasks.atATime(), task -> tasks.run(draws, "draws", task, () -> false)));
        }
        assertEquals(2, Draws.TRIED.get(5).get());
        assertEquals(1, Draws.TRIED.get(4).get());
    }

    @Test
    void wrongInputIsToldOnceAndFailuresFourTimes() {
        Draws.TRIED.clear();
        try (Session session = Engine.connect("local[2]", Map.of())) {
            Draws draws = new Draws(4, Set.of(), 3);
            TaskRunner tasks = session.tasks();
            assertEquals(
                    "task 3: line 3: is impossible",
                    assertThrows(UserError.class, () -> tasks.run(draws, "draws", 3, () -> false))
                            .getMessage());
            assertEquals(1, Draws.TRIED.get(3).get());
            Draws without = new Draws(4, null, -1);
            RuntimeException fault =
                    assertThrows(RuntimeException.class, () -> tasks.run(without, "draws", 4, () -> false));
            assertFalse(fault instanceof UserError, "a fault of the program is not the user's");
            assertTrue(fault.getMessage().contains("NullPointerException"), fault.getMessage());
            assertEquals(4, Draws.TRIED.get(4).get());
        }
    }

    private Path scenario() {
        Path instance = folder.resolve("fleet.json");
        Json.write(instance, FleetGenerator.fleet(FleetGenerator.Family.MID, 8, 2, 3));
        Path file = folder.resolve("scenario.yaml");
        write(file, """
                format: qexit.scenario/1
                instance: fleet.json
                plans: [{method: exact, name: good}, {method: exact, name: sparse, traffic: 0.5}]
                device: {exitSeconds: [0.001, 0.002, 0.003, 0.004]}
                arrivals: {kind: poisson}
                horizonSeconds: 400
                periodSeconds: 60
                replications: 5
                """);
        return file;
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void replicationsOfASimulation() throws IOException {
        Path scenario = scenario();
        Path local = folder.resolve("local");
        String expected = run("simulate", scenario, "--json", "--out", local);
        for (String master : List.of("local[1]", "local[3]", "local[7]")) {
            Path out = folder.resolve("spark" + master.replaceAll("\\D", ""));
            assertEquals(expected, run("simulate", scenario, "--json", "--out", out, "--spark", master));
            assertEquals(files(local), files(out));
        }
        assertEquals(expected, run("spark", "simulate", scenario, "--json", "--master", "local[2]"));
        assertTrue(refused("simulate", scenario, "--spark", "--threads", 2).contains("beside --spark"));
        assertTrue(refused("simulate", scenario, "--conf", "spark.x=1").contains("without --spark"));
        assertTrue(refused("simulate", scenario, "--spark", "--conf", "x=1").contains("begins with spark."));
    }

    @Test
    void stepsOfASweep() throws IOException {
        scenario();
        Path sweep = folder.resolve("sweep.yaml");
        write(sweep, """
                format: qexit.sweep/1
                name: traffic
                parts:
                  - name: load
                    title: Traffic
                    scenario: scenario.yaml
                    sweep: {label: factor, values: [0.5, 1, 2], set: {arrivals.factor: [0.5, 1, 2]}}
                    measures: [answered, late]
                """);
        run("study", sweep, "--out", folder.resolve("local"), "--set", "name=traffic");
        run("study", sweep, "--out", folder.resolve("spark"), "--spark", "local[3]");
        assertEquals(files(folder.resolve("local")), files(folder.resolve("spark")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--guarantee 0.1 --repetitions 120 --events 200 --max-fpr 0.1",
                "--ties --repetitions 6 --events 120 --max-ofr 0.1"
            })
    void studiesOfGuarantees(String options) {
        List<Object> words = new ArrayList<>(List.of("bench", "thresholds", "--json"));
        words.addAll(List.of(options.split(" ")));
        String expected = run(words.toArray());
        words.addAll(List.of("--spark", "local[3]"));
        assertEquals(expected, run(words.toArray()));
    }

    @Test
    void gridsOfTabularStudies() throws IOException {
        Path study = folder.resolve("study.yaml");
        write(study, """
                format: qexit.tabular/1
                name: small
                features: 2
                families: [linearly_separable, two_curves]
                models: [svc, dressed]
                refits: 2
                grid: {layers: [1], learningRate: [0.1], gamma: [0.1, 1], C: [10]}
                machines: [{shots: 100}]
                """);
        Path local = folder.resolve("local");
        Path spark = folder.resolve("spark");
        run("study", study, "--out", local);
        run("study", study, "--out", spark, "--spark", "local[3]");
        assertEquals(files(local), files(spark));
        // With a part of the rows gone it goes on.
        Path table = spark.resolve("results/bowles2024/two_curves-dressed.csv");
        List<String> lines = Files.readAllLines(table);
        Files.write(
                table, lines.stream().filter(line -> !line.contains("refit")).toList());
        run("spark", "study", study, "--out", spark, "--master", "local[2]");
        assertEquals(files(local), files(spark));
    }

    @Test
    void studiesOfRules() throws IOException {
        Path study = folder.resolve("study.yaml");
        write(study, """
                format: qexit.rules/1
                name: small
                sets:
                  - name: drawn
                    drawn: {devices: 2, events: 200, critical: 0.15, separations: [1, 2], shared: 0.3, costs: [10, 25]}
                budgets: [0.05, 0.15]
                seeds: [1, 2, 3, 4, 5]
                """);
        run("study", study, "--out", folder.resolve("local"));
        run("study", study, "--out", folder.resolve("spark"), "--spark", "local[3]");
        assertEquals(files(folder.resolve("local")), files(folder.resolve("spark")));
    }

    @Test
    void trainingsOfStudies() throws IOException {
        Path study = folder.resolve("study.yaml");
        write(study, """
                format: qexit.study/1
                name: tiny
                data:
                  - name: shirts
                    dataset: fashion-mnist-12k
                    task: {critical: [6], criticalFraction: 0.2}
                    trainEvents: 400
                    model:
                      name: tiny
                      blocks: [{channels: 2, pool: 4}, {channels: 3, pool: 2}]
                      heads: [{kind: quantum, qubits: 2, layers: 1}, {kind: mlp, hidden: 2}]
                training: {epochs: 3, warmupEpochs: 1, batch: 64, learningRate: 0.01}
                losses:
                  - {name: surrogate}
                  - {name: ce, budgetFree: true, training: {surrogateWeight: 0}}
                parts:
                  - {heads: [hybrid, linear], budgets: [0.1, 0.3], seeds: [2, 1]}
                """);
        Path local = folder.resolve("local");
        Path spark = folder.resolve("spark");
        run("study", study, "--out", local);
        run("study", study, "--out", spark, "--spark", "local[3]");
        assertEquals(files(local), files(spark));
        // With some rows gone, those are trained again and stand where they stood.
        Path results = spark.resolve("results.csv");
        List<String> lines = new ArrayList<>(Files.readAllLines(results));
        lines.subList(3, 6).clear();
        Files.write(results, lines);
        run("study", study, "--out", spark, "--spark", "local[2]");
        assertEquals(files(local), files(spark));
    }
}
