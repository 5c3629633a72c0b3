package org.qexit.data.formats;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.qexit.common.UserError;

/**
 * One signal of a record in the WaveForm DataBase format of PhysioNet: {@code NAME.hea} names the signals, and {@code NAME.dat} holds
 * them in format 212, two samples of 12 bits in three bytes, signal after signal at each time.
 *
 * @param name of the record
 * @param samplesPerSecond sampling rate [Hz]
 * @param lead description of the signal
 * @param millivolts samples in physical units [mV]
 */
public record WfdbRecord(String name, double samplesPerSecond, String lead, float[] millivolts) {
    private static final int MOST_SIGNALS = 64;
    private static final double DEFAULT_GAIN = 200;

    /** The signal with this description, or the first if no signal has it. */
    public static WfdbRecord read(Path directory, String name, String lead) {
        Path header = directory.resolve(name + ".hea");
        List<String> lines = lines(header);
        String[] first = fields(header, lines, 0, 4);
        int signals = (int) number(header, 1, "number of signals", first[1], 1, MOST_SIGNALS);
        double rate = number(header, 1, "sampling rate", first[2].split("/")[0], 1e-3, 1e9);
        int samples = (int) number(header, 1, "number of samples", first[3], 1, Integer.MAX_VALUE / 2);
        String file = null;
        int chosen = 0;
        List<String[]> described = new ArrayList<>();
        for (int s = 0; s < signals; s++) {
            String[] signal = fields(header, lines, s + 1, 5);
            if (file != null && !signal[0].equals(file) || !signal[1].equals("212")) {
                throw new UserError(header + " line " + (s + 2) + ": file " + signal[0] + " in format " + signal[1]
                        + "; expected format 212 and one file for all signals");
            }
            file = signal[0];
            described.add(signal);
            if (signal.length > 8
                    && signal[8].equals(lead)
                    && !lead(described.get(chosen)).equals(lead)) {
                chosen = s;
            }
        }
        if (!file.matches("[A-Za-z0-9_-]+\\.[A-Za-z0-9]+")) {
            throw new UserError(header + " line 2: file '" + file + "'; expected a plain name");
        }
        String[] signal = described.get(chosen);
        double gain = number(header, chosen + 2, "gain", signal[2].split("[(/]")[0], 0, 1e9);
        double zero = number(header, chosen + 2, "ADC zero", signal[4], -1e6, 1e6);
        byte[] bytes = bytes(directory.resolve(file));
        long values = (long) samples * signals;
        if (bytes.length < (values * 3 + 1) / 2) {
            throw new UserError(directory.resolve(file) + ": " + bytes.length + " bytes; expected "
                    + (values * 3 + 1) / 2 + " for " + samples + " samples of " + signals + " signals");
        }
        float[] millivolts = new float[samples];
        for (int t = 0; t < samples; t++) {
            millivolts[t] =
                    (float) ((value(bytes, (long) t * signals + chosen) - zero) / (gain == 0 ? DEFAULT_GAIN : gain));
        }
        return new WfdbRecord(name, rate, lead(signal), millivolts);
    }

    private static String lead(String[] signal) {
        return signal.length > 8 ? signal[8] : "";
    }

    /** Value {@code index} of format 212, in two's complement. */
    static int value(byte[] bytes, long index) {
        int at = Math.toIntExact(index / 2 * 3);
        int value = index % 2 == 0
                ? (bytes[at] & 0xff) | (bytes[at + 1] & 0x0f) << 8
                : (bytes[at + 2] & 0xff) | (bytes[at + 1] & 0xf0) << 4;
        return value << 20 >> 20;
    }

    private static String[] fields(Path file, List<String> lines, int line, int least) {
        String[] fields = line < lines.size() ? lines.get(line).strip().split("\\s+") : new String[0];
        if (fields.length < least) {
            throw new UserError(
                    file + " line " + (line + 1) + ": " + fields.length + " fields; expected at least " + least);
        }
        return fields;
    }

    private static double number(Path file, int line, String what, String text, double least, double most) {
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            value = Double.NaN;
        }
        if (!(value >= least && value <= most)) {
            throw new UserError(
                    file + " line " + line + ": " + what + " is '" + text + "'; expected " + least + " to " + most);
        }
        return value;
    }

    private static List<String> lines(Path file) {
        return new String(bytes(file), StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .toList();
    }

    public static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new UserError(file + ": no such file", e);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
