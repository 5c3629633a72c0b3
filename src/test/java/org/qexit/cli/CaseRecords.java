package org.qexit.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.qexit.data.catalog.HeartBeats;

/**
 * Tiny records of all patients: 700 samples of one lead, a sine of 1 mV, with beats N at 200, V at 400, A at 500. Record 100 says the same
 * in another way.
 */
final class CaseRecords {
    private static final int SAMPLES = 700;
    private static final Record PLAIN =
            new Record("212 200 11 1024 0 0 0 MLII", format212(digital(200, 1024)), beats(1));

    private CaseRecords() {}

    /** @param signals lines of the header, without the file's name */
    private record Record(List<String> signals, byte[] samples, byte[] annotations) {
        Record(String signal, byte[] samples, byte[] annotations) {
            this(List.of(signal), samples, annotations);
        }
    }

    /** @param kind what is different about record 100 */
    static Path write(String kind, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String name : Stream.concat(HeartBeats.TRAIN.stream(), HeartBeats.TEST.stream())
                .toList()) {
            Record record = name.equals("100") ? variant(kind) : PLAIN;
            StringBuilder header = new StringBuilder(name + " " + record.signals.size() + " 360 " + SAMPLES + "\n");
            record.signals.forEach(
                    signal -> header.append(name).append(".dat ").append(signal).append('\n'));
            Files.writeString(folder.resolve(name + ".hea"), header);
            Files.write(folder.resolve(name + ".dat"), record.samples);
            Files.write(folder.resolve(name + ".atr"), record.annotations);
        }
        return folder;
    }

    private static Record variant(String kind) {
        return switch (kind) {
            case "plain" -> PLAIN;
            case "baseline" -> new Record("212 200(-300)/mV 12 0 0 0 0 MLII", format212(digital(200, -300)), beats(1));
            case "microvolts" -> new Record("212 0.2/uV 11 1024 0 0 0 MLII", PLAIN.samples, beats(1));
            case "time-resolution" -> new Record(PLAIN.signals, PLAIN.samples, twiceAsFine());
            case "invalid-samples" -> {
                int[] gap = digital(200, 1024);
                for (int t = 150; t < 160; t++) {
                    gap[t] = -2048;
                }
                yield new Record(PLAIN.signals, format212(gap), beats(1));
            }
            case "lead-after-word" ->
                new Record(
                        List.of("212 200 11 1024 0 0 0 ECG V5", "212 200 11 1024 0 0 0 ECG MLII"),
                        format212(besideAnother(digital(200, 1024))),
                        beats(1));
            case "format-16" -> new Record("16 200 16 0 0 0 0 MLII", words(digital(200, 0)), beats(1));
            case "no-end-mark" ->
                new Record(PLAIN.signals, PLAIN.samples, java.util.Arrays.copyOf(PLAIN.annotations, 6));
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static int[] digital(int gain, int zero) {
        int[] values = new int[SAMPLES];
        for (int t = 0; t < SAMPLES; t++) {
            values[t] = (int) Math.rint(Math.sin(t / 40.0) * gain) + zero;
        }
        return values;
    }

    private static int[] besideAnother(int[] lead) {
        int[] both = new int[2 * lead.length];
        for (int t = 0; t < lead.length; t++) {
            both[2 * t] = 1500;
            both[2 * t + 1] = lead[t];
        }
        return both;
    }

    /** Two samples of 12 bits in three bytes. */
    private static byte[] format212(int[] values) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int t = 0; t < values.length; t += 2) {
            out.write(values[t]);
            out.write(values[t] >> 8 & 0xf | (values[t + 1] >> 8 & 0xf) << 4);
            out.write(values[t + 1]);
        }
        return out.toByteArray();
    }

    private static byte[] words(int... words) {
        ByteBuffer out = ByteBuffer.allocate(2 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            out.putShort((short) word);
        }
        return out.array();
    }

    private static int annotation(int kind, int step) {
        return kind << 10 | step;
    }

    /** @param fineness ticks per sample */
    private static byte[] beats(int fineness) {
        return words(annotation(1, 200 * fineness), annotation(5, 200 * fineness), annotation(8, 100 * fineness), 0);
    }

    private static byte[] twiceAsFine() {
        String note = "## time resolution: 720\0";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(words(annotation(22, 0), annotation(63, note.length() - 1)));
        out.writeBytes(note.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(beats(2));
        return out.toByteArray();
    }
}
