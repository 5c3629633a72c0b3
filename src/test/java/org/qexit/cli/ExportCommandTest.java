package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.bundle.DeviceSettings;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.onnx.graph.OnnxCheck;
import org.qexit.trace.ThresholdsFile;
import picocli.CommandLine;

/** Exports a small trained model with a fleet, signed, and spoils the result in every way. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExportCommandTest {
    private static final String CONFIG = """
            format: qexit.run/1
            name: tiny
            seed: 3
            data: {dataset: fashion-mnist-12k}
            streams: {count: 2, events: [60, 80], criticalFraction: [0.2, 0.3]}
            fleet:
              cellRadiusMetres: 100
              weights: [1]
              securityLevels: [1]
              featureBits: [98304]
              deadlineSeconds: [0.2]
              radio: {bandwidthMaxHz: 20000000, powerMaxWatts: 0.2, noiseDbmPerHz: -174, pathLossDbAtKilometre: 128.1, pathLossDbPerDecade: 37.6}
              eavesdropper: {xMetres: 900, yMetres: 300, meanGainFactor: 0.1}
              nodes: [{id: en1, xMetres: 0, yMetres: 0, securityLevel: 1, bandwidthHz: 9000000, computeUnits: 60}]
              energy: {joulesPerMemoryAccess: 6.4e-10}
            model:
              name: tiny
              blocks: [{channels: 2, pool: 4}, {channels: 3, pool: 2}]
              heads: [{kind: quantum, qubits: 2, layers: 1}, {kind: mlp, hidden: 2}]
            twins: []
            training: {epochs: 1, batch: 1024, surrogateWeight: 0}
            methods: [exact]
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private static Path directory;

    private Path config;
    private Path model;
    private Path bundle;

    private int run(Object... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(Stream.of(args).map(Object::toString).toArray(String[]::new));
    }

    @BeforeAll
    void exportsASignedBundle() throws IOException {
        config = Files.writeString(directory.resolve("tiny.yaml"), CONFIG);
        model = directory.resolve("model");
        bundle = directory.resolve("bundle");
        assertEquals(0, run("train", config, "--out", model), err.toString());
        assertEquals(0, run("export", "--new-key", directory.resolve("release")), err.toString());
        assertEquals(0, export(bundle), out.toString() + err);
        assertTrue(out.toString().contains("PASSED"), out.toString());
    }

    private int export(Path to) {
        return run(
                "export",
                model,
                "--config",
                config,
                "--out",
                to,
                "--zip",
                to + ".zip",
                "--qasm",
                2,
                "--sign",
                directory.resolve("release.key.pem"));
    }

    @Test
    void holdsWhatTheFormatSays() throws IOException {
        for (String file : List.of(
                "stage-1.onnx",
                "stage-2.onnx",
                "model.onnx",
                "thresholds.json",
                "plan.json",
                "devices/ue1.json",
                "devices/ue2.json",
                "circuits/exit-1.qasm",
                "circuits/exit-1-v2.qasm",
                "golden/golden.json",
                "golden/inputs.bin",
                "model-card.md",
                "manifest.json",
                "manifest.sig")) {
            assertTrue(Files.isRegularFile(bundle.resolve(file)), file);
        }
        assertTrue(Files.readString(bundle.resolve("circuits/exit-1.qasm")).contains("input float[64] x_1;"));
        assertTrue(Files.readString(bundle.resolve("devices/ue2.json")).contains("\"securityLevel\" : 1"));
        checkCard(Files.readString(bundle.resolve("model-card.md")));
        for (String graph : List.of("stage-1.onnx", "stage-2.onnx", "model.onnx")) {
            assertEquals(List.of(), OnnxCheck.problems(Files.readAllBytes(bundle.resolve(graph))));
        }
    }

    @Test
    void isProvedAgainstTheModelOnEveryTestEvent() {
        Path key = directory.resolve("release.pub.pem");
        for (String form : List.of("", ".zip")) {
            assertEquals(
                    0,
                    run("verify", bundle + form, "--key", key, "--against", model, "--config", config),
                    out.toString() + err);
            assertTrue(out.toString().contains("signature: verified"), out.toString());
            assertTrue(out.toString().contains("test of ue2"), out.toString());
        }
        assertEquals(0, run("verify", bundle, "--json"), err.toString());
        assertTrue(out.toString().contains("\"passed\":true"), out.toString());
    }

    @Test
    void theSameInputGivesTheSameBytesInAnyPlace() throws IOException {
        Path again = directory.resolve("again");
        TimeZone zone = TimeZone.getDefault();
        Locale locale = Locale.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
            Locale.setDefault(Locale.forLanguageTag("ar-SA-u-nu-arab"));
            assertEquals(0, export(again), err.toString());
        } finally {
            TimeZone.setDefault(zone);
            Locale.setDefault(locale);
        }
        assertArrayEquals(Files.readAllBytes(Path.of(bundle + ".zip")), Files.readAllBytes(Path.of(again + ".zip")));
    }

    @Test
    void integersAgreeWithThemselvesAndNearlyWithTheModel() throws IOException {
        Path small = directory.resolve("int8");
        assertEquals(0, run("export", model, "--config", config, "--out", small, "--int8"), out.toString() + err);
        assertTrue(out.toString().contains("int8 against float32"), out.toString());
        assertTrue(Files.readString(small.resolve("manifest.json")).contains("\"precision\" : \"int8\""));
        assertTrue(Files.readString(small.resolve("model-card.md")).contains("## Integers"));
        assertEquals(List.of(), OnnxCheck.problems(Files.readAllBytes(small.resolve("model.onnx"))));
        assertEquals(0, run("verify", small, "--against", model, "--config", config), out.toString() + err);
        assertEquals(2, run("export", model, "--out", directory.resolve("none"), "--int8"));
        assertTrue(err.toString().contains("--config"), err.toString());
    }

    @Test
    void oneBitInAnyFileIsFound() throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(bundle)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        assertTrue(files.size() >= 14, files.toString());
        for (Path file : files) {
            byte[] whole = Files.readAllBytes(file);
            for (int at : new int[] {0, whole.length / 2, whole.length - 1}) {
                byte[] spoilt = whole.clone();
                spoilt[at] ^= 1;
                Files.write(file, spoilt);
                int code = run("verify", bundle, "--key", directory.resolve("release.pub.pem"));
                Files.write(file, whole);
                assertEquals(ExitCode.REJECTED, code, file + " at byte " + at + ": " + out + err);
                assertTrue(err.toString().startsWith("REJECTED "), err.toString());
                assertFalse(err.toString().contains("\tat "), err.toString());
            }
        }
        assertEquals(0, run("verify", bundle), err.toString());
    }

    /** From a trace to thresholds to a bundle without a plan; those of another model are refused. */
    @Test
    void takesTheThresholdsThatWereChosenOnATrace() throws IOException {
        Path trace = directory.resolve("validation.parquet");
        Path chosen = directory.resolve("ue.json");
        assertEquals(0, run("trace", model, config, "--part", "validation", "--out", trace), err.toString());
        for (String kind : List.of("pair", "per-exit")) {
            assertEquals(
                    0,
                    run("thresholds", trace, "--budget", 0.2, "--rule", kind, "--out", chosen, "--json"),
                    err.toString());
            ThresholdsFile printed = Json.parse("printed", out.toString(), ThresholdsFile.class);
            ThresholdsFile written = Json.read(chosen, ThresholdsFile.class);
            assertEquals(printed.devices(), written.devices());
            Path with = directory.resolve("with-" + kind);
            assertEquals(
                    0,
                    run("export", model, "--config", config, "--thresholds", chosen, "--out", with),
                    out.toString() + err);
            for (String id : List.of("ue1", "ue2")) {
                assertEquals(
                        written.of(id).orElseThrow(),
                        Json.read(with.resolve("devices/" + id + ".json"), DeviceSettings.class)
                                .thresholds());
            }
            assertTrue(Files.notExists(with.resolve("plan.json")));
        }
        String text = Files.readString(chosen);
        Path wrong = directory.resolve("wrong.json");
        Files.writeString(wrong, text.replaceFirst("\"modelSha256\" : \"..", "\"modelSha256\" : \"zz"));
        assertEquals(
                2, run("export", model, "--config", config, "--thresholds", wrong, "--out", directory.resolve("w")));
        assertTrue(err.toString().contains("is of another model"), err.toString());
        Files.writeString(wrong, text.replace("ue2", "ue7"));
        assertEquals(
                2, run("export", model, "--config", config, "--thresholds", wrong, "--out", directory.resolve("w")));
        assertTrue(err.toString().contains("has no thresholds for device ue2"), err.toString());
        assertEquals(2, run("thresholds", trace, "--out", chosen));
        assertTrue(err.toString().contains("--out needs thresholds to write"), err.toString());
        assertEquals(1, err.toString().lines().count());
    }

    @Test
    void namesWhatIsWrong() {
        assertEquals(2, run("export", model, "--out", directory.resolve("model")));
        assertTrue(err.toString().contains("not empty and not a bundle"), err.toString());
        assertEquals(2, run("export", directory, "--out", directory.resolve("x")));
        assertTrue(err.toString().contains("not a model directory"), err.toString());
        assertEquals(2, run("export", model, "--config", config, "--device", "ue9", "--out", directory.resolve("x")));
        assertTrue(err.toString().contains("--device is 'ue9'"), err.toString());
        assertEquals(2, run("export", "--new-key", directory.resolve("release")));
        assertTrue(err.toString().contains("is there already"), err.toString());
        assertEquals(2, run("verify", bundle, "--key", config));
        assertEquals(2, run("verify", directory.resolve("nothing")));
        assertEquals(0, run("export", "--new-key", directory.resolve("other")), err.toString());
        assertEquals(1, run("verify", bundle, "--key", directory.resolve("other.pub.pem")));
        assertTrue(err.toString().contains("no signature"), err.toString());
    }

    /** The head of a card is what the Hub asks of one, with the figures of the table below it. */
    private static void checkCard(String card) {
        assertTrue(card.startsWith("---\n"), card);
        String head = card.substring(4, card.indexOf("\n---\n"));
        Map<?, ?> metadata = Json.parseYaml("card", head, Map.class);
        assertEquals("image-classification", metadata.get("pipeline_tag"));
        Map<?, ?> result = (Map<?, ?>)
                ((List<?>) ((Map<?, ?>) ((List<?>) metadata.get("model-index")).get(0)).get("results")).get(0);
        assertEquals("image-classification", ((Map<?, ?>) result.get("task")).get("type"));
        assertTrue(((Map<?, ?>) result.get("dataset")).get("type") instanceof String);
        Map<?, ?> recall = (Map<?, ?>) ((List<?>) result.get("metrics")).get(0);
        assertEquals("recall", recall.get("type"));
        String row = card.lines()
                .filter(line -> line.startsWith("| all |"))
                .findFirst()
                .orElseThrow();
        double percent = Double.parseDouble(row.split("\\|")[4].strip().split(" ")[0]);
        assertEquals(percent / 100, ((Number) recall.get("value")).doubleValue(), 6e-4);
    }
}
