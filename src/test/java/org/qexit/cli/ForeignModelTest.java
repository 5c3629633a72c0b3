package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.bundle.Bundle;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.data.Dataset;
import org.qexit.data.Split;
import org.qexit.data.catalog.Datasets;
import org.qexit.device.EdgeRuntime;
import org.qexit.onnx.foreign.ForeignFiles;
import org.qexit.onnx.graph.OnnxGraph;
import org.qexit.onnx.graph.OnnxModel;
import org.qexit.onnx.graph.OnnxValue;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;
import org.qexit.trace.TraceReader;
import picocli.CommandLine;

/** Models of another exporter (src/test/resources/onnx) by the command line, held against what PyTorch says. */
class ForeignModelTest {
    private static final Path MODELS = Path.of("src/test/resources/onnx");

    @TempDir
    private static Path directory;

    private static Path images;
    private static Path labels;
    private static int[] classes;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void takeEvents() throws IOException {
        Dataset test = Datasets.load("fashion-mnist-12k", Split.TEST);
        images = directory.resolve("images-idx3-ubyte");
        labels = directory.resolve("labels-idx1-ubyte");
        int count = 300;
        classes = Arrays.copyOf(test.classes(), count);
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        DataOutputStream head = new DataOutputStream(pixels);
        for (int number : new int[] {0x803, count, 28, 28}) {
            head.writeInt(number);
        }
        for (int k = 0; k < count; k++) {
            head.write(test.rawBytes(k));
        }
        Files.write(images, pixels.toByteArray());
        writeLabels(labels, classes);
    }

    private static void writeLabels(Path file, int[] classes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream head = new DataOutputStream(bytes);
        head.writeInt(0x801);
        head.writeInt(classes.length);
        for (int id : classes) {
            head.writeByte(id);
        }
        Files.write(file, bytes.toByteArray());
    }

