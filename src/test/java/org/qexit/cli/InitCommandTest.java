package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;

/** What {@code qexit init} makes of data of a user's own runs as it is. */
class InitCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int call(Object... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    }

    private Map<?, ?> init(Path data, Object... more) {
        Object[] args = {"init", data, "--out", folder.resolve("config.yaml"), "--json", "--force"};
        Object[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        assertEquals(0, call(all), err.toString());
        return Json.parse("init", out.toString(), Map.class);
    }

    /** Machines of which some rows are faults: hot and shaky ones. */
    private Path sensors(String separator, boolean header) throws IOException {
        SplittableRandom random = RandomStreams.of(1).stream("sensors");
        StringBuilder text = new StringBuilder();
        if (header) {
            text.append(String.join(separator, "id", "machine", "temperature", "pressure", "state"))
                    .append('\n');
        }
        for (int i = 0; i < 480; i++) {
            boolean fault = random.nextInt(8) == 0;
            text.append(String.join(
                            separator,
                            Integer.toString(1000 + i),
                            "m" + i / 60,
                            String.format(Locale.ROOT, "%.2f", 60 + 10 * random.nextDouble() + (fault ? 12 : 0)),
                            String.format(Locale.ROOT, "%.4f", 0.01 + 0.02 * random.nextDouble()),
                            fault ? "leak" : "fine"))
                    .append('\n');
        }
        return Files.writeString(folder.resolve("sensors.csv"), text);
    }

    private void photos(Path root, String name, int count, int size) throws IOException {
        Path home = Files.createDirectories(root.resolve(name));
        SplittableRandom random = RandomStreams.of(2).stream(name);
        for (int i = 0; i < count; i++) {
            BufferedImage image = new BufferedImage(size, size + i % 2, BufferedImage.TYPE_INT_RGB);
            for (int y = 0; y < image.getHeight(); y++) {
                for (int x = 0; x < size; x++) {
                    image.setRGB(x, y, random.nextInt(1 << 24) & (name.startsWith("s") ? 0xff00ff : 0xffff00));
                }
            }
            ImageIO.write(image, "png", home.resolve("photo" + i + ".png").toFile());
        }
    }

    @Test
    void aTableBecomesARunWithReportAndBundle() throws IOException {
        Map<?, ?> found = init(sensors(",", true));
        assertEquals("table", found.get("kind"));
        assertEquals(List.of("leak"), found.get("critical"));
        assertEquals("machine", found.get("groups"));
        assertEquals(List.of(1, 1, 2), found.get("shape"));
        assertEquals(360, found.get("train"));
        assertEquals(120, found.get("test"));

        Path run = folder.resolve("run");
        int code = call(
                "run",
                folder.resolve("config.yaml"),
                "--out",
                run,
                "--quiet",
                "--set",
                "training.epochs=2",
                "--set",
                "streams={whole: true}",
                "--set",
                "name=7");
        assertEquals(0, code, err.toString());
        Map<?, ?> record = Json.read(run.resolve("run.json"), Map.class);
        assertEquals(Map.of("training.epochs", "2", "streams", "{whole: true}", "name", "7"), record.get("set"));
        assertEquals("7", record.get("name"));
        assertTrue(Files.readString(run.resolve("report.html")).contains("--set training.epochs=2"));
        assertEquals(0, call("verify", run.resolve("bundle")), err.toString());
        assertEquals(0, call("export", run, "--out", folder.resolve("again")), err.toString());
        watched(run.resolve("bundle"));
        evaluated(run);
        assertEquals(2, call("simulate", "--run", run));
        assertTrue(err.toString().contains("no fleet"), err.toString());
    }

    /** A model and its bundle decide alike by their own thresholds, and all test rows are looked at. */
    private void evaluated(Path run) {
        for (Path source : List.of(run.resolve("models/hybrid"), run.resolve("bundle"))) {
            assertEquals(0, call("evaluate", source, folder.resolve("config.yaml"), "--json"), err.toString());
            Map<?, ?> found = Json.parse("evaluate", out.toString(), Map.class);
            assertEquals(120, found.get("events"));
            assertEquals(2, ((List<?>) found.get("classes")).size());
            long all = ((List<?>) found.get("exits"))
                    .stream().mapToLong(n -> ((Number) n).longValue()).sum();
            assertEquals(120, all);
        }
        assertEquals(2, call("evaluate", run.resolve("bundle"), "fashion-mnist-12k", "--critical", "coat"));
        assertTrue(err.toString().contains("but"), err.toString());
    }

    /** What devices emit on their own test events is what the bundle expects; on hot and shaky machines it is not. */
    private void watched(Path bundle) throws IOException {
        for (boolean drifted : List.of(false, true)) {
            SplittableRandom random = RandomStreams.of(9).stream("rows");
            StringBuilder rows = new StringBuilder();
            for (int i = 0; i < 120; i++) {
                boolean fault = drifted ? random.nextInt(10) > 0 : random.nextInt(8) == 0;
                rows.append(String.format(
                        Locale.ROOT,
                        "%.4f,%.4f%n",
                        Math.min(1, random.nextDouble() * 10 / 22 + (fault ? 12 / 22.0 : 0)),
                        random.nextDouble()));
            }
            Path file = Files.writeString(folder.resolve("rows.csv"), rows);
            assertEquals(0, call("infer", bundle, "--device", "ue1", "--input", file, "--json"), err.toString());
            Path log = Files.writeString(folder.resolve("infer.jsonl"), out.toString());
            int code = call("monitor", bundle, "--device", "ue1", "--log", log, "--json");
            Map<?, ?> result = Json.parse("monitor", out.toString(), Map.class);
            assertEquals("bundle", result.get("expected"));
            assertEquals(drifted, result.get("alarm"), out.toString());
            assertEquals(drifted ? 4 : 0, code);
        }
    }

    @ParameterizedTest
    @CsvSource({"';', true", "'\t', true", "',', false"})
    void tablesOfAllKindsAreUnderstood(String separator, boolean header) throws IOException {
        Map<?, ?> found = init(sensors(separator, header));
        assertEquals(List.of("leak"), found.get("critical"));
        assertEquals(List.of("fine", "leak"), found.get("classes"));
        assertEquals(List.of(1, 1, 2), found.get("shape"));
        assertEquals(480, (Integer) found.get("train") + (Integer) found.get("test"));
    }

    @Test
    void whatTheUserSaysCounts() throws IOException {
        Path file = sensors(",", true);
        Map<?, ?> found = init(file, "--label", "machine", "--critical", "m2,m5");
        assertEquals(List.of("m2", "m5"), found.get("critical"));
        assertEquals(8, ((List<?>) found.get("classes")).size());
        assertEquals(2, call("init", file, "--out", folder.resolve("other.yaml"), "--label", "stat"));
        assertTrue(err.toString().contains("did you mean 'state'"), err.toString());
        assertEquals(2, call("init", file, "--out", folder.resolve("other.yaml"), "--critical", "leek"));
        assertTrue(err.toString().contains("did you mean 'leak'"), err.toString());
        assertEquals(2, call("init", file, "--out", folder.resolve("config.yaml")));
        assertTrue(err.toString().contains("--force"), err.toString());
    }

    @Test
    void foldersOfPhotosAreScaledAndDivided() throws IOException {
        Path root = folder.resolve("photos");
        photos(root, "scratched", 20, 60);
        photos(root, "plain", 40, 60);
        Map<?, ?> found = init(root);
        assertEquals("images", found.get("kind"));
        assertEquals(List.of("scratched"), found.get("critical"));
        assertEquals(List.of(3, 32, 32), found.get("shape"));
        assertEquals(45, found.get("train"));

        // The configuration's paths are its own, wherever the program runs.
        String text = Files.readString(folder.resolve("config.yaml"));
        assertTrue(text.contains("directories: [\"./photos\"]"), text);
        int code = call(
                "train",
                folder.resolve("config.yaml"),
                "--out",
                folder.resolve("model"),
                "--set",
                "training.epochs=1",
                "--set",
                "model.blocks.0.channels=2",
                "--set",
                "model.heads.2={kind: linear}");
        assertEquals(0, code, err.toString());
    }

    @Test
    void partsInFoldersStayParts() throws IOException {
        for (String part : List.of("training", "validation")) {
            photos(folder.resolve("set/" + part), "ok", 6, 20);
            photos(folder.resolve("set/" + part), "broken", 4, 20);
        }
        Map<?, ?> found = init(folder.resolve("set"));
        assertEquals(10, found.get("train"));
        assertEquals(10, found.get("test"));
        assertEquals(List.of("broken"), found.get("critical"));
    }

    @Test
    void idxFilesAreTold() {
        Map<?, ?> found = init(Path.of("datasets/fashion-mnist-12k"));
        assertEquals(List.of(1, 28, 28), found.get("shape"));
        assertEquals(12_000, found.get("train"));
        assertEquals(10, ((List<?>) found.get("classes")).size());
    }

    @Test
    void seriesWithoutHeaderInTwoFiles() throws IOException {
        SplittableRandom random = RandomStreams.of(3).stream("series");
        for (String part : List.of("TRAIN", "TEST")) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 60; i++) {
                text.append(i % 4 == 0 ? 2 : 1);
                for (int t = 0; t < 30; t++) {
                    text.append('\t').append(String.format(Locale.ROOT, "%.6e", 3 * random.nextDouble() - 1));
                }
                text.append('\n');
            }
            Files.writeString(Files.createDirectories(folder.resolve("ucr")).resolve("Waves_" + part + ".tsv"), text);
        }
        Map<?, ?> found = init(folder.resolve("ucr"));
        assertEquals("series", found.get("kind"));
        assertEquals(List.of(1, 1, 30), found.get("shape"));
        assertEquals(List.of("1", "2"), found.get("classes"));
        assertEquals(List.of("2"), found.get("critical"));
    }

    @Test
    void whatIsNoDataEndsInOneLine() throws IOException {
        Path notes = Files.writeString(folder.resolve("notes.csv"), "when,what\nnow,something\nthen,nothing\n");
        Files.createDirectory(folder.resolve("empty"));
        Path archive = Files.writeString(folder.resolve("all.zip"), "PK");
        for (Path path : List.of(notes, folder.resolve("empty"), archive, folder.resolve("none"))) {
            assertEquals(2, call("init", path, "--out", folder.resolve("x.yaml")), path.toString());
            assertEquals(1, err.toString().lines().count(), err.toString());
            assertTrue(Files.notExists(folder.resolve("x.yaml")));
        }
    }

    @Test
    void fieldsThatAreNotThereAreTold() throws IOException {
        init(sensors(",", true));
        Path config = folder.resolve("config.yaml");
        for (String set : List.of("training.epohcs=3", "training.epochs=many", "model.blocks.7.channels=1", "seven")) {
            assertNotEquals(0, call("train", config, "--out", folder.resolve("m"), "--set", set), set);
            assertTrue(err.toString().startsWith("qexit: --set"), err.toString());
            assertEquals(1, err.toString().lines().count(), err.toString());
        }
        for (String place : List.of("model.heads.2.layers=0", "model.heads[2].layers=0")) {
            assertEquals(2, call("train", config, "--out", folder.resolve("m"), "--set", place));
            assertTrue(err.toString().contains("layers is 0; expected 1 to"), err.toString());
        }
        assertTrue(call("train", config, "--out", folder.resolve("m"), "--set", "training.epohcs=3") == 2
                && err.toString().contains("did you mean 'epochs'"));
    }
}
