package org.qexit.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Spoils files: bit by bit, at sizes, and by what stands for a value in JSON, YAML, CSV and QASM. */
final class Mutator {
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");
    private static final Pattern STRING = Pattern.compile("\"[^\"\\n]{0,80}\"");
    private static final Pattern LINE = Pattern.compile("(?m)^.*\\n?");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z_0-9.]*");
    private static final List<String> NUMBERS = List.of(
            "0",
            "-1",
            "1",
            "-0.0",
            "1e999",
            "-1e999",
            "1e-320",
            "NaN",
            "Infinity",
            ".inf",
            "0.1",
            "2",
            "64",
            "255",
            "65536",
            "2147483647",
            "2147483648",
            "-2147483648",
            "4294967296",
            "9223372036854775807",
            "9223372036854775808",
            "1e18",
            "1000000",
            "null",
            "true",
            "\"\"",
            "\"x\"",
            "[]",
            "{}",
            "[1]",
            "{\"a\":1}",
            "0x10",
            "1.5",
            "",
            "~");
    private static final List<String> STRINGS = List.of(
            "\"\"",
            "\"../../evil\"",
            "\"/tmp/evil\"",
            "\"\\u0000\"",
            "\"never\"",
            "\"a\\nb\"",
            "\" \"",
            "\"NaN\"",
            "\"\\ud800\"",
            "\"%s%n\"",
            "null",
            "1",
            "[]",
            "{}",
            "true");
    private static final List<String> JUNK = List.of(
            "[[[[[[[[",
            "{\"a\":",
            "\u0000",
            "\ufeff",
            "\n",
            ",",
            "\"",
            "'",
            "#",
            "&a [*a, *a]",
            "!!java.io.File [x]",
            "---\n",
            ": ",
            "}",
            "]",
            "\r",
            "\t",
            "\u2028",
            "\ud83d\ude00",
            "<",
            "%s",
            ";",
            "(",
            "-- ",
            "*x",
            "? ");
    private static final long[] SIZES = {
        0, 1, -1, 127, 128, 255, 256, 0x7fff, 0xffff, 0x7fffffffL, 0x80000000L, 0xffffffffL
    };

    private final SplittableRandom random;

    Mutator(SplittableRandom random) {
        this.random = random;
    }

    /** One to four mutations in a row. */
    byte[] mutate(byte[] seed, boolean text) {
        byte[] bytes = seed;
        int times = 1 + random.nextInt(random.nextInt(4) + 1);
        for (int i = 0; i < times; i++) {
            bytes = text && random.nextInt(4) > 0 ? ofText(bytes) : ofBytes(bytes);
        }
        return bytes;
    }

    private byte[] ofText(byte[] bytes) {
        // Latin-1 keeps every byte.
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return (switch (random.nextInt(9)) {
                    case 0, 1, 2 -> replaced(text, NUMBER, pick(NUMBERS));
                    case 3 -> replaced(text, STRING, pick(STRINGS));
                    case 4 -> replaced(text, LINE, "");
                    case 5 -> replaced(text, WORD, pick(NUMBERS));
                    case 6 -> doubled(text, random.nextBoolean() ? LINE : STRING);
                    case 7 -> inserted(text, pick(JUNK).repeat(1 + random.nextInt(random.nextInt(200) + 1)));
                    default -> swapped(text, random.nextBoolean() ? NUMBER : STRING);
                })
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] ofBytes(byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        byte[] copy = bytes.clone();
        // Headers stand at the beginning, directories at the end.
        int at = switch (random.nextInt(3)) {
            case 0 -> random.nextInt(Math.min(64, bytes.length));
            case 1 -> bytes.length - 1 - random.nextInt(Math.min(256, bytes.length));
            default -> random.nextInt(bytes.length);
        };
        switch (random.nextInt(7)) {
            case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> copy[at] = (byte) random.nextInt(256);
            case 2 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 3 -> size(copy, at);
            case 4 -> {
                int length = random.nextInt(Math.min(64, bytes.length - at) + 1);
                System.arraycopy(bytes, at + length, copy, at, bytes.length - at - length);
                return Arrays.copyOf(copy, bytes.length - length);
            }
            case 5 -> {
                int length = random.nextInt(Math.min(64, bytes.length - at) + 1);
                byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
                System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
                return longer;
            }
            default -> {
                byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(16));
                random.nextBytes(copy);
                System.arraycopy(copy, 0, longer, bytes.length, Math.min(copy.length, longer.length - bytes.length));
                return longer;
            }
        }
        return copy;
    }

    /** Writes 2, 4 or 8 bytes of either order. */
    private void size(byte[] bytes, int at) {
        long value = SIZES[random.nextInt(SIZES.length)];
        int width = 2 << random.nextInt(3);
        boolean bigEndian = random.nextBoolean();
        for (int i = 0; i < width && at + i < bytes.length; i++) {
            bytes[at + i] = (byte) (value >> 8 * (bigEndian ? width - 1 - i : i));
        }
    }

    private String replaced(String text, Pattern pattern, String with) {
        MatchResult match = any(text, pattern);
        return match == null ? text : text.substring(0, match.start()) + with + text.substring(match.end());
    }

    private String doubled(String text, Pattern pattern) {
        MatchResult match = any(text, pattern);
        return match == null ? text : text.substring(0, match.end()) + match.group() + text.substring(match.end());
    }

    private String swapped(String text, Pattern pattern) {
        MatchResult one = any(text, pattern);
        return one == null ? text : replaced(text, pattern, one.group());
    }

    private String inserted(String text, String junk) {
        int at = random.nextInt(text.length() + 1);
        return text.substring(0, at)
                + new String(junk.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)
                + text.substring(at);
    }

    private MatchResult any(String text, Pattern pattern) {
        // From a random place on, so that long files cost no more than short ones.
        int from = text.isEmpty() || random.nextInt(4) == 0 ? 0 : random.nextInt(text.length());
        var matcher = pattern.matcher(text);
        int skip = random.nextInt(4);
        MatchResult last = null;
        for (int at = from; at <= text.length() && matcher.find(at); at = Math.max(matcher.end(), at + 1)) {
            last = matcher.toMatchResult();
            if (skip-- == 0) {
                break;
            }
        }
        return last;
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
