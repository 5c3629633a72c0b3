package org.qexit.common;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A configuration with other values for some fields, as {@code --set a.b=c} gives them.
 *
 * @param file where it was read
 * @param text the file's own, or, where fields were set, JSON with their values
 * @param set the fields that were set, in order, as written
 */
public record ConfigText(Path file, String text, Map<String, String> set) {
    /** Of a file as it is. */
    public static ConfigText of(Path file) {
        return new ConfigText(file, readText(file), Map.of());
    }

    /**
     * Reads a file and sets fields. A value is what YAML makes of it, {@code 3}, {@code [1, 2]} or {@code {kind: step}}, and text where its
     * field takes text.
     *
     * @param assignments "path=value", steps of a path joined by dots, places of lists from 0 ({@code heads.2} or {@code heads[2]})
     * @param type what the whole is read as, which says whether fields exist and values fit
     * @throws UserError if they do not; it names the assignment
     */
    public static ConfigText of(Path file, List<String> assignments, Class<?> type) {
        ConfigText plain = of(file);
        if (assignments.isEmpty()) {
            return plain;
        }
        Map<String, String> set = new LinkedHashMap<>();
        for (String assignment : assignments) {
            int at = assignment.indexOf('=');
            if (at < 1) {
                throw new UserError("--set is '" + UserError.shown(assignment)
                        + "'; expected a field and its value, as in training.epochs=20");
            }
            // Places of lists also as messages have them: heads[2] is heads.2.
            set.put(
                    assignment.substring(0, at).strip().replaceAll("\\[(\\d+)\\]", ".$1"),
                    assignment.substring(at + 1).strip());
        }
        return plain.with(set, type);
    }

    private ConfigText with(Map<String, String> fields, Class<?> type) {
        Map<String, Object> values = new LinkedHashMap<>();
        fields.forEach((path, value) -> values.put(path, value(path, value)));
        List<String> texts = new ArrayList<>();
        while (true) {
            ConfigText changed = new ConfigText(file, Json.withValues("--set", text, values), fields);
            try {
                Json.parseYaml("--set", changed.text, type);
                return changed;
            } catch (UserError e) {
                String wanted = fields.keySet().stream()
                        .filter(path -> !texts.contains(path) && isNoText(path, e))
                        .findFirst()
                        .orElse(null);
                if (wanted == null) {
                    as(type);
                    // The file alone is fine, so what was set is not; its lines are no one's.
                    throw new UserError(e.getMessage().replaceFirst("^--set line \\d+", "--set"), e);
                }
                texts.add(wanted);
                values.put(wanted, fields.get(wanted));
            }
        }
    }

    private static Object value(String path, String text) {
        if (text.isEmpty()) {
            return "";
        }
        return Json.parseYaml("--set " + path, "value: " + text, Map.class).get("value");
    }

    /** Whether an error says of a field that it takes text. */
    private static boolean isNoText(String path, UserError e) {
        String field = path.replaceAll("\\.(\\d+)(?=\\.|$)", "[$1]");
        return e.getMessage().contains("field '" + field + "' ")
                && e.getMessage().endsWith("expected text");
    }

    /** The configuration. */
    public <T> T as(Class<T> type) {
        return Json.parseYaml(file.toString(), text, type);
    }

    /** Where the file lies. */
    public Path directory() {
        return file.toAbsolutePath().getParent();
    }

    /** The options that set the fields, as they are written on a command line. */
    public String options() {
        StringBuilder options = new StringBuilder();
        set.forEach((path, value) -> {
            String assignment = path + "=" + value;
            options.append(" --set ")
                    .append(
                            assignment.matches("[\\w.=+-]*")
                                    ? assignment
                                    : "'" + assignment.replace("'", "'\\''") + "'");
        });
        return options.toString();
    }

    private static String readText(Path file) {
        if (Files.isDirectory(file)) {
            throw new UserError(file + ": is a directory; expected a file");
        }
        if (!Files.exists(file)) {
            throw new UserError(file + ": no such file");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UserError(file + ": not readable: is not UTF-8 text", e);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
