package org.qexit.trace;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.qexit.common.UserError;

/** The names in a CSV file's first line. Read here and not guessed: a guess may skip lines that it cannot make sense of. */
final class CsvHeader {
    /** Enough for ten thousand exits. */
    private static final int LONGEST_LINE = 1 << 20;

    private static final Pattern OURS = Pattern.compile("device|event|label|c[1-9][0-9]*|p[1-9][0-9]*_[0-9]+");
    /** Ours too, unless another program has several of the name. */
    private static final List<String> ORIGINS = List.of(TraceColumns.CLASS, TraceColumns.SOURCE);

    private static final String OTHER = "#";

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

    /**
     * Names of the columns. Those of other programs (an index without a name, an empty last column, two of one name) get a mark and
     * a number in front, so that all names differ.
     *
     * @throws UserError if the line is too long, a quote is not closed or one of the format's names stands twice
     */
    static List<String> read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = open(file)) {
            bytes = in.readNBytes(LONGEST_LINE);
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        List<String> names = names(file, text.startsWith("\uFEFF") ? text.substring(1) : text);
        List<String> asWritten = List.copyOf(names);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i).strip();
            if (ORIGINS.contains(name) && once(asWritten, name)) {
                names.set(i, name);
            } else if (OURS.matcher(name).matches()) {
                if (!seen.add(name)) {
                    throw new UserError(file + ": column '" + name + "' stands twice");
                }
                names.set(i, name);
            } else {
                names.set(i, OTHER + (i + 1) + (name.isEmpty() ? "" : " " + name));
            }
        }
        return names;
    }

    private static boolean once(List<String> names, String name) {
        return names.stream().filter(other -> other.strip().equals(name)).count() == 1;
    }

    /** What an error message calls a column. */
    static String shown(String name) {
        return name.replaceFirst("^" + OTHER + "[0-9]+ ?", "");
    }

    /** The file's bytes, unpacked if need be. */
    static InputStream open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        try {
            return isCompressed(file) ? new GZIPInputStream(raw) : raw;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
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
