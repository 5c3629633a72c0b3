package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.data.Dataset;
import org.qexit.data.Split;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.experiment.run.RunConfig;
import org.qexit.experiment.sweep.SweepConfig;
import org.qexit.tier.scenario.Scenario;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;

/**
 * The documentation is true: every code block of the README and of docs/ is run, compiled or read by what it is written for. A block's
 * first word says the language, the second what happens to it:
 *
 * <ul>
 *   <li>{@code sh}: its commands are run, in order, in a folder that the pages share; those of the README come first.
 *   <li>{@code sh parsed}: its commands take hours or data that are not here; their options and arguments are checked.
 *   <li>{@code yaml run}: part of a run's configuration; the quickstart's with these fields instead is read.
 *   <li>{@code yaml scenario}: a scenario of {@code qexit simulate}, read.
 *   <li>{@code yaml sweep}: a sweep of {@code qexit study}, read.
 *   <li>{@code yaml FILE}: the descriptor of a data set, read.
 *   <li>{@code json FILE}: written to the shared folder under this name, for the commands.
 *   <li>{@code java}: compiled.
 *   <li>{@code text}: no code.
 * </ul>
 */
class DocumentationTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)[ ]*([^\\n]*)\\n(.*?)^```$");

    @TempDir
    private static Path folder;

    private record Block(Path page, String language, String purpose, String code) {
        @Override
        public String toString() {
            return page + ": " + code.lines().findFirst().orElse("");
        }
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
        // In the order in which a reader may use them: models are trained before they are exported.
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            docs.filter(p -> p.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        pages.add(Path.of("models/README.md"));
        pages.add(Path.of("benchmarks/README.md"));
        try (Stream<Path> studies = Files.walk(Path.of("experiments"))) {
            studies.filter(p -> p.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    private static List<Block> blocks(String language) throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path page : pages()) {
            Matcher matcher = BLOCK.matcher(Files.readString(page));
            while (matcher.find()) {
                if (matcher.group(1).equals(language)) {
                    blocks.add(new Block(page, language, matcher.group(2).strip(), matcher.group(3)));
                }
            }
        }
        return blocks;
    }

    /** What the pages' commands take for granted: pictures of the user's own, events, an instance that has changed since the plan. */
    @BeforeAll
    static void prepare() throws IOException {
        for (Block block : blocks("json")) {
            Files.writeString(folder.resolve(block.purpose()), block.code());
        }
        Path images = Path.of("datasets/fashion-mnist-12k/t10k-images-idx3-ubyte.gz");
        Files.copy(images, folder.resolve(images.getFileName()));
        parts();
        Files.createDirectory(folder.resolve("photos"));
        java.awt.image.BufferedImage photo =
                new java.awt.image.BufferedImage(28, 28, java.awt.image.BufferedImage.TYPE_BYTE_GRAY);
        javax.imageio.ImageIO.write(
                photo, "png", folder.resolve("photos/black.png").toFile());
    }

    /** A folder for each of two classes, as a reader may have them: shirts, more rarely than what else is worn. */
    private static void parts() throws IOException {
        Dataset images = DatasetCatalog.standard(null).load("fashion-mnist-12k", Split.TRAIN);
        int[] left = {60, 160};
        String[] names = {"crumpled", "fine"};
        float[] pixels = new float[images.features()];
        for (int k = 0; left[0] + left[1] > 0; k++) {
            int label = images.classOf(k);
            int of = label == 6 ? 0 : label == 0 || label == 3 ? 1 : -1;
            if (of < 0 || left[of] == 0) {
                continue;
            }
            images.copyTo(k, pixels, 0);
            java.awt.image.BufferedImage picture =
                    new java.awt.image.BufferedImage(28, 28, java.awt.image.BufferedImage.TYPE_BYTE_GRAY);
            for (int i = 0; i < pixels.length; i++) {
                picture.getRaster().setSample(i % 28, i / 28, 0, Math.round(255 * pixels[i]));
            }
            Path file = Files.createDirectories(folder.resolve("parts").resolve(names[of]))
                    .resolve(left[of]-- + ".png");
            javax.imageio.ImageIO.write(picture, "png", file.toFile());
        }
    }

    @Test
    void everyBlockSaysWhatItIs() throws IOException {
        for (Path page : pages()) {
            String text = Files.readString(page);
            Matcher matcher = BLOCK.matcher(text);
            while (matcher.find()) {
                String kind = (matcher.group(1) + " " + matcher.group(2)).strip();
                assertTrue(
                        kind.matches(
                                "sh|sh parsed|yaml run|yaml (scenario|sweep)|(yaml|json) [\\w-]+\\.(yaml|json)|java|text|xml"),
                        page + ": ```" + kind);
            }
            // Commands that stand outside of blocks would not be tested.
            String outside = BLOCK.matcher(text).replaceAll("");
            assertTrue(
                    outside.lines().noneMatch(l -> l.matches(" {4,}(\\./)?qexit .*")),
                    page + ": a command outside of a block");
        }
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        Pattern link = Pattern.compile("\\]\\(([^)#\\s]+)(?:#([^)\\s]*))?\\)");
        for (Path page : pages()) {
            Matcher matcher = link.matcher(BLOCK.matcher(Files.readString(page)).replaceAll(""));
            while (matcher.find()) {
                if (URI.create(matcher.group(1)).isAbsolute()) {
                    continue;
                }
                Path target = page.resolveSibling(matcher.group(1)).normalize();
                assertTrue(Files.exists(target), page + " links to " + target);
                if (matcher.group(2) != null) {
                    List<String> anchors = Files.readAllLines(target).stream()
                            .filter(l -> l.startsWith("#"))
                            .map(l -> l.replaceFirst("^#+ ", "").toLowerCase(java.util.Locale.ROOT))
                            .map(l -> l.replaceAll("[^\\w -]", "").replace(' ', '-'))
                            .toList();
                    assertTrue(
                            anchors.contains(matcher.group(2)), page + " links to " + matcher.group() + ": " + anchors);
                }
            }
        }
    }

    /** One test a page, since a page's commands build on one another; trainings of one epoch. */
    @TestFactory
    Stream<DynamicTest> commandsWork() throws IOException {
        return commands(true);
    }

    @TestFactory
    @Tag("slow")
    Stream<DynamicTest> commandsWorkAsTheyAreWritten() throws IOException {
        return commands(false);
    }

    private static Stream<DynamicTest> commands(boolean brief) throws IOException {
        return pages().stream()
                .map(page -> DynamicTest.dynamicTest(page.toString(), () -> {
                    for (Block block : blocks("sh")) {
                        if (block.page().equals(page)) {
                            for (String command : block.code()
                                    .replaceAll("\\\\\\n\\s*", " ")
                                    .lines()
                                    .toList()) {
                                check(page, command, block.purpose().isEmpty(), brief);
                            }
                            afterwards();
                        }
                    }
                }));
    }

    private static void check(Path page, String written, boolean run, boolean brief) throws IOException {
        String command = written.replaceFirst("(^|\\s+)#.*$", "")
                .replaceFirst("\\s+>\\s*\\S+$", "")
                .strip();
        if (command.isEmpty()) {
            return;
        }
        Matcher ours = Pattern.compile("^(?:sensor \\| |nice -n 10 )?(?:\\./)?qexit (.*)$")
                .matcher(command);
        if (!ours.matches()) {
            checkForeign(page, command);
            return;
        }
        String[] words = ours.group(1).split("\\s+");
        CommandLine line = Main.commandLine();
        line.registerConverter(Path.class, DocumentationTest::inFolder);
        if (!run || command.startsWith("sensor")) {
            CommandLine.ParseResult parsed = line.parseArgs(words);
            assertNotNull(parsed.subcommand(), command);
            return;
        }
        if (words[0].equals("evaluate")) {
            // Its data may be a name, too, so that it is no path to picocli.
            words[2] = Files.exists(folder.resolve(words[2]))
                    ? folder.resolve(words[2]).toString()
                    : words[2];
        }
        if (words[0].equals("run") && !Arrays.asList(words).contains("--out")) {
            // Each page may have a run of its own there.
            words = append(words, "--out", "runs/quickstart", "--force");
        }
        if (brief && (words[0].equals("run") || words[0].equals("train"))) {
            words = append(words, "--set", "training.epochs=1");
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        assertEquals(0, line.execute(words), page + ": " + command + "\n" + err);
        assertTrue(
                !out.toString().isBlank() || !err.toString().isBlank() || words[0].equals("circuit"),
                command + " says nothing");
    }

    /** Commands of other programs are those that CI runs, or profiles of the build. */
    private static void checkForeign(Path page, String command) throws IOException {
        String ci = Files.readString(Path.of(".ci/run"));
        String pom = Files.readString(Path.of("pom.xml"));
        Matcher profile = Pattern.compile("mvn .*-P(\\w+).*").matcher(command);
        if (command.contains("mvn") && profile.find()) {
            assertTrue(pom.contains("<id>" + profile.group(1) + "</id>"), page + ": " + command);
        } else if (command.startsWith("mvn")) {
            assertTrue(
                    Stream.of("verify", "install", "package", "javadoc:javadoc").anyMatch(command::endsWith),
                    page + ": " + command);
        } else {
            String[] words = command.split(" ");
            assertTrue(ci.contains(words[0] + " " + words[1]), page + ": CI does not run " + command);
            Arrays.stream(words)
                    .filter(w -> w.startsWith("src/"))
                    .forEach(w -> assertTrue(Files.exists(Path.of(w)), command));
        }
    }

    /** Results of earlier commands lie in the shared folder, and new ones go there; the rest is the repository's. */
    private static Path inFolder(String path) {
        Path there = folder.resolve(path);
        return Files.exists(there) || !Files.exists(Path.of(path)) || path.startsWith("docs/") && path.endsWith(".svg")
                ? there
                : Path.of(path);
    }

    /** Once there is a run, its traces and its instance serve as a fleet's. */
    private static void afterwards() throws IOException {
        Path run = folder.resolve("runs/quickstart");
        if (Files.exists(run) && !Files.exists(folder.resolve("fleet.parquet"))) {
            Files.copy(run.resolve("instance-hybrid.json"), folder.resolve("changed.json"));
            Files.copy(run.resolve("traces/hybrid-validation.parquet"), folder.resolve("fleet.parquet"));
            Files.copy(run.resolve("traces/hybrid-validation.parquet"), folder.resolve("old.parquet"));
            Files.copy(run.resolve("traces/hybrid-calibration.parquet"), folder.resolve("new.parquet"));
        }
    }

    private static String[] append(String[] words, String... more) {
        return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray(String[]::new);
    }

    private static List<Block> yaml() throws IOException {
        return blocks("yaml");
    }

    @ParameterizedTest
    @MethodSource("yaml")
    void configurationsAreRead(Block block) throws IOException {
        if (block.purpose().equals("scenario")) {
            Path file = Files.writeString(Files.createTempFile(folder, "scenario", ".yaml"), block.code());
            assertNotNull(Scenario.read(file).policies());
            return;
        }
        if (block.purpose().equals("sweep")) {
            Path file = Files.writeString(Files.createTempFile(folder, "sweep", ".yaml"), block.code());
            assertEquals(1, SweepConfig.read(file).parts().size());
            return;
        }
        if (!block.purpose().equals("run")) {
            Path directory = Files.createTempDirectory(folder, "descriptor");
            Files.writeString(directory.resolve(block.purpose()), block.code());
            assertEquals(1, DatasetCatalog.of(List.of(directory)).entries().size());
            return;
        }
        Map<Object, Object> merged =
                new LinkedHashMap<>(fields(Files.readString(Path.of("experiments/quickstart.yaml"))));
        merged.putAll(fields(block.code()));
        // JSON is YAML, too.
        Path file = Files.writeString(folder.resolve("merged.yaml"), new ObjectMapper().writeValueAsString(merged));
        RunConfig read = RunConfig.read(file);
        assertNotNull(read.model().forInput(1, 28, 28));
    }

    private static Map<?, ?> fields(String yaml) {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    private static List<Block> java() throws IOException {
        return blocks("java");
    }

    @ParameterizedTest
    @MethodSource("java")
    void snippetsCompile(Block block) throws IOException {
        Path directory = Files.createTempDirectory(folder, "java");
        String imports =
                block.code().lines().filter(l -> l.startsWith("import ")).collect(Collectors.joining("\n"));
        String body = block.code().lines().filter(l -> !l.startsWith("import ")).collect(Collectors.joining("\n"));
        Path source = Files.writeString(
                directory.resolve("Snippet.java"),
                imports + "\nclass Snippet { static void run() throws Exception {\n" + body + "\n} }\n");
        java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();
        String path = Path.of("target/classes") + File.pathSeparator + System.getProperty("java.class.path");
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, err, "-proc:none", "-cp", path, "-d", directory.toString(), source.toString());
        assertEquals(0, result, block + "\n" + err);
    }
}
