package org.qexit.data.formats;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.qexit.common.UserError;

/**
 * The beats that an annotation file in PhysioNet's MIT format names. The file is a row of 16-bit words, low byte first: six bits of
 * type and ten of the time since the annotation before. Type 59 says that the next two words, high one first, are a longer time; 60 to
 * 62 set fields that do not matter here; 63 is followed by that many bytes of text, padded to an even number; 0 ends the file.
 * Times count samples, unless a note at time 0 says {@code ## time resolution: R}: then they count 1/R s.
 *
 * @param beats in the order of the file
 * @param ignoredBytes behind the end, if any of them is not 0
 */
public record WfdbAnnotations(List<WfdbAnnotations.Beat> beats, int ignoredBytes) {
    private static final int SKIP = 59;
    private static final int TEXT = 63;
    private static final int NOTE = 22;
    private static final String RESOLUTION = "## time resolution:";

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

    /** With one of them a file of the American Heart Association begins, behind a byte 0: wfdbio of the WFDB library. */
    private static final String AHA_CODES = "NVFEPQORU";

    /**
     * @param sample where the beat is, from 0
     * @param symbol its kind
     */
    public record Beat(int sample, String symbol) {}

    /**
     * Reads a file.
     *
     * @param samplesPerSecond of the record [Hz]
     * @throws UserError for a damaged file, or one of another format
     */
    public static WfdbAnnotations read(Path file, double samplesPerSecond) {
        byte[] bytes = WfdbRecord.bytes(file);
        if (bytes.length > 1 && bytes[0] == 0 && AHA_CODES.indexOf(bytes[1]) >= 0) {
            throw new UserError(file + ": is an annotation file in AHA format; expected MIT format");
        }
        List<Beat> beats = new ArrayList<>();
        double samplesPerStep = 1;
        boolean note = false;
        long time = 0;
        int at = 0;
        while (true) {
            int word = word(file, bytes, at);
            at += 2;
            int type = word >> 10;
            int value = word & 0x3ff;
            if (type == 0 && value == 0) {
                return new WfdbAnnotations(List.copyOf(beats), ignored(bytes, at));
            }
            if (type == SKIP) {
                // A negative step is legal, a negative time is not.
                time += word(file, bytes, at) << 16 | word(file, bytes, at + 2);
                at += 4;
            } else if (type == TEXT) {
                if (at + value > bytes.length) {
                    throw new UserError(file + " at byte " + at + ": ends within a text of " + value + " bytes");
                }
                if (note && time == 0) {
                    String text = new String(bytes, at, value, StandardCharsets.ISO_8859_1);
                    samplesPerStep = samplesPerStep(file, text, samplesPerSecond, samplesPerStep);
                }
                at += value + value % 2;
            } else if (type < SKIP) {
                time += value;
                note = type == NOTE;
                if (BEATS.containsKey(type)) {
                    beats.add(new Beat(checked(file, at, time, samplesPerStep), BEATS.get(type)));
                }
            }
        }
    }

    private static int ignored(byte[] bytes, int end) {
        for (int i = end; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                return bytes.length - end;
            }
        }
        return 0;
    }

    private static double samplesPerStep(Path file, String text, double samplesPerSecond, double before) {
        if (!text.startsWith(RESOLUTION)) {
            return before;
        }
        String given = text.substring(RESOLUTION.length()).replace('\0', ' ').strip();
        double stepsPerSecond = given.matches("\\d{1,9}(\\.\\d{1,9})?") ? Double.parseDouble(given) : 0;
        if (!(stepsPerSecond > 0)) {
            throw new UserError(file + ": its time resolution is '" + given + "'; expected steps per second");
        }
        return samplesPerSecond / stepsPerSecond;
    }

    private static int checked(Path file, int at, long time, double samplesPerStep) {
        double sample = Math.rint(time * samplesPerStep);
        if (!(sample >= 0 && sample <= Integer.MAX_VALUE)) {
            throw new UserError(file + " at byte " + (at - 2) + ": a beat at sample " + (long) sample
                    + "; expected 0 to " + Integer.MAX_VALUE);
        }
        return (int) sample;
    }

    private static int word(Path file, byte[] bytes, int at) {
        if (at + 2 > bytes.length) {
            throw new UserError(file + " at byte " + bytes.length + ": ends within its annotations");
        }
        return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
    }
}
