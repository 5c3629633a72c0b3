package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.common.Json;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Results that cannot be written: told in one line, with exit code 2, before the work, by every command that has an option for one. The
 * options are asked of the command line itself, so that those of a new command are tried, too.
 */
class OutputOptionsTest {
    /** Options with paths that are read. A new option must be here or be one that {@link Main} checks before the work. */
    private static final Set<String> READ = Set.of(
            "--data-dir",
            "--config",
            "--plan",
            "--instance",
            "--from",
            "--key",
            "--sign",
            "--against",
            "--monitor",
            "--path-from",
            "--images",
            "--start",
            "--follow-trace",
            "--node-trace",
            "--node-thresholds",
            "--input",
            "--study",
            "--run",
            "--thresholds",
            "--ue",
            "--ue-trace",
            "--ue-thresholds",
            "--file",
            "--model",
            "--rules",
            "--labels",
            "--mnist",
            "--times",
            "--trust",
            "--en-bundle",
            "--tls",
            "--tls-cert",
            "--tls-key",
            "--tls-ca",
            "--tls-crl");

    private static final String FLEET = "src/test/resources/allocation/n4m2s1.json";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(List<String> words) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words.toArray(String[]::new));
    }

    /** A command and one of its options with a path. */
    record Output(List<String> command, CommandLine line, OptionSpec option) {
        boolean isDirectory() {
            return option.paramLabel().contains("DIR");
        }

        @Override
        public String toString() {
            return String.join(" ", command) + " " + option.longestName();
        }
    }

    private static void each(List<String> names, CommandLine line, BiConsumer<List<String>, CommandLine> visit) {
        visit.accept(names, line);
        line.getSubcommands().forEach((name, below) -> {
            List<String> deeper = new ArrayList<>(names);
            deeper.add(name);
            each(deeper, below, visit);
        });
    }

    private static List<Output> paths() {
        List<Output> found = new ArrayList<>();
        each(List.of(), Main.commandLine(), (names, line) -> {
            for (OptionSpec option : line.getCommandSpec().options()) {
                if (option.typeInfo().getType() == Path.class) {
                    found.add(new Output(names, line, option));
                }
            }
        });
        return found;
    }

    static List<Output> outputs() {
        return paths().stream()
                .filter(output -> !READ.contains(output.option().longestName()))
                .toList();
    }

    @Test
    void thereAreManyAndNoneIsOverlooked() {
        assertTrue(outputs().size() >= 15, outputs().toString());
        for (Output output : outputs()) {
            assertTrue(
                    Main.isOutput(output.option()),
                    output + " is neither known to be read nor checked before the work: add it to Main's outputs");
        }
    }

    /** Whatever else the command must have, with values that parse. */
    private List<String> words(Output output, Path target) throws IOException {
        Path input = folder.resolve("input.yaml");
        if (Files.notExists(input)) {
            Files.createFile(input);
        }
        List<String> words = new ArrayList<>(output.command());
        for (ArgSpec argument : output.line().getCommandSpec().args()) {
            if (argument == output.option() || !argument.required() || argument.group() != null) {
                continue;
            }
            if (argument instanceof OptionSpec option) {
                words.add(option.longestName());
            }
            Class<?> type = argument.typeInfo().getType();
            Class<?> value = argument.typeInfo().isCollection() ? argument.auxiliaryTypes()[0] : type;
            if (argument instanceof OptionSpec option && Main.isOutput(option)) {
                words.add(folder.resolve("fine").toString());
            } else if (value == Path.class || value == String.class) {
                words.add(input.toString());
            } else {
                words.add(value.isEnum() ? value.getEnumConstants()[0].toString() : "1");
            }
        }
        words.add(output.option().longestName());
        words.add(target.toString());
        return words;
    }

    private void assertRefused(Output output, Path target) throws IOException {
        err.getBuffer().setLength(0);
        Set<String> before = files();
        long start = System.nanoTime();
        assertEquals(2, run(words(output, target)), output + ": " + err);
        String said = err.toString();
        assertEquals(1, said.lines().count(), said);
        assertTrue(
                said.startsWith("qexit: " + output.option().longestName() + " " + target + ": cannot be written: "),
                said);
        assertTrue(System.nanoTime() - start < 20e9, "not before the work");
        assertEquals(before, files(), output.toString());
        assertEquals("", out.toString());
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return new java.util.TreeSet<>(files.map(Path::toString)
                    .filter(name -> !name.endsWith("input.yaml"))
                    .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void whatIsInTheWayIsToldBeforeTheWork(Output output) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        Path directory = Files.createDirectory(folder.resolve("directory"));
        Files.writeString(directory.resolve("inside"), "mine");
        assertRefused(output, output.isDirectory() ? file : directory);
        assertRefused(output, file.resolve("below"));
        assertRefused(output, file.resolve("far/below"));
        assertEquals("mine", Files.readString(file));
        assertEquals("mine", Files.readString(directory.resolve("inside")));
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void soIsADirectoryThatMayNotBeWritten(Output output) throws IOException, InterruptedException {
        Path place = Files.createDirectory(folder.resolve("place"));
        try (Mount mount = Mount.of(place, "ro")) {
            assumeTrue(mount.mounted(), "no mount here");
            assertRefused(output, place.resolve("new"));
            assertRefused(output, place.resolve("deep/new"));
        }
    }

    /** A small file system of its own, where the system lets a test make one. */
    record Mount(Path place, boolean mounted) implements AutoCloseable {
        static Mount of(Path place, String options) throws IOException, InterruptedException {
            return new Mount(place, start("mount", "-t", "tmpfs", "-o", options, "tmpfs", place.toString()));
        }

        private static boolean start(String... words) throws InterruptedException {
            try {
                return new ProcessBuilder(words)
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
            } catch (IOException e) {
                return false; // no such program here
            }
        }

        /** Leaves no room for as much as a block. */
        void fill() throws IOException {
            byte[] block = new byte[4096];
            Path filler = place.resolve("filler");
            try (var stream = Files.newOutputStream(filler)) {
                while (true) {
                    stream.write(block);
                }
            } catch (IOException full) {
                assertTrue(Files.size(filler) > 0);
            }
        }

        @Override
        public void close() throws IOException {
            try {
                if (mounted) {
                    assertTrue(start("umount", place.toString()), "cannot unmount " + place);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Commands on a disk that is full when their work is done: {@code TARGET} stands for the file or directory. */
    static List<String> works() throws IOException {
        return List.of(
                "optimize " + FLEET + " --fairness-seconds 0 --out TARGET/plan.json",
                "optimize " + FLEET + " --fairness-seconds 0 --plot --out TARGET/plan.json",
                "thresholds TRACE --plot TARGET/frontier.svg",
                "data show fashion-mnist-12k --png TARGET/sheet.png",
                "data subset fashion-mnist-12k --train-per-class 10 --test-per-class 5 --out TARGET/subset",
                // Room for some of its files, not for all.
                "data subset fashion-mnist-12k --train-per-class 20 --test-per-class 60 --out TARGET/subset",
                "bench allocation --family geo --size 20x3 --seeds 1 --write TARGET/fleets",
                "export models/quickstart-hybrid --config experiments/quickstart.yaml --out TARGET/bundle",
                "export models/quickstart-hybrid --config experiments/quickstart.yaml --out BESIDE --zip TARGET/bundle.zip",
                "trace models/quickstart-hybrid experiments/quickstart.yaml --out TARGET/trace.parquet",
                "trace models/quickstart-hybrid experiments/quickstart.yaml --out TARGET/trace.csv");
    }

    @ParameterizedTest
    @MethodSource("works")
    void aFullDiskIsOneLineAndLeavesNothing(String work) throws IOException, InterruptedException {
        Path place = Files.createDirectory(folder.resolve("full"));
        Path trace = folder.resolve("trace.csv");
        Files.writeString(trace, "device,event,label,c1\na,0,1,0.9\na,1,0,0.1\na,2,1,0.6\n");
        try (Mount mount = Mount.of(place, "size=128k")) {
            assumeTrue(mount.mounted(), "no mount here");
            boolean room = work.contains("--test-per-class 60");
            if (!room) {
                mount.fill();
            }
            List<String> words = List.of(work.replace("TARGET", place.toString())
                    .replace("TRACE", trace.toString())
                    .replace("BESIDE", folder.resolve("beside").toString())
                    .split(" "));
            assertEquals(2, run(words), work + ": " + err);
            List<String> said = err.toString()
                    .lines()
                    .filter(line -> line.startsWith("qexit: "))
                    .toList();
            assertEquals(1, said.size(), err.toString());
            assertTrue(said.get(0).contains(place.toString()), said.get(0));
            assertTrue(said.get(0).contains("No space left") || said.get(0).contains("cannot be"), said.get(0));
            assertTrue(!err.toString().contains("\tat "), err.toString());
            try (Stream<Path> left = Files.walk(place)) {
                assertEquals(
                        room ? List.of() : List.of(place.resolve("filler")),
                        left.filter(path -> !path.equals(place)).toList(),
                        work);
            }
            if (work.startsWith("optimize")) {
                String text = out.toString();
                Json.parse(
                        "stdout", text.substring(text.indexOf("{\n"), text.lastIndexOf('}') + 1), java.util.Map.class);
            }
        }
    }
}
