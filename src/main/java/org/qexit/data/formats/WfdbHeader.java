package org.qexit.data.formats;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qexit.common.UserError;

/**
 * What the header file of a PhysioNet record says, after header(5) of the WFDB manual: the record line, then a line per signal.
 *
 * @param file the header
 * @param samplesPerSecond sampling rate [Hz]; 250 where the record line names none
 * @param samples per signal, or 0 where the record line does not say
 * @param signals in the order in which their samples lie in the files
 */
record WfdbHeader(Path file, double samplesPerSecond, int samples, List<Signal> signals) {
    private static final int MOST_SIGNALS = 64;
    private static final double DEFAULT_RATE = 250;
    private static final double DEFAULT_GAIN = 200;
    private static final double MOST = 1e9;

    private static final Pattern FORMAT =
            Pattern.compile("(\\d{1,3})(?:x(\\d{1,6}))?(?::(\\d{1,9}))?(?:\\+(\\d{1,9}))?");
    private static final Pattern GAIN = Pattern.compile("([^(/]+)(?:\\(([^)]*)\\))?(?:/(.+))?");

    /** Millivolts per unit; the micro sign as Latin-1 and as UTF-8 write it, which here is read as Latin-1. */
    private static final Map<String, Double> MILLIVOLTS = Map.of(
            "mV", 1.0, "uV", 1e-3, "\u00b5V", 1e-3, "\u00c2\u00b5V", 1e-3, "\u00ce\u00bcV", 1e-3, "nV", 1e-6, "V", 1e3);

    /**
     * One signal.
     *
     * @param line of the header, from 1
     * @param data name of the file with its samples
     * @param coding how they are written
     * @param offset bytes before the first sample
     * @param perUnit digits per physical unit
     * @param baseline digits of 0 units
     * @param unit the physical unit
     * @param lead description, may be of several words
     */
    record Signal(
            int line,
            String data,
            WfdbCoding coding,
            int offset,
            double perUnit,
            double baseline,
            String unit,
            String lead) {
        /** Digits per millivolt. */
        double perMillivolt(Path header) {
            Double millivolts = MILLIVOLTS.get(unit);
            if (millivolts == null) {
                throw new UserError(header + " line " + line + ": signal '" + lead + "' is in " + unit
                        + "; expected a voltage (mV, uV, nV or V)");
            }
            return perUnit / millivolts;
        }
    }

    static WfdbHeader read(Path file) {
        List<String> lines = new String(WfdbRecord.bytes(file), StandardCharsets.ISO_8859_1)
                .lines()
                .toList();
        List<Integer> told = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank() && !lines.get(i).startsWith("#")) {
                told.add(i);
            }
        }
        if (told.isEmpty()) {
            throw new UserError(
                    file + ": holds no record line; expected name, number of signals, sampling rate, samples");
        }
        int line = told.get(0) + 1;
        String[] first = fields(file, line, lines.get(line - 1), 2);
        if (first[0].contains("/")) {
            throw new UserError(file + " line " + line + ": '" + first[0]
                    + "' is a record of several segments; expected one segment");
        }
        int signals = whole(file, line, "number of signals", first[1], 1, MOST_SIGNALS);
        double rate = first.length < 3
                ? DEFAULT_RATE
                : number(file, line, "sampling rate", first[2].split("[/(]", 2)[0], 1e-3, MOST);
        int samples = first.length < 4 ? 0 : whole(file, line, "number of samples", first[3], 0, Integer.MAX_VALUE / 2);
        if (told.size() - 1 < signals) {
            throw new UserError(file + ": " + (told.size() - 1) + " signal lines; expected " + signals);
        }
        List<Signal> described = new ArrayList<>();
        for (int s = 1; s <= signals; s++) {
            described.add(signal(file, told.get(s) + 1, lines.get(told.get(s))));
        }
        return new WfdbHeader(file, rate, samples, List.copyOf(described));
    }

    private static Signal signal(Path file, int line, String text) {
        String[] fields = fields(file, line, text, 2);
        String at = file + " line " + line + ": ";
        if (!fields[0].matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9]+)?")) {
            throw new UserError(at + "file '" + fields[0] + "'; expected a plain name");
        }
        Matcher format = FORMAT.matcher(fields[1]);
        if (!format.matches()) {
            throw new UserError(at + "format is '" + fields[1] + "'; expected a number such as 212");
        }
        WfdbCoding coding = WfdbCoding.of(format.group(1));
        if (coding == null) {
            throw new UserError(at + "file " + fields[0] + " is in format " + format.group(1) + "; expected one of "
                    + WfdbCoding.words());
        }
        if (format.group(2) != null && Integer.parseInt(format.group(2)) != 1) {
            throw new UserError(at + format.group(2) + " samples per frame; expected 1");
        }
        if (format.group(3) != null && Integer.parseInt(format.group(3)) != 0) {
            throw new UserError(at + "a skew of " + format.group(3) + " samples; expected none");
        }
        int offset = format.group(4) == null ? 0 : Integer.parseInt(format.group(4));
        double zero = fields.length < 5 ? 0 : number(file, line, "ADC zero", fields[4], -MOST, MOST);
        Matcher gain = GAIN.matcher(fields.length < 3 ? "0" : fields[2]);
        if (!gain.matches()) {
            throw new UserError(at + "gain is '" + fields[2] + "'; expected GAIN(BASELINE)/UNIT, such as 200(1024)/mV");
        }
        double perUnit = number(file, line, "gain", gain.group(1), -MOST, MOST);
        double baseline = gain.group(2) == null ? zero : number(file, line, "baseline", gain.group(2), -MOST, MOST);
        String unit = gain.group(3) == null ? "mV" : gain.group(3);
        String lead =
                fields.length < 9 ? "" : String.join(" ", Arrays.asList(fields).subList(8, fields.length));
        return new Signal(line, fields[0], coding, offset, perUnit == 0 ? DEFAULT_GAIN : perUnit, baseline, unit, lead);
    }

    /** The signal with this description, else one that has it among its words, else the first. */
    int indexOf(String lead) {
        for (int s = 0; s < signals.size(); s++) {
            if (signals.get(s).lead().equals(lead)) {
                return s;
            }
        }
        for (int s = 0; s < signals.size(); s++) {
            if (Arrays.asList(signals.get(s).lead().split(" ")).contains(lead)) {
                return s;
            }
        }
        return 0;
    }

    private static String[] fields(Path file, int line, String text, int least) {
        String[] fields = text.strip().split("\\s+");
        if (fields.length < least) {
            throw new UserError(file + " line " + line + ": " + fields.length + " fields; expected at least " + least);
        }
        return fields;
    }

    private static int whole(Path file, int line, String what, String text, int least, int most) {
        double value = number(file, line, what, text, least, most);
        if (value != Math.rint(value)) {
            throw new UserError(file + " line " + line + ": " + what + " is '" + text + "'; expected a whole number");
        }
        return (int) value;
    }

    private static double number(Path file, int line, String what, String text, double least, double most) {
        double value = PLAIN.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
        if (!(value >= least && value <= most)) {
            throw new UserError(
                    file + " line " + line + ": " + what + " is '" + text + "'; expected " + least + " to " + most);
        }
        return value;
    }

    private static final Pattern PLAIN = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");
}
