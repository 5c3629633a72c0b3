package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.DirectoryLock;
import org.qexit.common.Json;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.trace.ThresholdsFile;
import org.qexit.trace.TraceReader;
import picocli.CommandLine;

class TrainCommandTest {
    private static final String CONFIG = """
            format: qexit.train/1
            name: tiny
            seed: 3
            data: {dataset: fashion-mnist-12k}
            streams: {count: 3, events: [60, 80], criticalFraction: [0.2, 0.3]}
            model:
              name: tiny
              blocks: [{channels: 2, pool: 4}]
              heads: [{kind: quantum, qubits: 2, layers: 1}]
            training: {epochs: 1, batch: 1024, surrogateWeight: 0}
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private int run(Object... args) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(java.util.Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    }

    @Test
    void trainsAModelAndTracesIt() throws Exception {
        Path config = Files.writeString(directory.resolve("tiny.yaml"), CONFIG);
        Path model = directory.resolve("model");
        assertEquals(0, run("train", config, "--out", model, "--json"), err.toString());
        String sha256 = ModelDirectory.read(model).parametersSha256();
        assertTrue(out.toString().contains("\"parametersSha256\":\"" + sha256 + "\""), out.toString());
        Path traces = directory.resolve("traces.csv");
        assertEquals(0, run("trace", model, config, "--out", traces, "--part", "test"), err.toString());
        try (TraceReader reader = TraceReader.open(traces)) {
            assertEquals(sha256, reader.metadata().orElseThrow().modelSha256());
            assertEquals("test", reader.metadata().orElseThrow().split());
        }
    }

    /** A budget of less than one event: told before the training, after it, in the model card, the manifest and by verify. */
    @Test
    void aModelThatCannotWorkIsTold() throws Exception {
        Path config = Files.writeString(
                directory.resolve("c.yaml"),
                CONFIG.replace("surrogateWeight", "offloadBudget: 0.0001, surrogateWeight"));
        Path model = directory.resolve("model");
        assertEquals(0, run("train", config, "--out", model, "--json"), err.toString());
        List<String> told = err.toString().lines().toList();
        assertTrue(
                told.get(0).startsWith("qexit: warning: training.offloadBudget is 1.0E-4, less than one of"),
                told.get(0));
        assertTrue(told.get(1).startsWith("epoch 1:"), told.get(1));
        assertTrue(told.get(2).contains("TPR 0"), told.get(2));
        List<?> warnings =
                (List<?>) Json.parse("out", out.toString(), Map.class).get("warnings");
        assertEquals(2, warnings.size());
        assertEquals("budget-below-one-event", ((Map<?, ?>) warnings.get(0)).get("id"));

        Path bundle = directory.resolve("bundle");
        assertEquals(0, run("export", model, "--config", config, "--out", bundle), err.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, run("verify", bundle));
        assertTrue(
                out.toString().contains("\nwarning: model tiny: no critical held-out event is found"), out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, run("verify", bundle, "--json"));
        assertTrue(out.toString().contains("\"id\":\"no-critical-event-found\""), out.toString());
        assertTrue(Files.readString(bundle.resolve("model-card.md")).contains("## Warnings\n\n- model tiny: "));
    }

    private static final String EDGE_NODE = """
            edgeNode:
              payloads: [event, features]
              blocks: [{channels: 2, pool: 4}]
              heads: [{kind: linear}]
              training: {epochs: 1, batch: 512}
            """;

    /** On events, and behind the first block of a device's model, which it then belongs to. */
    @Test
    void trainsEdgeNodesModels() throws Exception {
        Path config = Files.writeString(directory.resolve("edge.yaml"), CONFIG + EDGE_NODE);
        Path node = directory.resolve("en");
        assertEquals(0, run("train", config, "--edge-node", "--out", node), err.toString());
        assertTrue(out.toString().contains("; event of 1 x 28 x 28 values, 6,528 bits per event"), out.toString());
        assertTrue(err.toString().contains("held-out accuracy by exit 0."), err.toString());
        assertEquals(10, ModelDirectory.read(node).model().config().classes().size());
        assertEquals(2, run("train", config, "--edge-node", "--payload", "features", "--out", node));
        assertTrue(err.toString().contains("--ue"), err.toString());
        Path device = directory.resolve("ue");
        assertEquals(0, run("train", config, "--out", device), err.toString());
        assertEquals(
                0,
                run("train", config, "--edge-node", "--payload", "features", "--ue", device, "--out", node, "--json"),
                err.toString());
        assertEquals(
                ModelDirectory.read(device).parametersSha256(),
                ModelDirectory.read(node).edgeNode().payload().modelSha256());
        // 2 channels of 7 x 7, a byte each, and the header.
        assertTrue(out.toString().contains("\"payloadBits\":1040"), out.toString());
        traceAndChoose(config, node, device);
        for (String[] wrong : new String[][] {
            {"calibrate", node.toString(), config.toString()},
            {"train", config.toString(), "--edge-node", "--ue", node.toString(), "--payload", "features", "--out", "x"},
            {"train", config.toString(), "--ue", device.toString(), "--out", "x"},
            {"train", config.toString(), "--edge-node", "--twin", "linear", "--out", "x"},
        }) {
            err.getBuffer().setLength(0);
            assertEquals(2, run((Object[]) wrong));
            assertEquals(1, err.toString().lines().count(), err.toString());
        }
        Path without = Files.writeString(directory.resolve("without.yaml"), CONFIG);
        assertEquals(2, run("train", without, "--edge-node", "--out", node));
        assertTrue(err.toString().contains("has no section edgeNode"), err.toString());
    }

    /** The node's trace, and its thresholds on what the devices offload. */
    private void traceAndChoose(Path config, Path node, Path device) {
        Path traces = directory.resolve("en.csv");
        assertEquals(2, run("trace", node, config, "--out", traces));
        assertTrue(err.toString().contains("--ue"), err.toString());
        assertEquals(0, run("trace", node, config, "--ue", device, "--out", traces), err.toString());
        Path devices = directory.resolve("ue.csv");
        assertEquals(0, run("trace", device, config, "--out", devices), err.toString());
        assertEquals(2, run("trace", device, config, "--ue", device, "--out", devices));
        out.getBuffer().setLength(0);
        assertEquals(0, run("thresholds", devices, "--budget", "0.5", "--json"), err.toString());
        Path pairs = directory.resolve("ue.json");
        org.qexit.common.AtomicFiles.writeString(pairs, out.toString());
        out.getBuffer().setLength(0);
        Path chosen = directory.resolve("en.json");
        assertEquals(
                0,
                run(
                        "thresholds",
                        traces,
                        "--ue-trace",
                        devices,
                        "--ue-thresholds",
                        pairs,
                        "--accuracy",
                        "0.1",
                        "--out",
                        chosen),
                err.toString());
        assertTrue(out.toString().contains("right end to end: "), out.toString());
        ThresholdsFile file = Json.read(chosen, ThresholdsFile.class);
        assertEquals(ThresholdsFile.EDGE_NODE, file.kind());
        assertEquals(java.util.List.of(2, 4, 6), file.edgeNode().critical());
        out.getBuffer().setLength(0);
        assertEquals(0, run("thresholds", traces, "--cost-cap", "100%", "--json"), err.toString());
        Path printed = directory.resolve("printed.json");
        org.qexit.common.AtomicFiles.writeString(printed, out.toString());
        assertEquals(
                ThresholdsFile.EDGE_NODE,
                Json.read(printed, ThresholdsFile.class).kind());
        for (String[] wrong : new String[][] {
            {traces.toString(), "--budget", "0.1"},
            {traces.toString(), "--cost-cap", "0.5", "--accuracy", "0.5"},
            {traces.toString(), "--cost-cap", "much"},
            {traces.toString(), "--cost-cap", "1e-9"},
            {traces.toString(), "--accuracy", "1.5"},
            {traces.toString(), "--ue-trace", devices.toString()},
            {devices.toString(), "--cost-cap", "0.5"},
        }) {
            err.getBuffer().setLength(0);
            Object[] args = java.util.stream.Stream.concat(
                            java.util.stream.Stream.of("thresholds"), java.util.Arrays.stream(wrong))
                    .toArray();
            assertEquals(2, run(args), String.join(" ", wrong));
            assertEquals(1, err.toString().lines().count(), err.toString());
        }
    }

    @Test
    void namesWhatIsWrong() throws Exception {
        Path config = Files.writeString(directory.resolve("bad.yaml"), CONFIG.replace("qubits: 2", "qubits: 0"));
        assertEquals(2, run("train", config, "--out", directory.resolve("model")));
        assertTrue(err.toString().contains("bad.yaml line 9: field 'model.heads[0]': qubits is 0"), err.toString());
        assertEquals(2, run("trace", directory, config, "--out", directory.resolve("t.csv")));
    }

    @Test
    void aSecondTrainingInTheSameDirectoryIsRefused() throws Exception {
        Path config = Files.writeString(directory.resolve("tiny.yaml"), CONFIG);
        Path model = directory.resolve("model");
        DirectoryLock first = DirectoryLock.inside(model);
        for (String resume : new String[] {"--json", "--resume"}) {
            err.getBuffer().setLength(0);
            assertEquals(2, run("train", config, "--out", model, resume));
            String last = err.toString().lines().reduce((a, b) -> b).orElseThrow();
            assertTrue(last.startsWith("qexit: " + model + ": another qexit (this process) is at work"), last);
        }
        first.close();
        assertEquals(0, run("train", config, "--out", model), err.toString());
        try (Stream<Path> files = Files.list(model)) {
            assertTrue(files.noneMatch(DirectoryLock::isLock));
        }
    }

    /** The model of a run says that it comes from its configuration; asked to resume, train once fell over that. */
    @Test
    void aModelOfAnotherOriginIsNotTakenForThisTrainings() throws Exception {
        Path config = Files.writeString(directory.resolve("tiny.yaml"), CONFIG);
        Path model = directory.resolve("model");
        assertEquals(0, run("train", config, "--out", model), err.toString());
        Path manifest = model.resolve(ModelDirectory.MANIFEST);
        String text = Files.readString(manifest);
        Files.writeString(manifest, text.replaceFirst("(?s),\\s*\"data\" : \\{[^}]*\\}", ""));
        err.getBuffer().setLength(0);
        assertEquals(2, run("train", config, "--out", model, "--resume"), err.toString());
        assertTrue(err.toString().contains("another training"), err.toString());
    }
}
