package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The page's example file and the commands on it work as written, in their order. */
class QuantumPageTest {
    @Test
    void commandsOfThePageWork(@TempDir Path folder) throws IOException {
        String page = Files.readString(Path.of("docs/quantum.md"));
        Matcher json = Pattern.compile("(?s)```json\n(.*?)```").matcher(page);
        assertTrue(json.find());
        Files.writeString(folder.resolve("circuits.json"), json.group(1));
        List<String> commands = page.lines()
                .filter(line -> line.startsWith("    qexit circuit"))
                .map(String::strip)
                .toList();
        assertEquals(8, commands.size());
        for (String command : commands) {
            String[] words = command.split(" ");
            String[] args = new String[words.length - 1];
            for (int i = 1; i < words.length; i++) {
                args[i - 1] = words[i].matches("circuits?\\.\\w+")
                        ? folder.resolve(words[i]).toString()
                        : words[i];
            }
            StringWriter err = new StringWriter();
            CommandLine line = Main.commandLine();
            line.setOut(new PrintWriter(new StringWriter())).setErr(new PrintWriter(err));
            assertEquals(0, line.execute(args), command + ": " + err);
        }
    }
}
