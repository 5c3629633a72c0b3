package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.Json;
import org.qexit.data.formats.Idx;
import org.qexit.data.formats.IdxType;

class DataCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... args) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    @Test
    void listKnowsTheEmbeddedDataAndHowToGetMore() {
        assertEquals(0, run("data", "list", "--json"));
        List<?> listings = Json.parse("list", out.toString(), List.class);
        Map<?, ?> embedded = (Map<?, ?>) listings.stream()
                .filter(l -> "fashion-mnist-12k".equals(((Map<?, ?>) l).get("name")))
                .findFirst()
                .orElseThrow();
        assertEquals(Path.of("datasets", "fashion-mnist-12k").toString(), embedded.get("foundIn"));
        assertEquals(0, run("data", "list"));
        assertTrue(out.toString().contains("https://github.com/zalandoresearch/fashion-mnist"));
        assertTrue(out.toString().contains("http://yann.lecun.com/exdb/mnist/"));
    }

    @Test
    void showCountsClassesAndDraws() throws IOException {
        Path sheet = folder.resolve("sheet.png");
        assertEquals(
                0, run("data", "show", "fashion-mnist-12k", "--png", sheet.toString(), "--per-class", "3", "--json"));
        Map<?, ?> shown = Json.parse("show", out.toString(), Map.class);
        Map<?, ?> test = (Map<?, ?>) ((List<?>) shown.get("splits")).get(1);
        assertEquals(6000, test.get("size"));
        assertEquals(600, ((Map<?, ?>) test.get("classCounts")).get("4 Coat"));
        var image = ImageIO.read(sheet.toFile());
        assertEquals(3 * 30 + 2, image.getWidth());
        assertEquals(10 * 30 + 2, image.getHeight());
    }

    @Test
    void describesASetForSearchEngines() throws IOException {
        Path file = folder.resolve("croissant.json");
        assertEquals(0, run("data", "show", "fashion-mnist-12k", "--croissant", file.toString()));
        Map<?, ?> set = Json.parse("croissant", Files.readString(file), Map.class);
        assertEquals("http://mlcommons.org/croissant/1.1", set.get("conformsTo"));
        assertEquals("sc:Dataset", set.get("@type"));
        assertEquals("fashion-mnist-12k", set.get("name"));
        List<?> files = (List<?>) set.get("distribution");
        assertEquals(4, files.size());
        for (Object one : files) {
            Map<?, ?> object = (Map<?, ?>) one;
            assertEquals("cr:FileObject", object.get("@type"));
            assertTrue(((String) object.get("sha256")).matches("[0-9a-f]{64}"));
            assertEquals("application/gzip", object.get("encodingFormat"));
        }
        Map<?, ?> classes = (Map<?, ?>) ((List<?>) set.get("recordSet")).get(0);
        assertEquals(10, ((List<?>) classes.get("data")).size());
        assertEquals(Map.of("classes/id", 4, "classes/name", "Coat"), ((List<?>) classes.get("data")).get(4));
        // Every term that is used without a prefix is one of schema.org or is named in the context.
        Map<?, ?> context = (Map<?, ?>) set.get("@context");
        for (String term : List.of("recordSet", "field", "dataType", "key", "data", "conformsTo", "includes")) {
            assertTrue(context.containsKey(term), term);
        }
        String before = Files.readString(file);
        assertEquals(0, run("data", "show", "fashion-mnist-12k", "--croissant", file.toString()));
        assertEquals(before, Files.readString(file));
    }

    @Test
    void makesTheSetsOfAFamily() throws IOException {
        String target = folder.resolve("made").toString();
        assertEquals(0, run("data", "make", "bowles2024", "--family", "linearly_separable", "--out", target, "--json"));
        Map<?, ?> made = Json.parse("made", out.toString(), Map.class);
        assertEquals(38, ((List<?>) made.get("files")).size());
        Path file = folder.resolve("made/linearly_separable/linearly_separable_2d_train.csv");
        assertEquals(240, Files.readAllLines(file).size());
        assertEquals(3, Files.readAllLines(file).get(0).split(",").length);
        try (var families = Files.list(folder.resolve("made"))) {
            assertEquals(1, families.count());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bowles2023, --seed, 1, benchmark is 'bowles2023'",
        "bowles2024, --seed, -1, --seed is -1",
        "bowles2024, --family, planes, --family is 'planes'",
    })
    void makesNothingElse(String benchmark, String option, String value, String told) {
        Path target = folder.resolve("made");
        assertEquals(2, run("data", "make", benchmark, option, value, "--out", target.toString()));
        assertTrue(err.toString().contains(told), err.toString());
        assertEquals(1, err.toString().strip().lines().count());
        assertTrue(Files.notExists(target));
    }

    @Test
    void makesPrincipalComponentsOfTheUsersMnist() throws IOException {
        Path mnist = Files.createDirectory(folder.resolve("mnist"));
        List<byte[]> images = new ArrayList<>();
        byte[] labels = new byte[80];
        for (int i = 0; i < labels.length; i++) {
            byte[] image = new byte[49];
            for (int j = 0; j < image.length; j++) {
                image[j] = (byte) ((i * i * 31 + j * j * 17 + i * j * 13) % 251);
            }
            images.add(image);
            labels[i] = (byte) (i % 2 == 0 ? 3 : 5);
        }
        for (String part : List.of("train", "t10k")) {
            Idx.write(mnist.resolve(part + "-images-idx3-ubyte"), IdxType.UBYTE, new int[] {80, 7, 7}, images);
            Idx.write(mnist.resolve(part + "-labels-idx1-ubyte.gz"), IdxType.UBYTE, new int[] {80}, List.of(labels));
        }
        Path target = folder.resolve("made");
        String[] words = {"data", "make", "bowles2024", "--mnist", mnist.toString(), "--out", target.toString()};
        assertEquals(0, run(with(words, "--family", "mnist_pca,linearly_separable")), err.toString());
        assertTrue(out.toString().contains("76 files"), out.toString());
        Path file = target.resolve("mnist_pca/mnist_3-5_20d_test.csv");
        assertEquals(80, Files.readAllLines(file).size());
        assertEquals(21, Files.readAllLines(file).get(0).split(",").length);
        assertTrue(Files.readAllLines(file).get(1).endsWith(",1.000000000000000000e+00"));

        assertEquals(2, run(with(words, "--family", "two_curves")));
        assertTrue(err.toString().contains("--mnist is given, but not"), err.toString());
        assertEquals(2, run("data", "make", "bowles2024", "--family", "mnist_pca", "--out", target.toString()));
        assertTrue(err.toString().contains("needs --mnist"), err.toString());
        words[4] = folder.resolve("nowhere").toString();
        assertEquals(2, run(words));
        assertTrue(err.toString().contains("expected an existing directory"), err.toString());
    }

    private static String[] with(String[] words, String... more) {
        return Stream.of(words, more).flatMap(Stream::of).toArray(String[]::new);
    }

    @Test
    void subsetAndVerifyGoTogether() throws IOException {
        String small = folder.resolve("small").toString();
        assertEquals(
                0,
                run(
                        "data",
                        "subset",
                        "fashion-mnist-12k",
                        "--train-per-class",
                        "3",
                        "--test-per-class",
                        "2",
                        "--out",
                        small));
        assertEquals(0, run("data", "verify", "small", "--data-dir", folder.toString()));
        Files.write(folder.resolve("small/t10k-labels-idx1-ubyte.gz"), new byte[] {1, 2, 3});
        assertEquals(2, run("data", "verify", "small", "--data-dir", folder.toString()));
        assertTrue(out.toString().contains("different"), out.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "data show nothing, neither a known name",
        "data show fashion-mnist-12k --data-dir /no/such, expected an existing directory",
        "data verify nothing, not a known name",
        "data subset fashion-mnist-12k --train-per-class 0 --test-per-class 1 --out x, trainPerClass is 0",
        "data subset fashion-mnist-12k --train-per-class 1201 --test-per-class 1 --out /tmp/x, has 1200 train samples",
        "data subset fashion-mnist-12k --out x, Missing required options",
        "data show fashion-mnist-12k --png x.png --per-class 0, expected at least 1",
    })
    void mistakesEndInOneLineAndExitCodeTwo(String command, String message) {
        assertEquals(2, run(command.split(" ")), err.toString());
        assertTrue(err.toString().contains(message), err.toString());
        assertTrue(err.toString().lines().count() <= 2, err.toString());
    }
}
