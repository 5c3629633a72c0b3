package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Json;
import picocli.CommandLine;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    static Iterable<String> commands() {
        return Main.commandLine().getSubcommands().keySet();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandExplainsItselfWithExamples(String command) {
        CommandLine line = Main.commandLine().getSubcommands().get(command);
        String help = line.getUsageMessage();
        assertTrue(help.contains("Usage: qexit " + command), help);
        if (!command.equals("help")) {
            assertTrue(help.contains("Examples:") || !line.getSubcommands().isEmpty(), help);
            help.lines().forEach(text -> assertTrue(text.length() <= 80, text));
        }
    }

    /** A single per cent sign is taken for the start of a directive: picocli then complains on standard error and prints the text raw. */
    @Test
    void noTextOfHelpIsTakenForADirective() {
        PrintStream before = System.err;
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
        try {
            helpOf(Main.commandLine());
        } finally {
            System.setErr(before);
        }
        assertEquals("", told.toString(StandardCharsets.UTF_8));
    }

    /** What stands in an example can be copied: no line ends within a word. */
    @Test
    void examplesAreBrokenBetweenWordsOnly() {
        String help = Main.commandLine().getSubcommands().get("simulate").getUsageMessage();
        assertTrue(
                help.contains(
                        "  qexit simulate scenario.yaml --out results\n      also writes report.html and tables\n"),
                help);
        help = Main.commandLine().getSubcommands().get("shots").getUsageMessage();
        assertTrue(
                help.contains("  qexit shots models/quickstart-hybrid experiments/quickstart.yaml \\\n"
                        + "      --delta 0.01 --max-shots 4000 --json\n"),
                help);
        broken(Main.commandLine());
    }

    private static void broken(CommandLine command) {
        for (String line : command.getCommandSpec().usageMessage().footer()) {
            assertTrue(line.replace("%%", "%").replace("%n", "").length() <= 80, line);
        }
        new HashSet<>(command.getSubcommands().values()).forEach(MainTest::broken);
    }

    private static void helpOf(CommandLine command) {
        assertFalse(command.getUsageMessage().contains("%n"), command.getUsageMessage());
        new HashSet<>(command.getSubcommands().values()).forEach(MainTest::helpOf);
    }

    @Test
    void aPictureOfAnotherKindIsRefused() {
        assertEquals(2, run("thresholds", "docs/thresholds-example.csv", "--budget", "0.1", "--plot", "x.png"));
        assertEquals(
                "qexit: --plot is 'x.png'; expected a name that ends in .svg",
                err.toString().strip());
    }

    @Test
    void printsItsVersion() {
        assertEquals(0, run("--version"));
        assertTrue(out.toString().matches("qexit \\d+\\.\\d+\\.\\d+\\S*\\R"), out.toString());
    }

    @Test
    void aWrongCommandIsAUserErrorOfTwoLines() {
        assertEquals(2, run("optimise-everything"));
        assertEquals(2, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains("optimise-everything"));
    }

    @Test
    void doctorPrintsJson() {
        assertEquals(0, run("doctor", "--json"));
        Map<?, ?> facts = Json.parse("doctor", out.toString(), Map.class);
        assertEquals(Runtime.getRuntime().availableProcessors(), facts.get("cores"));
    }

    /** Found before the work: none of these inputs exists, and still the complaint is about the output. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "run missing.yaml --out FILE/run",
                "train missing.yaml --out FILE",
                "trace missing missing.yaml --out FILE/t.parquet",
                "calibrate missing missing.yaml --plot FILE/p.svg",
                "thresholds missing.parquet --plot DIRECTORY",
                "optimize missing.json --out DIRECTORY",
                "export missing --out FILE",
                "export missing --out new --zip DIRECTORY",
                "circuit draw missing.json --svg -o DIRECTORY",
                "circuit import missing.qasm -o FILE/x.json",
                "data show missing --png FILE/x.png",
                "data subset missing --train-per-class 1 --test-per-class 1 --seed 1 --out FILE",
                "bench gradients --csv FILE/x.csv",
                "bench allocation --family tight --size 4x2 --write FILE",
                "study missing.yaml --out FILE",
            })
    void outputsThatCannotBeWrittenAreFoundFirst(String command, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        Path directory = Files.createDirectory(folder.resolve("directory"));
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(new StringWriter())).setErr(new PrintWriter(err, true));
        int code = line.execute(command.replace("FILE", file.toString())
                .replace("DIRECTORY", directory.toString())
                .split(" "));
        assertEquals(2, code, err.toString());
        assertTrue(err.toString().contains("cannot be written"), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }
}
