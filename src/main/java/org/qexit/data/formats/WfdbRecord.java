package org.qexit.data.formats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.qexit.common.UserError;

/**
 * One signal of a record in the WaveForm DataBase format of PhysioNet: {@code NAME.hea} describes the signals, and the files it names
 * hold their samples in format 212, 16, 61 or 80, signal after signal at each time.
 *
 * @param name of the record
 * @param samplesPerSecond sampling rate [Hz]
 * @param lead description of the signal
 * @param millivolts samples in physical units [mV]; NaN where the file marks a sample as not valid
 */
public record WfdbRecord(String name, double samplesPerSecond, String lead, float[] millivolts) {
    /**
     * The signal with this description, else one that has it among its words, else the first.
     *
     * @throws UserError for a file that is missing, damaged, or of a kind that is not read, with its line
     */
    public static WfdbRecord read(Path directory, String name, String lead) {
        WfdbHeader header = WfdbHeader.read(directory.resolve(name + ".hea"));
        int chosen = header.indexOf(lead);
        WfdbHeader.Signal signal = header.signals().get(chosen);
        int first = chosen;
        while (first > 0 && sharesFile(header, first - 1, signal)) {
            first--;
        }
        int end = chosen + 1;
        while (end < header.signals().size() && sharesFile(header, end, signal)) {
            end++;
        }
        int together = end - first;
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
        double perMillivolt = signal.perMillivolt(header.file());
        float[] millivolts = new float[samples];
        for (int t = 0; t < samples; t++) {
            int value = coding.value(bytes, signal.offset(), (long) t * together + chosen - first);
            millivolts[t] = coding.isInvalid(value) ? Float.NaN : (float) ((value - signal.baseline()) / perMillivolt);
        }
        return new WfdbRecord(name, header.samplesPerSecond(), signal.lead(), millivolts);
    }

    /** Neighbours with the same file name lie in it together. */
    private static boolean sharesFile(WfdbHeader header, int index, WfdbHeader.Signal signal) {
        WfdbHeader.Signal other = header.signals().get(index);
        if (!other.data().equals(signal.data())) {
            return false;
        }
        if (other.coding() != signal.coding() || other.offset() != signal.offset()) {
            throw new UserError(header.file() + " line " + other.line() + ": file " + other.data() + " in format "
                    + other.coding().number() + " from byte " + other.offset() + "; expected "
                    + signal.coding().number() + " from byte " + signal.offset() + " as in line " + signal.line());
        }
        return true;
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