    private int run(String... arguments) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    private static String[] trace(Path model, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "trace",
                model.toString(),
                "--images",
                images.toString(),
                "--labels",
                labels.toString(),
                "--scale",
                "255",
                "--out",
                directory.resolve("t.csv").toString()));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    @ParameterizedTest
    @CsvSource({
        "lenet, 'e1,e2,e3', '2,4,6', softmax",
        "residual, 'e1,e2,e3', '2,4,6', sum",
        "dense, 'e1,e2,e3', 1, logistic",
        "series, 'e1,e2', 1, softmax",
    })
    void tracesSayWhatTheOtherFrameworkSays(String name, String exits, String critical, String as) throws IOException {
        List<String> labelled = critical.equals("1") ? List.of("--critical-labels", "2,4,6") : List.of();
        List<String> more = new ArrayList<>(List.of("--outputs", exits, "--critical", critical));
        more.addAll(labelled);
        assertEquals(0, run(trace(MODELS.resolve(name + ".onnx"), more.toArray(String[]::new))), err.toString());

        List<?> expected =
                (List<?>) Json.parse("expected", Files.readString(MODELS.resolve("expected.json")), Map.class)
                        .get(name);
        DeviceTrace trace = TraceReader.readAll(directory.resolve("t.csv")).get(0);
        assertEquals("d0", trace.device());
        assertEquals(expected.size(), trace.exits());
        assertEquals(300, trace.size());
        for (int k = 0; k < trace.size(); k++) {
            assertEquals(List.of(2, 4, 6).contains(classes[k]) ? 1 : 0, trace.labels()[k]);
        }
        for (int q = 0; q < expected.size(); q++) {
            List<?> rows = (List<?>) expected.get(q);
            for (int k = 0; k < rows.size(); k++) {
                double[] row = ((List<?>) rows.get(k))
                        .stream().mapToDouble(x -> ((Number) x).doubleValue()).toArray();
                assertEquals(confidence(row, critical, as), trace.scores()[q][k], 1e-5, name + " " + q + " " + k);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "lenet, 'e1,e2,e3', '2,4,6', qexit.bundle/1",
        "residual, 'e1,e2,e3', '2,4,6', qexit.bundle/2",
        "dense, 'e1,e2,e3', 1, qexit.bundle/2",
        "series, 'e1,e2', 1, qexit.bundle/2",
    })
    void cutsAModelIntoStagesThatSayTheSame(String name, String exits, String critical, String format)
            throws IOException {
        String model = MODELS.resolve(name + ".onnx").toString();
        List<String> how = new ArrayList<>(List.of("--outputs", exits, "--critical", critical));
        how.addAll(critical.equals("1") ? List.of("--critical-labels", "2,4,6") : List.of());
        String[] traced = trace(Path.of(model), how.toArray(String[]::new));
        assertEquals(0, run(traced), err.toString());
        DeviceTrace trace = TraceReader.readAll(directory.resolve("t.csv")).get(0);

        Path folder = directory.resolve("bundle-" + name);
        List<String> export = new ArrayList<>(Arrays.asList(traced));
        export.set(0, "export");
        export.set(export.indexOf("--out") + 1, folder.toString());
        export.addAll(List.of("--budget", "0.3", "--json"));
        assertEquals(0, run(export.toArray(String[]::new)), err.toString());
        Bundle bundle = Bundle.open(folder);
        assertEquals(format, bundle.manifest().format());
        assertEquals(0, run("verify", folder.toString()), err.toString());
        export.set(0, "verify");
        export.set(1, folder.toString());
        export.subList(export.indexOf("--budget"), export.size()).clear();
        export.subList(export.indexOf("--out"), export.indexOf("--out") + 2).clear();
        out.getBuffer().setLength(0);
        export.addAll(List.of("--against", model, "--json"));
        assertEquals(0, run(export.toArray(String[]::new)), err.toString());
        JsonNode report = new ObjectMapper().readTree(out.toString());
        assertEquals(2, report.get("checks").size());
        for (JsonNode check : report.get("checks")) {
            assertTrue(check.get("maxDifferenceWhole").asDouble() <= 1e-6, report.toString());
        }
        assertEquals(300, report.get("checks").get(1).get("events").asInt());
        JsonNode engine = report.get("engine");
        assertTrue(engine.get("passed").asBoolean(), engine.toString());
        assertEquals(engine.has("notRun") ? 0 : 2, engine.get("checks").size());
        decidesAsTheTraceDoes(bundle, trace);
        assertEquals(0, run("infer", folder.toString(), "--device", "d0", "--input", images.toString(), "--quiet"));
    }

    private static void decidesAsTheTraceDoes(Bundle bundle, DeviceTrace trace) {
        Dataset test = Datasets.load("fashion-mnist-12k", Split.TEST);
        Rule thresholds = bundle.device("d0").thresholds();
        try (EdgeRuntime device = EdgeRuntime.open(bundle, thresholds, 1)) {
            float[][] events = new float[60][device.input().size()];
            for (int k = 0; k < events.length; k++) {
                byte[] pixels = test.rawBytes(k);
                for (int i = 0; i < pixels.length; i++) {
                    events[k][i] = pixels[i] & 0xff;
                }
            }
            List<EdgeRuntime.Result> together = device.classify(events);
            for (int k = 0; k < events.length; k++) {
                Thresholds.Decision expected = thresholds.decide(trace.scores(), k);
                for (EdgeRuntime.Result result : List.of(device.classify(events[k]), together.get(k))) {
                    assertEquals(expected.exit() + 1, result.exit(), "event " + k);
                    assertEquals(expected.critical(), result.critical(), "event " + k);
                    assertEquals(result.exit(), result.confidences().length, "later stages ran");
                    for (int q = 0; q < result.exit(); q++) {
                        assertEquals(trace.scores()[q][k], result.confidences()[q], 1e-6);
                    }
                }
            }
        }
    }

    @Test
    void exportsOfForeignModelsCheckTheirOptions() {
        String[] arguments = trace(MODELS.resolve("lenet.onnx"), "--outputs", "e1,e2,e3", "--critical", "1");
        arguments[0] = "export";
        arguments[9] = directory.resolve("never").toString();
        refused("--budget is missing", arguments);
        arguments[1] = directory.toString();
        err.getBuffer().setLength(0);
        refused("is no ONNX file", arguments);
    }

    private static double confidence(double[] row, String critical, String as) {
        double sum = 0;
        double all = 0;
        for (int c = 0; c < row.length; c++) {
            double weight = as.equals("sum") ? row[c] : Math.exp(row[c]);
            all += weight;
            sum += Arrays.asList(critical.split(",")).contains(Integer.toString(c)) ? weight : 0;
        }
        return as.equals("logistic") ? 1 / (1 + Math.exp(-row[0])) : sum / all;
    }

    @Test
    void aDataSetOrAConfigurationGivesTheEventsToo() throws IOException {
        Path lenet = MODELS.resolve("lenet.onnx");
        Path config = directory.resolve("c.yaml");
        Files.writeString(config, """
                format: qexit.run/1
                name: tiny
                seed: 3
                data: {dataset: fashion-mnist-12k}
                streams: {count: 2, events: [60, 80], criticalFraction: [0.2, 0.3]}
                model: {name: m, blocks: [{channels: 2, pool: 4}], heads: [{kind: linear}]}
                training: {epochs: 1, batch: 32}
                """);
        Path file = directory.resolve("two.csv");
        String[] arguments = {
            "trace",
            lenet.toString(),
            "--outputs",
            "e1,e2,e3",
            "--data",
            config.toString(),
            "--scale",
            "255",
            "--out",
            file.toString()
        };
        assertEquals(0, run(arguments), err.toString());
        assertEquals(2, TraceReader.readAll(file).size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "e1,e2,f3 | --critical 1 | no output 'f3'; expected some of: e1, e2, e3. Maybe 'e3' was meant",
                "e1,e2,e1 | --critical 1 | 'e1' twice",
                "e3,e2,e1 | --critical 1 | exit 'e3' takes 312,480 multiply-accumulates and exit 'e2', which comes later, ",
                "e1,e2,e3 | --critical 10 | class 10; expected 0 to 9",
                "e1,e2,e3 | --critical -1 | --critical is [-1]",
                "e1,e2,e3 | --critical 0,1,2,3,4,5,6,7,8,9 | all 10 classes",
                "e1,e2,e3 | --critical 1 --probabilities | no probabilities",
                "e1,e2,e3 | --critical 1 --probabilities --logits | both given",
                "e1,e2,e3 | --critical 1 --mean 0.1 | as many",
                "e1,e2,e3 | --critical 1 --mean 0.1,0.2 --std 1,1 | expected 1 or 1",
                "e1,e2,e3 | --critical 1 --mean 0 --std 0 | --std 0.0",
                "e1,e2,e3 | --critical 1 --data fashion-mnist-12k | not both",
                "e1,e2,e3 | --seed 3 --critical 1 | neither CONFIG",
                "e1,e2,e3 | '' | --critical is missing",
            })
    void badOptionsAreOneLine(String exits, String more, String said) {
        List<String> arguments = new ArrayList<>(List.of("--outputs", exits));
        arguments.addAll(more.isEmpty() ? List.of() : List.of(more.split(" ")));
        refused(said, trace(MODELS.resolve("lenet.onnx"), arguments.toArray(String[]::new)));
    }

    private void refused(String said, String... arguments) {
        assertEquals(ExitCode.USER_ERROR, run(arguments), out.toString());
        String line = err.toString();
        assertTrue(line.contains(said), line);
        assertEquals(1, line.strip().lines().count(), line);
    }

    @Test
    void labelsBeyondTheModelsClassesAreRefused() throws IOException {
        Path others = directory.resolve("others");
        int[] more = classes.clone();
        more[7] = 12;
        writeLabels(others, more);
        String[] arguments = trace(MODELS.resolve("lenet.onnx"), "--outputs", "e1,e2,e3", "--critical", "1");
        arguments[5] = others.toString();
        refused("event 7 is of class 12; expected 0 to 9", arguments);
    }

    @ParameterizedTest
    @CsvSource({
        "nan, says NaN of event 0",
        "batch, takes batches of 8 events",
        "rows, has 4 rows for a batch of 1",
        "if, has control flow inside",
        "loop, uses the operator Loop",
        "external, keeps a tensor in another file",
        "domain, uses operators of the domain 'com.example'",
        "random, draws random numbers",
        "inputs, takes 2 inputs",
        "shape, takes events of 1 x 28 x 29",
        "type, of INT64; expected FLOAT",
        "constant, does not depend on the event",
        "order, before it is made",
        "text, not an ONNX file",
        "old, is of operator set 8",
        "classes, 'its exits give [784, 10] numbers for an event'",
    })
    void badModelsAreOneLine(String which, String said) throws IOException {
        Path file = directory.resolve(which + ".onnx");
        Files.write(file, ForeignFiles.bad(which));
        refused(said, trace(file, "--outputs", which.equals("classes") ? "e1,e2" : "e1", "--critical", "1"));
    }

    @Test
    void aBatchSizeThatIsFreeInNameAloneIsToldAndTakenOneByOne() throws IOException {
        Path file = directory.resolve("baked.onnx");
        Files.write(file, ForeignFiles.bad("baked"));
        assertEquals(0, run(trace(file, "--outputs", "e1", "--critical", "1")), err.toString());
        assertTrue(err.toString().contains("taken one at a time"), err.toString());
    }

    /** A value may have a type and no shape: the events say it. */
    @Test
    void valuesWithoutShapesAreTraced() throws IOException {
        byte[] bytes = Files.readAllBytes(MODELS.resolve("dense.onnx"));
        OnnxModel model = OnnxModel.read("dense.onnx", bytes);
        OnnxGraph graph = model.graph();
        OnnxModel bare = new OnnxModel(
                model.irVersion(),
                model.opset(),
                model.producer(),
                model.producerVersion(),
                new OnnxGraph(
                        graph.name(), graph.nodes(), graph.initialisers(), bare(graph.inputs()), bare(graph.outputs())),
                model.metadata());
        Path file = directory.resolve("bare.onnx");
        Files.write(file, bare.toBytes());
        String[] more = {"--outputs", "e1,e2,e3", "--critical", "1", "--critical-labels", "2,4,6"};
        assertEquals(0, run(trace(MODELS.resolve("dense.onnx"), more)), err.toString());
        String expected = Files.readString(directory.resolve("t.csv"));
        assertEquals(0, run(trace(file, more)), err.toString());
        assertEquals(expected, Files.readString(directory.resolve("t.csv")));
    }

    private static List<OnnxValue> bare(List<OnnxValue> values) {
        return values.stream()
                .map(value -> new OnnxValue(value.name(), value.type(), null))
                .toList();
    }
}
