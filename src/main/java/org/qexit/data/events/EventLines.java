package org.qexit.data.events;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.data.formats.PlainNumber;
import org.qexit.data.formats.TableHeader;

/**
 * Events from text, one per line: a JSON array of numbers (nested or flat), numbers separated by commas, or base64 of one byte per
 * value (levels 0 to 255) or of four (float32, little endian). Blank lines are skipped; a first line of names is a
 * header. A bad line is a bad event.
 */
public final class EventLines implements EventSource {
    /** Digits of a float, sign, point, exponent, separator and some white space. */
    private static final int CHARACTERS_PER_VALUE = 64;

    private static final int SMALLEST_LIMIT = 1 << 16;

    private final String name;
    private final InputStream in;
    private final EventFormat format;
    private final long longest;
    private long number;
    private boolean ended;

    private EventLines(String name, InputStream in, EventFormat format) {
        this.name = name;
        this.in = in instanceof BufferedInputStream ? in : new BufferedInputStream(in);
        this.format = format;
        this.longest = Math.max(SMALLEST_LIMIT, Math.min(1L << 28, (long) CHARACTERS_PER_VALUE * format.size()));
    }

    /** @param name stands for the stream in messages */
    public static EventLines of(String name, InputStream in, EventFormat format) {
        return new EventLines(name, in, format);
    }

    @Override
    public Optional<Event> next() {
        while (!ended) {
            String place = name + " line " + (number + 1);
            try {
                byte[] line = line();
                if (line == null) {
                    return Optional.empty();
                }
                String text = new String(line, StandardCharsets.UTF_8).strip();
                if (number == 1 && text.startsWith("\ufeff")) {
                    text = text.substring(1).strip();
                }
                if (text.isEmpty() || number == 1 && isHeader(text)) {
                    continue;
                }
                return Optional.of(Event.good(place, values(text)));
            } catch (IllegalArgumentException | UserError e) {
                return Optional.of(Event.bad(place, place + ": " + e.getMessage()));
            } catch (IOException e) {
                ended = true;
                return Optional.of(Event.bad(place, place + ": cannot be read: " + e.getMessage()));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        ended = true;
        try {
            in.close();
        } catch (IOException e) {
            throw new UserError(name + ": cannot be closed: " + e.getMessage(), e);
        }
    }

    /** The next line without its end; null at the end. A line that is too long is read to its end and not kept. */
    private byte[] line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long length = 0;
        int c = in.read();
        if (c < 0) {
            ended = true;
            return null;
        }
        number++;
        for (; c >= 0 && c != '\n'; c = in.read()) {
            if (++length <= longest) {
                line.write(c);
            }
        }
        if (length > longest) {
            throw new IllegalArgumentException(
                    "is " + length + " bytes long; expected at most " + longest + " for " + format.size() + " values");
        }
        return line.toByteArray();
    }

    private static boolean isHeader(String text) {
        if (text.startsWith("[") || !text.contains(",")) {
            return false;
        }
        return TableHeader.isNames(
                Arrays.stream(text.split(",", -1)).map(EventLines::unquoted).toList());
    }

    private static String unquoted(String field) {
        return field.strip().replaceAll("^\"|\"$", "");
    }

    private float[] values(String text) {
        if (text.startsWith("[")) {
            List<?> list = Json.parse("JSON", text, List.class);
            float[] values = new float[format.size()];
            checkCount(flatten(list, values, 0));
            checkNesting(list);
            return scaled(values);
        }
        return text.contains(",") || parse(text) != null && format.size() == 1 ? row(text) : base64(text);
    }

    private int flatten(List<?> list, float[] values, int from) {
        int at = from;
        for (Object item : list) {
            if (item instanceof List<?> inner) {
                at = flatten(inner, values, at);
            } else if (item instanceof Number value) {
                if (at < values.length) {
                    values[at] = value.floatValue();
                }
                at++;
            } else {
                throw new IllegalArgumentException("value " + at + " is "
                        + (item instanceof String s ? "'" + shown(s) + "'" : item) + "; expected a number");
            }
        }
        return at;
    }

    /** Nested arrays say a shape, which must be the event's. */
    private void checkNesting(List<?> list) {
        List<Integer> dims = new ArrayList<>();
        Object first = list;
        while (first instanceof List<?> inner) {
            dims.add(inner.size());
            first = inner.isEmpty() ? null : inner.get(0);
        }
        int[] sizes = dims.stream().mapToInt(Integer::intValue).toArray();
        if (!isNested(list, sizes, 0)) {
            throw new IllegalArgumentException("is a ragged array; expected " + format.shape());
        }
        if (!format.accepts(sizes)) {
            throw new IllegalArgumentException("is an array of "
                    + dims.stream().map(String::valueOf).collect(Collectors.joining(" x ")) + "; expected "
                    + format.shape());
        }
    }

    private static boolean isNested(List<?> list, int[] sizes, int depth) {
        return list.size() == sizes[depth]
                && list.stream()
                        .allMatch(item -> item instanceof List<?> inner
                                ? depth + 1 < sizes.length && isNested(inner, sizes, depth + 1)
                                : depth + 1 == sizes.length);
    }

    private float[] row(String text) {
        String[] fields = text.split(",", -1);
        Integer ignored = format.ignoredColumn();
        checkCount(ignored == null ? fields.length : fields.length - 1);
        float[] values = new float[format.size()];
        for (int column = 0, i = 0; column < fields.length; column++) {
            if (ignored != null && column == ignored) {
                continue;
            }
            Float value = parse(fields[column]);
            if (value == null) {
                throw new IllegalArgumentException(
                        "column " + (column + 1) + " is '" + shown(fields[column].strip()) + "'; expected a number");
            }
            values[i++] = value;
        }
        return scaled(values);
    }

    private float[] base64(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + shown(text) + "' is neither a JSON array nor numbers separated by commas nor base64", e);
        }
        if (bytes.length == format.size()) {
            return format.ofLevels(bytes);
        }
        if (bytes.length != Float.BYTES * (long) format.size()) {
            throw new IllegalArgumentException("base64 of " + bytes.length + " bytes; expected " + format.size()
                    + " levels or " + Float.BYTES * (long) format.size() + " bytes of float32 for " + format.shape());
        }
        float[] values = new float[format.size()];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        format.checkRange(values, format.maximum());
        return values;
    }

    private void checkCount(int count) {
        if (count != format.size()) {
            throw new IllegalArgumentException("has " + count + " values; expected " + format.shape());
        }
    }

    private float[] scaled(float[] values) {
        if (!format.levels()) {
            format.checkRange(values, format.maximum());
            return values;
        }
        format.checkRange(values, EventFormat.MOST_LEVEL);
        for (int i = 0; i < values.length; i++) {
            values[i] *= format.perLevel();
        }
        return values;
    }

    private static Float parse(String field) {
        String text = field.strip();
        return PlainNumber.is(text) ? Float.valueOf(text) : null;
    }

    private static String shown(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= 40 ? clean : clean.substring(0, 37) + "...";
    }
}
