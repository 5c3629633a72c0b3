package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No command leaves a file where nobody told it to write, and none needs a network: each runs by the launcher in a home and a folder of
 * temporary files of its own, without a network where the system lets a test take it away.
 */
@Tag("slow")
class NothingOutsideTest {
    @TempDir
    private Path folder;

    private static boolean networkCanBeTaken() throws IOException, InterruptedException {
        try {
            return new ProcessBuilder("unshare", "-rn", "true").start().waitFor() == 0;
        } catch (IOException e) {
            return false; // no such program here
        }
    }

    @Test
    void commandsWriteOnlyWhatTheyAreToldTo() throws IOException, InterruptedException {
        Path home = Files.createDirectory(folder.resolve("home"));
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Path work = Files.createDirectory(folder.resolve("work"));
        boolean offline = networkCanBeTaken();
        // The build is up to date, as this test runs after it: the launcher need not make it again.
        Path stamp = Path.of("target/built");
        if (Files.notExists(stamp)) {
            Files.createFile(stamp);
        }
        Files.setLastModifiedTime(stamp, FileTime.from(Instant.now()));

        String quickstart = Files.readString(Path.of("experiments/quickstart.yaml"));
        Path config = Files.writeString(
                folder.resolve("small.yaml"),
                quickstart
                                .substring(0, quickstart.indexOf("\ntraining:"))
                                .replace("twins: [classical]", "twins: []")
                                .replaceAll(
                                        "bandwidthHz: \\d+, computeUnits: \\d+", "bandwidthHz: 2e7, computeUnits: 600")
                                .replaceFirst("(?s)blocks:.*", "blocks: [{channels: 2, pool: 4}]")
                        + "\n  heads: [{kind: quantum, qubits: 2, layers: 1}]\ntwins: []\n"
                        + "training: {epochs: 1, batch: 256, offloadBudget: 0.2}\nmethods: [exact]\n");
        String out = work.resolve("run").toString();
        String bundle = work.resolve("bundle").toString();
        List<String> commands = List.of(
                "doctor",
                "data show fashion-mnist-12k --png " + work.resolve("sheet.png"),
                "run " + config + " --out " + out,
                "thresholds " + out + "/traces/hybrid-validation.parquet --budget 0.2",
                "optimize " + out + "/instance-hybrid.json --out " + work.resolve("plan.json"),
                "check " + work.resolve("plan.json") + " " + out + "/instance-hybrid.json",
                "export " + out + " --out " + bundle,
                "verify " + bundle,
                "infer " + bundle
                        + " --device ue1 --input datasets/fashion-mnist-12k/t10k-images-idx3-ubyte.gz --quiet");
        for (String command : commands) {
            List<String> words = new ArrayList<>(offline ? List.of("unshare", "-rn", "./qexit") : List.of("./qexit"));
            words.addAll(List.of(command.split(" ")));
            ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
            Map<String, String> environment = builder.environment();
            environment.put("HOME", home.toString());
            environment.put("TMPDIR", temporary.toString());
            environment.put("QEXIT_JAVA_OPTS", "-Duser.home=" + home);
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), command + "\n" + said);
            assertEquals(List.of(), files(home), command);
            assertEquals(List.of(), list(temporary), command);
        }
        assertTrue(new File(bundle, "manifest.json").isFile());
    }

    /** The virtual machine's own folder of counters aside, which it keeps empty. */
    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(path -> !path.getFileName().toString().startsWith("hsperfdata"))
                    .toList();
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> below = Files.walk(directory)) {
            return below.filter(Files::isRegularFile).toList();
        }
    }
}
