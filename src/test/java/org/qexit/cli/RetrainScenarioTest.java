package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A run's nodes' model, retrained on the run's images by a simulation, small. */
class RetrainScenarioTest {
    private static final String CONFIG = """
            format: qexit.run/1
            name: tiny
            seed: 5
            data: {dataset: fashion-mnist-12k, task: {critical: [1, 9], criticalFraction: 0.4}}
            streams: {count: 2, events: [300, 340], criticalFraction: [0.4, 0.4], split: {validation: 0.3, calibration: 0.1, test: 0.6}}
            fleet:
              cellRadiusMetres: 200
              weights: [1]
              securityLevels: [1]
              deadlineSeconds: [0.1]
              radio: {bandwidthMaxHz: 20000000, powerMaxWatts: 0.2, noiseDbmPerHz: -174, pathLossDbAtKilometre: 128.1, pathLossDbPerDecade: 37.6}
              eavesdropper: {xMetres: 900, yMetres: 300, meanGainFactor: 0.1}
              nodes:
                - {id: en1, xMetres: 0, yMetres: 0, securityLevel: 1, bandwidthHz: 9000000, computeUnits: 300}
              energy: {joulesPerMemoryAccess: 6.4e-10}
            model:
              name: tiny
              blocks: [{channels: 2, pool: 4}]
              heads: [{kind: mlp, hidden: 4}]
            twins: []
            training: {epochs: 2, batch: 64, surrogateWeight: 0, offloadBudget: 0.9}
            edgeNode:
              payload: PAYLOAD
              blocks: [{channels: 4, pool: 2}]
              heads: [{kind: linear}]
              training: {epochs: 1, batch: 64}
            methods: [exact]
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private int qexit(Object... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(Stream.of(args).map(Object::toString).toArray(String[]::new));
    }

    private Path scenario(String yaml) throws IOException {
        return Files.writeString(
                directory.resolve("scenario.yaml"), "format: qexit.scenario/1\nrun: run\nperiodSeconds: 200\n" + yaml);
    }

    /** Features, so that disturbed images pass the device's first block, too. */
    @Test
    void retrainsOnTheImagesOfTheRun() throws IOException {
        Path config = Files.writeString(directory.resolve("tiny.yaml"), CONFIG.replace("PAYLOAD", "features"));
        assertEquals(0, qexit("run", config, "--out", directory.resolve("run"), "--quiet"), err.toString());
        Path scenario = scenario("""
                horizonSeconds: 700
                replications: 2
                warmUp: 0
                policies: [kept, retrain]
                backhaul: {delaySeconds: 0.01, bitsPerSecond: 1.0e+8}
                cloud:
                  newSamples: 60
                  leastSeconds: 250
                  trainingSeconds: 20
                  training: {epochs: 2, learningRate: 0.003}
                happens: [{at: 100, devices: all, noise: 0.2}]
                """);
        assertEquals(0, qexit("simulate", scenario, "--json", "--threads", 1), err.toString());
        String one = out.toString();
        Path results = directory.resolve("results");
        assertEquals(0, qexit("simulate", scenario, "--json", "--threads", 2, "--out", results), err.toString());
        assertEquals(one, out.toString());
        JsonNode variants = new ObjectMapper().readTree(one).get("variants");
        assertTrue(variants.get(0).path("candidates").isMissingNode());
        JsonNode candidates = variants.get(1).get("candidates");
        assertTrue(candidates.size() >= 2, one);
        for (JsonNode candidate : candidates) {
            JsonNode evidence = candidate.get("evidence");
            assertTrue(evidence.get("trained").intValue() >= 60);
            assertTrue(evidence.get("tested").intValue() >= 20);
            assertEquals(64, evidence.get("candidateSha256").textValue().length());
            boolean accepted = candidate.has("inForceSeconds");
            String verdict = evidence.get("result").get("verdict").textValue();
            assertEquals(accepted, verdict.equals("better"), verdict);
        }
        assertEquals(
                variants.get(0).get("phases").get(0).get("events"),
                variants.get(1).get("phases").get(0).get("events"));

        assertTrue(Files.readString(results.resolve("report.html")).contains("id=\"retraining\""));
        assertEquals(
                candidates.size() + 1,
                Files.readAllLines(results.resolve("candidates.csv")).size());

        // A model that only its trace is known of cannot be retrained, nor see noise.
        String node = "edgeNode: {trace: run/traces/en-features-test.parquet, lower: 0.1, upper: 0.9}\n";
        assertEquals(2, qexit("simulate", scenario(node + "happens: [{at: 1, devices: all, noise: 0.1}]")));
        assertTrue(err.toString().contains("is not known"), err.toString());
        assertEquals(
                2,
                qexit(
                        "simulate",
                        scenario(
                                node
                                        + "policies: [retrain]\ncloud: {newSamples: 9}\nbackhaul: {delaySeconds: 0, bitsPerSecond: 1}")));
        assertTrue(err.toString().contains("policy retrain"), err.toString());
    }
}
