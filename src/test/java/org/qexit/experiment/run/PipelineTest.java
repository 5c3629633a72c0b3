package org.qexit.experiment.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.common.Warning;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.catalog.Subset;
import org.qexit.nn.ExitCost;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.threshold.node.NodeEvents;
import org.qexit.trace.ClassTrace;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ThresholdsFile;
import org.qexit.trace.TraceReader;

/** The whole chain on 800 real images. */
class PipelineTest {
    @TempDir
    private static Path shared;

    @TempDir
    private Path directory;

    private static Path images;

    private static final String CONFIG = """
        format: qexit.run/1
        name: tiny
        seed: 3
        data: {dataset: DATA, task: {critical: [2, 4, 6], criticalFraction: 0.2}}
        streams: {count: 3, dirichletAlpha: 2.0, events: [60, 80], criticalFraction: [0.2, 0.3]}
        fleet:
          cellRadiusMetres: 200
          weights: [1, 2]
          securityLevels: [2]
          featureBits: [98304]
          deadlineSeconds: [0.5]
          radio: {bandwidthMaxHz: 20000000, powerMaxWatts: 0.2, noiseDbmPerHz: -174, pathLossDbAtKilometre: 128.1, pathLossDbPerDecade: 37.6}
          eavesdropper: {xMetres: 2000, yMetres: 0, meanGainFactor: 0.1}
          nodes:
            - {id: en1, xMetres: 50, yMetres: 0, securityLevel: 1, bandwidthHz: 3000000, computeUnits: 10}
            - {id: en2, xMetres: -50, yMetres: 0, securityLevel: 2, bandwidthHz: 3000000, computeUnits: 10}
          energy: {joulesPerMemoryAccess: 6.4e-10}
        model:
          name: hybrid
          blocks: [{channels: 2, pool: 4}, {channels: 4, pool: 2}]
          heads: [{kind: linear, reduce: average}, {kind: quantum, qubits: 2, layers: 1}]
        twins: [classical]
        training: {epochs: 2, batch: 32, offloadBudget: 0.3, heldOutFraction: 0.3}
        methods: [exact]
        """;

    @BeforeAll
    static void makeImages() {
        images = shared.resolve("images");
        new Subset(40, 40, 1).write(DatasetCatalog.standard(null), "fashion-mnist-12k", images);
    }

    private Path config(String text) throws IOException {
        Path file = directory.resolve("run.yaml");
        Files.writeString(file, text.replace("DATA", images.toString()));
        return file;
    }

    private static RunSummary run(Path config, Path out) {
        return Pipeline.run(config, new Pipeline.Options(out, null, null));
    }

    @Test
    void theSameSeedGivesTheSameBytesAndAnotherSeedOthers() throws IOException {
        Path config = config(CONFIG);
        RunSummary summary = run(config, directory.resolve("a"));
        run(config, directory.resolve("b"));
        Pipeline.run(config, new Pipeline.Options(directory.resolve("c"), 4L, null));
        assertEquals(2, summary.rows().size());
        assertEquals(List.of(), summary.warnings());

        List<String> decided = decided(directory.resolve("a"));
        assertEquals(6 + 2 + 2 + 2, decided.size(), decided.toString());
        for (String file : decided) {
            byte[] bytes = Files.readAllBytes(directory.resolve("a").resolve(file));
            assertArrayEquals(bytes, Files.readAllBytes(directory.resolve("b").resolve(file)), file);
            if (file.startsWith("traces")) {
                assertNotEquals(
                        Hashing.sha256Hex(bytes),
                        Hashing.sha256Hex(directory.resolve("c").resolve(file)),
                        file);
            }
        }
        checkArtefacts(directory.resolve("a"));
        checkStatics(summary, directory.resolve("a"));
        assertEquals(summary.statics(), run(config, directory.resolve("a")).statics());
    }

