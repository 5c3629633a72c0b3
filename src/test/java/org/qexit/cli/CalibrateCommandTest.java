package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.nn.BlockConfig;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.store.StoredModel;
import org.qexit.trace.Thresholds;
import picocli.CommandLine;

class CalibrateCommandTest {
    private static final String CONFIG = """
            format: qexit.train/1
            name: tiny
            seed: 3
            data: {dataset: fashion-mnist-12k}
            streams: {count: 3, events: [60, 80], criticalFraction: [0.2, 0.3]}
            model: {name: tiny, blocks: [{channels: 2, pool: 4}], heads: [{kind: linear}]}
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
    void calibratesLooksAndTakesBack() throws Exception {
        ModelConfig config = new ModelConfig(
                "tiny", 1, 28, 28, null, List.of(new BlockConfig(2, 3, 4, 1)), List.of(HeadConfig.linear()));
        EarlyExitModel raw = EarlyExitModel.initial(config, RandomStreams.of(1));
        Path model = directory.resolve("model");
        ModelDirectory.write(model, new StoredModel(raw, TrainingConfig.DEFAULT, 1, new Thresholds(0.1f, 0.9f), null));
        Path yaml = Files.writeString(directory.resolve("tiny.yaml"), CONFIG);
        Path plot = directory.resolve("reliability.svg");

        assertEquals(0, run("calibrate", model, yaml, "--dry-run", "--json", "--plot", plot), err.toString());
        Map<?, ?> result = Json.parse("output", out.toString(), Map.class);
        double temperature = ((Number) ((List<?>) result.get("temperatures")).get(0)).doubleValue();
        assertEquals(1, ((List<?>) result.get("before")).size());
        assertTrue(Files.readString(plot).contains("Exit 1"));
        assertTrue(ModelDirectory.read(model).model().temperatures().isEmpty());

        assertEquals(0, run("calibrate", model, yaml), err.toString());
        assertEquals(
                List.of(temperature),
                ModelDirectory.read(model).model().temperatures().orElseThrow());
        assertTrue(out.toString().contains("ECE"), out.toString());

        assertEquals(0, run("calibrate", model, yaml, "--off"), err.toString());
        assertEquals(raw.sha256(), ModelDirectory.read(model).model().sha256());

        assertEquals(2, run("calibrate", model, yaml, "--plot", directory.resolve("a.png")));
        assertTrue(err.toString().contains("expected a name that ends in .svg"), err.toString());
    }
}
