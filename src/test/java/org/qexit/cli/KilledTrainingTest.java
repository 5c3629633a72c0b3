package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.nn.store.ModelDirectory;

/** Kills real processes of {@code qexit train} at random moments; the survivor's bytes are those of a training that nobody disturbed. */
@Tag("slow")
class KilledTrainingTest {
    private static final String CONFIG = """
            format: qexit.train/1
            name: killed
            seed: 3
            data: {dataset: fashion-mnist-12k, task: {critical: [2, 4, 6], criticalFraction: 0.1}}
            model:
              name: killed
              blocks: [{channels: 2, pool: 4}, {channels: 3}]
              heads: [{kind: linear}, {kind: quantum, qubits: 2, layers: 1}]
            training: {epochs: 5, batch: 32, multiplier: implicit, margin: logit, thresholds: tracked, falsePositiveCap: 0.02}
            """;

    @TempDir
    private Path directory;

    private Path config;

    private Process start(Path out, boolean resume) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dorg.eclipse.deeplearning4j.helpers.disable=false",
                "-cp",
                System.getProperty("java.class.path"),
                "org.qexit.cli.Main",
                "train",
                config.toString(),
                "--out",
                out.toString()));
        if (resume) {
            command.add("--resume");
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
    }

    private static String hash(Path model) {
        return ModelDirectory.read(model).parametersSha256();
    }

    /** Until there is something to lose, or nothing any more. */
    private static void awaitCheckpoint(Process process, Path out) throws Exception {
        while (process.isAlive()) {
            if (Files.isDirectory(out)) {
                try (Stream<Path> files = Files.list(out)) {
                    if (files.anyMatch(file -> file.getFileName().toString().endsWith(".ckpt"))) {
                        return;
                    }
                }
            }
            Thread.sleep(20);
        }
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void survivesKillAndSignalsToTheLastBit() throws Exception {
        config = Files.writeString(directory.resolve("killed.yaml"), CONFIG);
        Path undisturbed = directory.resolve("undisturbed");
        long before = System.nanoTime();
        assertEquals(0, start(undisturbed, false).waitFor());
        long lasts = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
        SplittableRandom random = new SplittableRandom(11);
        Path killed = directory.resolve("killed");
        int kills = 0;
        int signals = 0;
        for (int trial = 0; trial < 8; trial++) {
            Process process = start(killed, true);
            if (trial > 0) {
                awaitCheckpoint(process, killed);
            }
            // From the middle of JVM start over the middle of steps and epochs to the middle of a checkpoint's write.
            Thread.sleep(random.nextLong(Math.max(1, lasts / 4)));
            boolean alive = process.isAlive();
            if (trial % 3 == 2) {
                process.destroy();
                signals += alive ? 1 : 0;
            } else {
                process.destroyForcibly();
                kills += alive ? 1 : 0;
            }
            process.waitFor();
        }
        assertEquals(0, start(killed, true).waitFor(), Files.readString(directory.resolve("log")));
        assertEquals(hash(undisturbed), hash(killed), kills + " kills, " + signals + " signals");
        assertTrue(kills >= 2, kills + " kills, " + signals + " signals");
        try (Stream<Path> files = Files.list(killed)) {
            assertFalse(files.anyMatch(file -> file.getFileName().toString().contains(".ckpt")));
        }
        // Asking once more does no harm.
        assertEquals(0, start(killed, true).waitFor());
        assertEquals(hash(undisturbed), hash(killed));
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void sayHowToGoOnAfterASignal() throws Exception {
        config = Files.writeString(directory.resolve("killed.yaml"), CONFIG.replace("epochs: 5", "epochs: 500"));
        Path out = directory.resolve("out");
        Process process = start(out, false);
        awaitCheckpoint(process, out);
        Thread.sleep(1500);
        process.destroy();
        int status = process.waitFor();
        String log = Files.readString(directory.resolve("log"));
        assertEquals(143, status, log);
        assertTrue(log.contains("is written; go on with the same command and --resume"), log);
        assertFalse(log.contains("Exception"), log);
    }
}