    /** Each network without early exits costs what the plan does on validation events, and has its offloads there or fewer. */
    private static void checkStatics(RunSummary summary, Path run) {
        assertEquals(
                List.of("hybrid-static", "classical-static"),
                summary.statics().stream().map(RunSummary.Static::name).toList());
        for (RunSummary.Static twin : summary.statics()) {
            List<Long> costs = new ArrayList<>();
            ExitCost.of(ModelDirectory.read(run.resolve("models/" + twin.model()))
                            .model()
                            .config())
                    .forEach(exit -> costs.add(exit.macs()));
            var network =
                    ModelDirectory.read(run.resolve("models/" + twin.name())).model();
            assertEquals(1, network.config().exits());
            assertEquals(ExitCost.of(network.config()).get(0).macs(), twin.macs());
            ThresholdsFile plan =
                    Json.read(run.resolve("thresholds-" + twin.model() + "-exact.json"), ThresholdsFile.class);
            Confusion validation = counts(run, plan, twin.model() + "-validation");
            Confusion test = counts(run, plan, twin.model() + "-test");
            double wanted = mean(validation, costs);
            assertTrue(Math.abs(twin.macs() - wanted) < 0.1 * wanted, twin + " for " + wanted);
            assertEquals(mean(test, costs), twin.planMacs(), 1e-9 * twin.planMacs());
            assertEquals(
                    test.tpr().value() - twin.tpr().value(), twin.difference().value(), 1e-12);
        }
    }

    private static Confusion counts(Path run, ThresholdsFile plan, String trace) {
        return Confusion.sum(TraceReader.readAll(run.resolve("traces/" + trace + ".parquet")).stream()
                .map(each -> Confusion.of(each, plan.of(each.device()).orElseThrow()))
                .toList());
    }

    private static double mean(Confusion counts, List<Long> costs) {
        double sum = 0;
        for (int q = 0; q < costs.size(); q++) {
            sum += (double) counts.exits().get(q) * costs.get(q);
        }
        return sum / counts.events();
    }

    /**
     * What a kill leaves is what lies on the disk at that moment: the working directory is copied while a run is at work, and each copy
     * taken up. What was finished in it is not done again, which the times in the trainings' histories tell.
     */
    @Test
    void aRunIsTakenUpFromWhateverStageItWasKilledIn() throws Exception {
        Path config = config(CONFIG);
        Path undisturbed = directory.resolve("undisturbed");
        Path work = directory.resolve("undisturbed.partial");
        List<Path> copies = new ArrayList<>();
        Thread runner = new Thread(() -> run(config, undisturbed));
        runner.start();
        for (String sign :
                List.of("models/hybrid/history.json", "traces/hybrid-test.parquet", "plan-hybrid-exact.json")) {
            while (runner.isAlive() && !Files.exists(work.resolve(sign))) {
                Thread.sleep(1);
            }
            Path copy = directory.resolve("copy" + copies.size() + ".partial");
            copy(work, copy);
            if (Files.exists(work)) {
                copies.add(copy);
            }
            // Else it was put in place meanwhile, and the copy is of no moment of its own.
        }
        runner.join();
        assertTrue(copies.size() >= 2, copies + " of three stages seen");
        assertTrue(Files.exists(undisturbed.resolve("report.html")));
        for (Path copy : copies) {
            Path history = copy.resolve("models/hybrid/history.json");
            boolean trained = Files.exists(copy.resolve("traces"));
            String before = Files.readString(history);
            Path taken = directory.resolve(copy.getFileName().toString().replace(".partial", ""));
            run(config, taken);
            for (String file : decided(undisturbed)) {
                assertArrayEquals(
                        Files.readAllBytes(undisturbed.resolve(file)), Files.readAllBytes(taken.resolve(file)), file);
            }
            String after = Files.readString(taken.resolve("models/hybrid/history.json"));
            if (trained) {
                assertEquals(before, after, copy + ": trained again");
            }
            checkArtefacts(taken);
            assertFalse(Files.exists(copy));
        }
    }

    private static final String EDGE_NODE = """
        edgeNode:
          payloads: [features, event]
          bits: 32
          blocks: [{channels: 4, pool: 2}, {channels: 4, pool: 1}]
          heads: [{kind: linear}, {kind: linear}]
          training: {epochs: 1, batch: 32, heldOutFraction: 0.3}
          computeUnits: mean
        """;

    /** Edge nodes' models for two payloads: what is sent gives the bits, what is computed the units, of every plan. */
    @Test
    void edgeNodesModelsAreTrainedTracedAndTold() throws IOException {
        String text = CONFIG.replace("featureBits: [98304]\n  ", "") + EDGE_NODE;
        Path run = directory.resolve("run");
        Pipeline.run(config(text), new Pipeline.Options(run, null, null));
        unitsAreItsOwn(run, "hybrid", "en-features");
        // The twin's features are its own: so is the model behind it.
        unitsAreItsOwn(run, "classical", "en-features-classical");
        String report = Files.readString(run.resolve("report.html"));
        assertTrue(report.contains("From device to operator, model en-features"));
        assertTrue(report.contains("Who is offloaded, test events"));
        assertTrue(report.contains(">undecided<") && report.contains(">both<"));
        assertTrue(report.contains("U, cross-fitted"));
        assertTrue(Files.exists(run.resolve("confusion-en-event.svg")));
        String without = CONFIG.replace("featureBits: [98304]\n  ", "");
        assertTrue(assertThrows(
                        UserError.class, () -> Pipeline.run(config(without), new Pipeline.Options(run, null, null)))
                .getMessage()
                .contains("fleet.featureBits is missing"));
    }

