package org.qexit.data.bowles;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import org.qexit.common.AtomicFiles;

/** Writes sets as NumPy's {@code savetxt} does: comma-separated, {@code %.18e}, the label last. */
public final class SyntheticFiles {
    private static final int DECIMALS = 18;
    private static final MathContext DIGITS = new MathContext(DECIMALS + 1, RoundingMode.HALF_EVEN);

    private SyntheticFiles() {}

    /**
     * Writes {@code NAME_train.csv} and {@code NAME_test.csv}.
     *
     * @return the two files
     */
    public static Path[] write(SyntheticSet set, Path directory) {
        Path train = directory.resolve(set.name() + "_train.csv");
        Path test = directory.resolve(set.name() + "_test.csv");
        AtomicFiles.writeString(train, text(set, set.train()));
        AtomicFiles.writeString(test, text(set, set.test()));
        return new Path[] {train, test};
    }

    static String text(SyntheticSet set, int[] rows) {
        StringBuilder text = new StringBuilder(rows.length * (set.width() + 1) * 26);
        for (int row : rows) {
            for (double value : set.features()[row]) {
                text.append(number(value)).append(',');
            }
            text.append(number(set.labels()[row])).append('\n');
        }
        return text.toString();
    }

    /** As C's {@code %.18e}: of the exact value, ties to even, at least two digits of exponent. */
    static String number(double value) {
        if (value == 0) {
            return (1 / value < 0 ? "-" : "") + "0.000000000000000000e+00";
        }
        BigDecimal rounded = new BigDecimal(value).round(DIGITS);
        String digits = rounded.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - rounded.scale();
        StringBuilder padded = new StringBuilder(digits);
        while (padded.length() < DECIMALS + 1) {
            padded.append('0');
        }
        // An exact value may carry more zeros than wanted.
        padded.setLength(DECIMALS + 1);
        return (value < 0 ? "-" : "")
                + padded.charAt(0)
                + '.'
                + padded.substring(1)
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }
}
