package org.qexit.data.bowles;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.stream.IntStream;
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
        return write(set.name(), text(set, set.train()), text(set, set.test()), directory);
    }

    /** As {@link #write(SyntheticSet, Path)}. */
    public static Path[] write(MnistPca.Projection set, Path directory) {
        return write(
                set.name(),
                text(set.train(), set.trainLabels(), all(set.train())),
                text(set.test(), set.testLabels(), all(set.test())),
                directory);
    }

    private static Path[] write(String name, String trainText, String testText, Path directory) {
        Path train = directory.resolve(name + "_train.csv");
        Path test = directory.resolve(name + "_test.csv");
        AtomicFiles.writeString(train, trainText);
        AtomicFiles.writeString(test, testText);
        return new Path[] {train, test};
    }

    private static int[] all(double[][] rows) {
        return IntStream.range(0, rows.length).toArray();
    }

    static String text(SyntheticSet set, int[] rows) {
        return text(set.features(), set.labels(), rows);
    }

    private static String text(double[][] features, int[] labels, int[] rows) {
        StringBuilder text = new StringBuilder(rows.length * (features[0].length + 1) * 26);
        for (int row : rows) {
            for (double value : features[row]) {
                text.append(number(value)).append(',');
            }
            text.append(number(labels[row])).append('\n');
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