    private static void unitsAreItsOwn(Path run, String model, String node) throws IOException {
        Instance instance = Instance.read(run.resolve("instance-" + model + ".json"));
        // 2 channels of 7 x 7 floats, and the header.
        instance.devices().forEach(device -> assertEquals(2 * 49 * 32 + 256, device.featureBits()));
        ThresholdsFile chosen = Json.read(run.resolve("thresholds-" + node + ".json"), ThresholdsFile.class);
        List<DeviceTrace> devices = new ArrayList<>();
        try (TraceReader reader = TraceReader.openWithOrigins(run.resolve("traces/" + model + "-validation.parquet"))) {
            reader.forEach(devices::add);
        }
        NodeEvents events = NodeEvents.offloaded(
                ClassTrace.readAll(run.resolve("traces/" + node + "-validation.parquet")),
                List.of(2, 4, 6),
                devices,
                id -> devices.stream()
                        .filter(device -> device.device().equals(id))
                        .findFirst()
                        .map(device -> TrainingRun.EXACT.choose(device, 0.3)));
        long[] costs = ExitCost.of(ModelDirectory.read(run.resolve("models/" + node))
                        .model()
                        .config())
                .stream()
                .mapToLong(ExitCost::macs)
                .toArray();
        double ratio = events.meanCost(chosen.edgeNode().thresholds(), costs) / costs[1];
        instance.nodes().forEach(one -> assertEquals(ratio, one.unitsPerEvent(), 1e-12));
        assertTrue(ratio > 0 && ratio <= 1);
        assertEquals(
                ModelDirectory.read(run.resolve("models/" + model)).parametersSha256(),
                ModelDirectory.read(run.resolve("models/" + node))
                        .edgeNode()
                        .payload()
                        .modelSha256());
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                try {
                    Files.copy(file, target);
                } catch (NoSuchFileException e) {
                    // Renamed or removed in this very moment, as it may be when a process is killed.
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Test
    void aFailureBehindTheTrainingKeepsTheModels() throws IOException {
        Path config = config(CONFIG);
        Path out = directory.resolve("out");
        Path work = directory.resolve("out.partial");
        // Somebody's directory where the report shall be.
        Thread runner = new Thread(() -> assertThrows(UserError.class, () -> run(config, out)));
        runner.start();
        while (runner.isAlive() && !Files.exists(work.resolve("models"))) {
            Thread.onSpinWait();
        }
        Path inTheWay = Files.createDirectories(work.resolve("report.html/mine"));
        assertDoesNotThrow(() -> runner.join());
        assertFalse(Files.exists(out));
        String history = Files.readString(work.resolve("models/hybrid/history.json"));
        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());
        run(config, out);
        assertEquals(history, Files.readString(out.resolve("models/hybrid/history.json")), "trained again");
        checkArtefacts(out);
    }

    private static List<String> decided(Path run) throws IOException {
        try (Stream<Path> files = Files.walk(run)) {
            return files.filter(Files::isRegularFile)
                    .map(f -> run.relativize(f).toString())
                    .filter(f -> f.matches("traces/.*|plan-.*|instance-.*|thresholds-.*"))
                    .sorted()
                    .toList();
        }
    }

    private static void checkArtefacts(Path run) throws IOException {
        Map<?, ?> record = Json.read(run.resolve("run.json"), Map.class);
        Map<?, ?> hashes = (Map<?, ?>) record.get("files");
        for (Map.Entry<?, ?> entry : hashes.entrySet()) {
            assertEquals(entry.getValue(), Hashing.sha256Hex(run.resolve((String) entry.getKey())));
        }
        for (String model : List.of("hybrid", "classical")) {
            Instance instance = Instance.read(run.resolve("instance-" + model + ".json"));
            Plan plan = Json.read(run.resolve("plan-" + model + "-exact.json"), Plan.class);
            assertEquals(Plan.Status.OPTIMAL, plan.status());
            assertEquals(List.of(), plan.certificate().violations());
            assertNotNull(plan.fairness());
            assertNotNull(plan.nodes());
            List<DeviceTrace> validation = TraceReader.readAll(run.resolve("traces/" + model + "-validation.parquet"));
            for (int i = 0; i < plan.devices().size(); i++) {
                Plan.Device device = plan.devices().get(i);
                Confusion counts = Confusion.of(validation.get(i), device.thresholds());
                assertEquals(device.truePositives(), counts.truePositives());
                assertEquals(device.falsePositives(), counts.falsePositives());
                assertTrue(counts.offloads() <= device.computeUnits() + 1e-9);
                assertArrayEquals(
                        validation.get(i).scores(),
                        instance.devices().get(i).deviceTrace().scores());
            }
        }
        assertTrue(Files.size(run.resolve("report.html")) > 100_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "methods: [exact]   | metods: [exact]         | unknown field 'metods'",
                "critical: [2       | critical: [12           | 12",
                "dataset: DATA      | dataset: nowhere        | nowhere",
                "count: 3           | count: 300              | asks for",
                "offloadBudget: 0.3 | offloadBudget: 0        | offloadBudget is 0.0",
                "epochs: 2          | epochs: many            | field 'training.epochs' is",
                "methods: [exact]   | methods: [magic]        | method 'magic' is unknown",
                "kind: linear       | kind: linnear           | expected one of: linear, mlp, quantum",
                "name: tiny         | name: ../tiny           | name is '../tiny'",
                "id: en2            | id: en1                 | 'en1' stands twice",
                "qubits: 2          | qubits: 99              | qubits is 99",
            })
    void aMistakeGivesOneLineAndLeavesNothing(String right, String wrong, String expected) throws IOException {
        Path config = config(CONFIG.replace(right, wrong));
        Path out = directory.resolve("out");
        UserError error = assertThrows(UserError.class, () -> run(config, out));
        assertTrue(error.getMessage().contains(expected), error.getMessage());
        assertEquals(1, error.getMessage().lines().count(), error.getMessage());
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(config), left.toList());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "deadlineSeconds: [0.5] | deadlineSeconds: [0.000001] | deadline",
                "computeUnits: 10 | computeUnits: 1 | cannot be served together"
            })
    void aFleetThatNoModelsCanServeIsRefusedBeforeTraining(String right, String wrong, String expected)
            throws IOException {
        Path config = config(CONFIG.replace(right, wrong));
        UserError error = assertThrows(UserError.class, () -> run(config, directory.resolve("out")));
        assertTrue(error.getMessage().contains("ue1"), error.getMessage());
        assertTrue(error.getMessage().contains(expected), error.getMessage());
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(config), left.toList());
        }
    }

    @Test
    void corruptImagesAreNamedAndLeaveNothing() throws IOException {
        Path broken = directory.resolve("broken");
        Files.createDirectories(broken);
        try (Stream<Path> files = Files.list(images)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                boolean hit = file.getFileName().toString().startsWith("train-images");
                Files.write(
                        broken.resolve(file.getFileName()),
                        hit ? java.util.Arrays.copyOf(bytes, bytes.length / 2) : bytes);
            }
        }
        Path config = config(CONFIG.replace("DATA", broken.toString()));
        UserError error = assertThrows(UserError.class, () -> run(config, directory.resolve("out")));
        assertTrue(error.getMessage().contains("train-images"), error.getMessage());
        assertFalse(Files.exists(directory.resolve("out")));
        assertFalse(Files.exists(directory.resolve("out.partial")));
    }

    @Test
    void aRunThatCannotWorkSaysSoInReportAndRecord() throws IOException {
        Path out = directory.resolve("w");
        RunSummary summary = run(config(CONFIG.replace("offloadBudget: 0.3", "offloadBudget: 0.001")), out);
        List<String> ids = summary.warnings().stream().map(Warning::id).toList();
        assertEquals("budget-below-one-event", ids.get(0));
        assertTrue(ids.contains("no-critical-event-found"), ids.toString());
        String report = Files.readString(out.resolve("report.html"));
        String record = Files.readString(out.resolve("run.json"));
        for (Warning warning : summary.warnings()) {
            assertTrue(report.contains("<li>warning: " + warning.text()), warning.text());
            assertTrue(record.contains(warning.text()), warning.text());
        }
    }
}
