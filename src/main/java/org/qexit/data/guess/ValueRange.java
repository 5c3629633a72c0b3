package org.qexit.data.guess;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.qexit.data.formats.PlainNumber;

/** Least and greatest value of every value column, over the rows added. */
final class ValueRange {
    /** Columns whose widths differ more than this are scaled each by itself: one scale would flatten the narrow ones. */
    private static final double ALIKE = 4;

    /** Digits of the limits, which are rounded outwards. */
    private static final int DIGITS = 4;

    private final double[] least;
    private final double[] greatest;
    private boolean whole = true;

    ValueRange(int columns) {
        least = new double[columns];
        greatest = new double[columns];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        Arrays.fill(greatest, Double.NEGATIVE_INFINITY);
    }

    void add(String[] fields, List<Integer> columns) {
        for (int i = 0; i < least.length; i++) {
            double value = PlainNumber.parse(fields[columns.get(i)]);
            if (Double.isFinite(value)) {
                least[i] = Math.min(least[i], value);
                greatest[i] = Math.max(greatest[i], value);
                whole &= value == Math.rint(value);
            }
        }
    }

    private double least() {
        return DoubleStream.of(least).min().orElse(0);
    }

    private double greatest() {
        return DoubleStream.of(greatest).max().orElse(1);
    }

    /** Whether all are levels of a pixel. */
    boolean isBytes() {
        return whole && least() >= 0 && greatest() <= 255 && greatest() > 1;
    }

    /** Whether all lie in [0, 1] and make use of it. */
    boolean isUnit() {
        return least() >= 0 && greatest() <= 1 && greatest() > 0.5;
    }

    /**
     * Limits of a scale: one pair for samples of a series or columns alike, else one for each column.
     *
     * @param series whether columns are samples of one signal
     */
    List<List<Double>> scale(boolean series) {
        double widest = 0;
        double narrowest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < least.length; i++) {
            widest = Math.max(widest, greatest[i] - least[i]);
            narrowest = Math.min(narrowest, greatest[i] - least[i]);
        }
        boolean alike = widest <= ALIKE * narrowest && greatest() - least() <= ALIKE * widest;
        if (series || alike) {
            return List.of(pair(least(), greatest()));
        }
        List<List<Double>> pairs = new ArrayList<>();
        for (int i = 0; i < least.length; i++) {
            pairs.add(pair(least[i], greatest[i]));
        }
        return pairs;
    }

    /** Of a constant column, or one without values, some pair. */
    private static List<Double> pair(double low, double high) {
        if (!(low <= high)) {
            return List.of(0.0, 1.0);
        }
        double from = rounded(low, RoundingMode.FLOOR);
        double to = rounded(high, RoundingMode.CEILING);
        return List.of(from, to > from ? to : from + 1);
    }

    private static double rounded(double value, RoundingMode mode) {
        return new BigDecimal(value).round(new MathContext(DIGITS, mode)).doubleValue();
    }
}
