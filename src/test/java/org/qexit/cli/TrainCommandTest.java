package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.DirectoryLock;
import org.qexit.nn.store.ModelDirectory;
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
