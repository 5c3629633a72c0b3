package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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
}
