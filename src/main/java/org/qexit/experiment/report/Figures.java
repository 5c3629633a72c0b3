package org.qexit.experiment.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as the report prints them: the same on every locale, "undefined" where there is none. */
final class Figures {
    static final String UNDEFINED = "undefined";

    /** Stands where there is nothing to be had, as opposed to a figure that is undefined. */
    static final String NONE = "–";

    private static final String SPACE = "\u00a0";
    private static final String[] PREFIXES = {"p", "n", "µ", "m", "", "k", "M", "G", "T"};
    private static final int NO_PREFIX = 4;

    private Figures() {}

    /** A fraction as percent with one decimal: 93.1 %. */
    static String percent(Double fraction) {
        return fraction == null ? UNDEFINED : tenths(fraction) + SPACE + "%";
    }

    /** 93.1 % (91.0 to 94.8). */
    static String percent(Interval rate) {
        return rate.defined() ? percent(rate.value()) + " (" + range(rate) + ")" : UNDEFINED;
    }

    /** The interval alone: 91.0 to 94.8. */
    static String range(Interval rate) {
        return rate.defined() ? tenths(rate.low()) + " to " + tenths(rate.high()) : UNDEFINED;
    }

    /** A difference of rates in percentage points: +1.2 (−0.4 to +2.9). */
    static String points(Interval difference) {
        return difference.defined()
                ? signedTenths(difference.value()) + " (" + signedTenths(difference.low()) + " to "
                        + signedTenths(difference.high()) + ")"
                : UNDEFINED;
    }

    static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** {@code digits} significant digits, plain notation where it stays readable. */
    static String decimal(Double value, int digits) {
        if (value == null) {
            return UNDEFINED;
        }
        if (value == 0) {
            return "0";
        }
        double size = Math.abs(value);
        if (size < 1e-4 || size >= 1e7) {
            return minus(String.format(Locale.ROOT, "%." + (digits - 1) + "e", value));
        }
        BigDecimal rounded = significant(value, digits);
        return minus(rounded.toPlainString());
    }

    /** Four decimals; more where these would turn a threshold into 0 or 1. */
    static String confidence(double threshold) {
        String text = String.format(Locale.ROOT, "%.4f", threshold);
        boolean misleads = Double.parseDouble(text) != threshold && (text.equals("0.0000") || text.equals("1.0000"));
        return misleads ? BigDecimal.valueOf(threshold).toPlainString() : text;
    }

    /** A quantity without a fixed number of digits: 110, 62.5. */
    static String quantity(double value) {
        BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(5, RoundingMode.HALF_UP));
        return value == 0 ? "0" : minus(rounded.stripTrailingZeros().toPlainString());
    }

    /** With SI prefix: 1.25 MHz, 34.0 mJ. */
    static String si(Double value, String unit) {
        if (value == null) {
            return UNDEFINED;
        }
        if (value == 0) {
            return "0" + SPACE + unit;
        }
        BigDecimal rounded = significant(value, 3);
        int exponent = rounded.precision() - rounded.scale() - 1;
        int prefix = Math.floorDiv(exponent, 3) + NO_PREFIX;
        if (prefix < 0 || prefix >= PREFIXES.length) {
            return decimal(value, 3) + SPACE + unit;
        }
        BigDecimal scaled = rounded.scaleByPowerOfTen(-3 * (prefix - NO_PREFIX));
        return minus(scaled.toPlainString()) + SPACE + PREFIXES[prefix] + unit;
    }

    /** 0.0123, or below 0.0001: "&lt; 0.0001". */
    static String pValue(Double p) {
        if (p == null) {
            return UNDEFINED;
        }
        return p < 1e-4 ? "< 0.0001" : String.format(Locale.ROOT, p < 0.1 ? "%.4f" : "%.2f", p);
    }

    /** Six significant digits are more than a chart shows, and keep the file small. */
    static Double rounded(Double value) {
        return value == null
                ? null
                : Double.valueOf(
                        BigDecimal.valueOf(value).round(new MathContext(6)).doubleValue());
    }

    /** Rounded, with trailing zeros: that many digits are known. */
    private static BigDecimal significant(double value, int digits) {
        BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(digits, RoundingMode.HALF_UP));
        int scale = rounded.scale() + digits - rounded.precision();
        return rounded.setScale(Math.max(scale, rounded.scale()));
    }

    private static String tenths(double fraction) {
        BigDecimal percent = BigDecimal.valueOf(fraction * 100).setScale(1, RoundingMode.HALF_UP);
        return minus(percent.signum() == 0 ? "0.0" : percent.toPlainString());
    }

    private static String signedTenths(double fraction) {
        String text = tenths(fraction);
        return fraction > 0 && !text.equals("0.0") ? "+" + text : text;
    }

    private static String minus(String text) {
        return text.startsWith("-") ? "−" + text.substring(1) : text;
    }
}
