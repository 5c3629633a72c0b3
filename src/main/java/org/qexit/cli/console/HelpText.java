package org.qexit.cli.console;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/**
 * Texts below a command's options, broken so that they fit: examples between words, with a backslash, what they are for on a line of its own.
 * The library would break them behind any dot or hyphen, in the middle of a file's name.
 */
public final class HelpText {
    private static final int WIDTH = 80;

    /** Blanks before an example; its further lines have more. */
    private static final int EXAMPLE = 2;

    private HelpText() {}

    /** Breaks the texts of a command and of those below it. */
    public static void fit(CommandLine command) {
        CommandLine.Model.UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        List<String> lines = new ArrayList<>();
        for (String line : usage.footer()) {
            lines.addAll(fitted(line));
        }
        usage.footer(lines.toArray(String[]::new));
        command.getSubcommands().values().stream().distinct().forEach(HelpText::fit);
    }

    static List<String> fitted(String line) {
        if (length(line) < WIDTH) {
            return List.of(line);
        }
        String text = line.stripLeading();
        String indent = line.substring(0, line.length() - text.length());
        if (indent.isEmpty()) {
            return broken("", text, "", "");
        }
        String more = indent.length() > EXAMPLE ? indent : indent + "    ";
        String[] parts = text.split(" {2,}", 2);
        boolean goesOn = parts[0].endsWith(" \\");
        List<String> lines = new ArrayList<>(broken(
                indent, goesOn ? parts[0].substring(0, parts[0].length() - 2) : parts[0], more, " \\"));
        if (goesOn) {
            lines.set(lines.size() - 1, lines.get(lines.size() - 1) + " \\");
        }
        if (parts.length > 1) {
            lines.addAll(broken(more, parts[1], more, ""));
        }
        return lines;
    }

    /** Between words, but not between an option and its value; {@code end} stands at the end of each line but the last. */
    private static List<String> broken(String indent, String text, String next, String end) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(indent);
        boolean begun = false;
        for (String word : text.split(end.isEmpty() ? " " : " (?=-)|(?<! --?\\S{1,40}) (?!-)")) {
            if (begun && length(line + " " + word + end) >= WIDTH) {
                lines.add(line + end);
                line = new StringBuilder(next).append(word);
            } else {
                line.append(begun ? " " : "").append(word);
            }
            begun = true;
        }
        lines.add(line.toString());
        return lines;
    }

    /** On the screen: two per cent signs stand for one, a line end for none. */
    private static int length(String text) {
        return text.replace("%%", "%").replace("%n", "").length();
    }
}
