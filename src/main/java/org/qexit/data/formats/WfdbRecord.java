package org.qexit.data.formats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.qexit.common.UserError;

/**
 * One signal of a record in the WaveForm DataBase format of PhysioNet: {@code NAME.hea} describes the signals, and the files it names
 * hold their samples in format 212, 16, 61 or 80, signal after signal at each time.
 *
 * @param name of the record
 * @param samplesPerSecond sampling rate [Hz]
 * @param lead description of the signal
 * @param millivolts samples in physical units [mV]; NaN where the file marks a sample as not valid
 * @param file that holds the samples
 * @param remarks what the reader should know, in words that follow the record's name
 */
public record WfdbRecord(
        String name, double samplesPerSecond, String lead, float[] millivolts, Path file, List<String> remarks) {
    /**
     * The signal with this description, else the one that has it among its words, else the first.
     *
     * @throws UserError for a file that is missing, damaged, or of a kind that is not read, with its line
     */
    public static WfdbRecord read(Path directory, String name, String lead) {
        WfdbHeader header = WfdbHeader.read(directory.resolve(name + ".hea"));
        int chosen = header.indexOf(lead);
        WfdbHeader.Signal signal = header.signals().get(chosen);
        List<Integer> sharing = sharing(header, signal);
        int together = sharing.size();
        int place = sharing.indexOf(chosen);
        Path file = directory.resolve(signal.data());
        byte[] bytes = bytes(file);
        WfdbCoding coding = signal.coding();
        long held = Math.max(0, bytes.length - signal.offset());
        int samples = header.samples() == 0 ? Math.toIntExact(coding.valuesIn(held) / together) : header.samples();
        long needed = coding.bytes((long) samples * together);
        if (samples == 0 || held < needed) {
            throw new UserError(file + ": " + held + " bytes of samples; expected "
                    + (samples == 0 ? "some" : needed + " for " + samples + " samples of " + together + " signals"));
        }
        double perMillivolt = header.perMillivolt(signal);
        float[] millivolts = new float[samples];
        boolean whole = true;
        short sum = 0;
        for (int t = 0; t < samples; t++) {
            int value = coding.value(bytes, signal.offset(), (long) t * together + place);
            sum += (short) value;
            whole &= !coding.isInvalid(value);
            millivolts[t] = coding.isInvalid(value)
                    ? Float.NaN
                    : (float) ((value - signal.scale().baseline()) / perMillivolt);
        }
        // Programs differ in what they add for a sample that is not valid.
        List<String> remarks = remarks(signal, lead, whole ? sum : signal.checksum());
        return new WfdbRecord(name, header.samplesPerSecond(), signal.lead(), millivolts, file, remarks);
    }

    private static List<String> remarks(WfdbHeader.Signal signal, String lead, short sum) {
        List<String> remarks = new ArrayList<>();
        if (!signal.has(lead)) {
            remarks.add("has no lead " + lead + "; its first signal is taken, '" + signal.lead() + "'");
        }
        if (signal.scale().assumed()) {
            remarks.add("does not tell its gain; 200 steps per mV are assumed, as PhysioNet says");
        }
        if (signal.checksum() != 0 && signal.checksum() != sum) {
            remarks.add("may be damaged: its samples sum to " + sum + ", and by line " + signal.line()
                    + " of its header to " + signal.checksum());
        }
        return List.copyOf(remarks);
    }

    /** Indices of the signals in the same file, which must follow each other: their samples lie in turns. */
    private static List<Integer> sharing(WfdbHeader header, WfdbHeader.Signal signal) {
        List<Integer> sharing = new ArrayList<>();
        for (int s = 0; s < header.signals().size(); s++) {
            WfdbHeader.Signal other = header.signals().get(s);
            if (!other.data().equals(signal.data())) {
                continue;
            }
            String at = header.file() + " line " + other.line() + ": file " + other.data();
            if (other.coding() != signal.coding() || other.offset() != signal.offset()) {
                throw new UserError(at + " in format " + other.coding().number() + " from byte " + other.offset()
                        + "; expected " + signal.coding().number() + " from byte " + signal.offset() + " as in line "
                        + signal.line());
            }
            if (!sharing.isEmpty() && sharing.get(sharing.size() - 1) != s - 1) {
                throw new UserError(
                        at + " again, after other files; expected the signals of a file one after the other");
            }
            sharing.add(s);
        }
        return sharing;
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
