package org.qexit.data.formats;

import java.util.List;

/**
 * How a table of images reads.
 *
 * @param label name of the label column, or its number from 0; null means the one called label, class, target or y, else the
 *     first
 * @param shape channels, height, width; null means one row of all pixel columns, or a square if their number is one
 * @param range what pixel values are; null means {@link Range#BYTE}
 */
public record CsvOptions(String label, List<Integer> shape, Range range) {
    public static final CsvOptions DEFAULT = new CsvOptions(null, null, null);

    public CsvOptions {
        range = range == null ? Range.BYTE : range;
        if (shape != null) {
            shape = List.copyOf(shape);
            if (shape.size() != 3 || shape.stream().anyMatch(s -> s < 1)) {
                throw new IllegalArgumentException(
                        "shape is " + shape + "; expected three numbers >= 1: channels, height, width");
            }
        }
    }

    /** What pixel values are. */
    public enum Range {
        /** Whole numbers 0 to 255. */
        BYTE,
        /** Decimals 0 to 1. */
        UNIT
    }
}
