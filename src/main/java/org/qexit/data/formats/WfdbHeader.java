package org.qexit.data.formats;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
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
    private static final double LEAST_GAIN = 1e-9;

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
     * @param scale what a digit is worth
     * @param checksum sum of all samples in 16 bits; 0 where the header may know none
     * @param lead description, may be of several words
     */
    record Signal(int line, String data, WfdbCoding coding, int offset, Scale scale, short checksum, String lead) {
        /** Whether its description is this lead, or has it among its words. */
        boolean has(String wanted) {
            return Arrays.asList(lead.split(" ")).contains(wanted);
        }
    }

    /**
     * What digits are worth.
     *
     * @param perUnit digits per physical unit; 0 where it is not known
     * @param baseline digits of 0 units
     * @param unit the physical unit
     */
    record Scale(double perUnit, double baseline, String unit) {
        boolean assumed() {
            return perUnit == 0;
        }
    }

    /** Digits per millivolt of a signal. */
    double perMillivolt(Signal signal) {
        Scale scale = signal.scale();
        Double millivolts = MILLIVOLTS.get(scale.unit());
        if (millivolts == null || scale.assumed() && millivolts != 1) {
            throw new UserError(file + " line " + signal.line() + ": signal '" + signal.lead() + "' is in "
                    + scale.unit()
                    + (millivolts == null
                            ? "; expected a voltage (mV, uV, nV or V)"
                            : " with gain 0; expected a gain"));
        }
        return scale.assumed() ? DEFAULT_GAIN : scale.perUnit() / millivolts;
    }

    static WfdbHeader read(Path file) {
        List<String> lines = new String(WfdbRecord.bytes(file), StandardCharsets.ISO_8859_1)
                .lines()
                .toList();
        List<Integer> told = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank() && !lines.get(i).strip().startsWith("#")) {
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
        String name = file.getFileName().toString().replaceFirst("\\.hea$", "");
        if (!first[0].equals(name)) {
            throw new UserError(file + " line " + line + ": is of record '" + first[0] + "'; expected '" + name + "'");
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
        if (!fields[0].matches("[A-Za-z0-9_][A-Za-z0-9_-]*(\\.[A-Za-z0-9]+)?")) {
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
        number(file, line, "ADC resolution", field(fields, 3), 0, MOST);
        double zero = number(file, line, "ADC zero", field(fields, 4), -MOST, MOST);
        number(file, line, "initial value", field(fields, 5), -MOST, MOST);
        // Some programs write it without a sign.
        int checksum = whole(file, line, "checksum", field(fields, 6), Short.MIN_VALUE, 0xffff);
        number(file, line, "block size", field(fields, 7), 0, MOST);
        String lead =
                fields.length < 9 ? "" : String.join(" ", Arrays.asList(fields).subList(8, fields.length));
        Scale scale = scale(file, line, field(fields, 2), zero);
        return new Signal(line, fields[0], coding, offset, scale, (short) checksum, lead);
    }

    private static Scale scale(Path file, int line, String text, double zero) {
        Matcher gain = GAIN.matcher(text);
        if (!gain.matches()) {
            throw new UserError(file + " line " + line + ": gain is '" + text
                    + "'; expected GAIN(BASELINE)/UNIT, such as 200(1024)/mV");
        }
        double perUnit = number(file, line, "gain", gain.group(1), -MOST, MOST);
        if (perUnit != 0 && Math.abs(perUnit) < LEAST_GAIN) {
            throw new UserError(
                    file + " line " + line + ": gain is '" + gain.group(1) + "'; expected 0 or at least " + LEAST_GAIN);
        }
        double baseline = gain.group(2) == null ? zero : number(file, line, "baseline", gain.group(2), -MOST, MOST);
        return new Scale(perUnit, baseline, gain.group(3) == null ? "mV" : gain.group(3));
    }

    /** The fields behind the format may be missing, from any on, and are then 0. */
    private static String field(String[] fields, int index) {
        return index < fields.length ? fields[index] : "0";
    }

    /**
     * The signal with this description, else the one that has it among its words, else the first.
     *
     * @throws UserError if several signals have it
     */
    int indexOf(String lead) {
        List<Integer> named = indices(signal -> signal.lead().equals(lead));
        if (named.isEmpty()) {
            named = indices(signal -> signal.has(lead));
        }
        if (named.size() > 1) {
            Signal second = signals.get(named.get(1));
            throw new UserError(file + " line " + second.line() + ": signal '" + second.lead()
                    + "' is another of lead " + lead + ", after line "
                    + signals.get(named.get(0)).line() + "; expected one");
        }
        return named.isEmpty() ? 0 : named.get(0);
    }

    private List<Integer> indices(Predicate<Signal> wanted) {
        return IntStream.range(0, signals.size())
                .filter(s -> wanted.test(signals.get(s)))
                .boxed()
                .toList();
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
