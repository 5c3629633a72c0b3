package org.qexit.trace;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.qexit.common.UserError;

/** The names in a CSV file's first line. Read here and not guessed: a guess may skip lines that it cannot make sense of. */
final class CsvHeader {
    /** Enough for ten thousand exits. */
    private static final int LONGEST_LINE = 1 << 20;

    private CsvHeader() {}

    static boolean isPlain(Path file) {
        return name(file).endsWith(".csv");
    }

    static boolean isCompressed(Path file) {
        return name(file).endsWith(".csv.gz");
    }

    private static String name(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT);
    }

    /** @throws UserError if the line is too long, a quote is not closed or a name stands twice */
    static List<String> read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
                InputStream in = isCompressed(file) ? new GZIPInputStream(raw) : raw) {
            bytes = in.readNBytes(LONGEST_LINE);
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        List<String> names = names(file, text.startsWith("\uFEFF") ? text.substring(1) : text);
        for (int i = 0; i < names.size(); i++) {
            if (names.indexOf(names.get(i)) < i) {
                throw new UserError(file + ": column '" + names.get(i) + "' stands twice");
            }
        }
        return names;
    }

    private static List<String> names(Path file, String text) {
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c != '"') {
                    name.append(c);
                } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    name.append(c);
                    i++;
                } else {
                    quoted = false;
                }
            } else if (c == '"' && name.isEmpty()) {
                quoted = true;
            } else if (c == ',') {
                names.add(name.toString());
                name.setLength(0);
            } else if (c == '\n' || c == '\r') {
                names.add(name.toString());
                return names;
            } else {
                name.append(c);
            }
        }
        if (quoted || text.length() >= LONGEST_LINE) {
            throw new UserError(file + ": the first line does not end; expected the column names");
        }
        names.add(name.toString());
        return names;
    }
}
