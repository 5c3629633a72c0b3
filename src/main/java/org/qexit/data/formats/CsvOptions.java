package org.qexit.data.formats;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How a table of images reads.
 *
 * @param label name of the label column, or its number from 0; null means the one called label, class, target or y, else the
 *     first
 * @param shape channels, height, width; null means one row of all pixel columns, or a square if their number is one
 * @param range what pixel values are; null means {@link Range#BYTE}, or {@link Range#UNIT} beside a scale
 * @param ignore names or numbers from 0 of columns that are neither label nor pixels; null means none
 * @param scale least and greatest value of every pixel column, or one pair for all of them; they become 0 and 1, what lies beyond is cut;
 *     null means that values are as {@code range} says
 * @param separator between fields: a comma, semicolon or tab; null means a comma
 */
public record CsvOptions(
        String label,
        List<Integer> shape,
        Range range,
        List<String> ignore,
        List<List<Double>> scale,
        String separator) {
    private static final Set<String> SEPARATORS = Set.of(",", ";", "\t");

    public static final CsvOptions DEFAULT = new CsvOptions(null, null, null);

    /** A table of pixels and a label, separated by commas. */
    public CsvOptions(String label, List<Integer> shape, Range range) {
        this(label, shape, range, null, null, null);
    }

    public CsvOptions {
        if (scale != null) {
            scale = List.copyOf(scale);
            scale.forEach(CsvOptions::checkPair);
            if (scale.isEmpty() || range == Range.BYTE) {
                throw new IllegalArgumentException(
                        "scale is " + scale + "; expected pairs of least and greatest, and no range byte beside them");
            }
        }
        range = range == null ? (scale == null ? Range.BYTE : Range.UNIT) : range;
        if (shape != null) {
            shape = List.copyOf(shape);
            if (shape.size() != 3 || shape.stream().anyMatch(s -> s < 1)) {
                throw new IllegalArgumentException(
                        "shape is " + shape + "; expected three numbers >= 1: channels, height, width");
            }
        }
        ignore = ignore == null ? List.of() : List.copyOf(ignore);
        separator = separator == null ? "," : separator;
        if (!SEPARATORS.contains(separator)) {
            throw new IllegalArgumentException(
                    "separator is '" + separator + "'; expected a comma, a semicolon or a tab");
        }
    }

    private static void checkPair(List<Double> pair) {
        if (pair.size() != 2
                || !(pair.get(0) < pair.get(1))
                || !Double.isFinite(pair.get(0))
                || !Double.isFinite(pair.get(1))) {
            throw new IllegalArgumentException("scale has " + pair + "; expected two numbers, least < greatest");
        }
    }

    /** The same with a further column that is neither label nor pixels. */
    public CsvOptions ignoring(String column) {
        List<String> more = new ArrayList<>(ignore);
        if (!more.contains(column)) {
            more.add(column);
        }
        return new CsvOptions(label, shape, range, more, scale, separator);
    }

    /**
     * A value by the scale, cut to 0 and 1.
     *
     * @param pixel number of the pixel column, from 0
     */
    double scaled(double value, int pixel) {
        List<Double> pair = scale.get(scale.size() == 1 ? 0 : pixel);
        return Math.min(1, Math.max(0, (value - pair.get(0)) / (pair.get(1) - pair.get(0))));
    }

    /** What pixel values are. */
    public enum Range {
        /** Whole numbers 0 to 255. */
        BYTE,
        /** Decimals 0 to 1. */
        UNIT
    }
}
