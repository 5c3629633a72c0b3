package org.qexit.data.formats;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.qexit.common.UserError;

/**
 * The beats that an annotation file in PhysioNet's MIT format names. The file is a row of 16-bit words, low byte first: six bits of
 * type and ten of the time since the annotation before. Type 59 says that the next two words, high one first, are a longer time; 60 to
 * 62 set fields that do not matter here; 63 is followed by that many bytes of text, padded to an even number; 0 ends the file.
 */
public final class WfdbAnnotations {
    private static final int SKIP = 59;
    private static final int TEXT = 63;

    /** Types of beats, with the symbols of PhysioNet. */
    private static final Map<Integer, String> BEATS = Map.ofEntries(
            Map.entry(1, "N"),
            Map.entry(2, "L"),
            Map.entry(3, "R"),
            Map.entry(4, "a"),
            Map.entry(5, "V"),
            Map.entry(6, "F"),
            Map.entry(7, "J"),
            Map.entry(8, "A"),
            Map.entry(9, "S"),
            Map.entry(10, "E"),
            Map.entry(11, "j"),
            Map.entry(12, "/"),
            Map.entry(13, "Q"),
            Map.entry(34, "e"),
            Map.entry(38, "f"));

    private WfdbAnnotations() {}

    /**
     * @param sample where the beat is, from 0
     * @param symbol its kind
     */
    public record Beat(int sample, String symbol) {}

    public static List<Beat> beats(Path file) {
        byte[] bytes = WfdbRecord.bytes(file);
        List<Beat> beats = new ArrayList<>();
        long time = 0;
        int at = 0;
        while (true) {
            int word = word(file, bytes, at);
            at += 2;
            int type = word >> 10;
            int value = word & 0x3ff;
            if (type == 0 && value == 0) {
                return beats;
            }
            if (type == SKIP) {
                // A negative step is legal, a negative time is not.
                time += word(file, bytes, at) << 16 | word(file, bytes, at + 2);
                at += 4;
            } else if (type == TEXT) {
                at += value + value % 2;
            } else if (type < SKIP) {
                time += value;
                if (BEATS.containsKey(type)) {
                    beats.add(new Beat(checked(file, at, time), BEATS.get(type)));
                }
            }
        }
    }

    private static int checked(Path file, int at, long time) {
        if (time < 0 || time > Integer.MAX_VALUE) {
            throw new UserError(file + " at byte " + (at - 2) + ": a beat at sample " + time + "; expected 0 to "
                    + Integer.MAX_VALUE);
        }
        return (int) time;
    }

    private static int word(Path file, byte[] bytes, int at) {
        if (at + 2 > bytes.length) {
            throw new UserError(file + " at byte " + bytes.length + ": ends within its annotations");
        }
        return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
    }
}
