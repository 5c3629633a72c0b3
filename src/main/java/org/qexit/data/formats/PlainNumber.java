package org.qexit.data.formats;

import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.Locale;

/**
 * Decimal numbers as most languages write them: {@code 7}, {@code -1.5}, {@code .5}, {@code 1.}, {@code 0.000e+00}. What only some
 * read ({@code 1f}, {@code 0x1p3}, {@code 1_000}, {@code NaN}, digits that are not ASCII) is no number here.
 */
public final class PlainNumber {
    private PlainNumber() {}

    /** Whether a text is {@code [+-] digits [. digits] [e [+-] digits]} with a digit before or after the point. */
    public static boolean is(String text) {
        int end = text.length();
        int start = afterSign(text, 0);
        int point = afterDigits(text, start);
        int digits = point - start;
        int at = point;
        if (at < end && text.charAt(at) == '.') {
            at = afterDigits(text, point + 1);
            digits += at - point - 1;
        }
        if (digits == 0) {
            return false;
        }
        if (at < end && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            int exponent = afterSign(text, at + 1);
            at = afterDigits(text, exponent);
            return at == end && at > exponent;
        }
        return at == end;
    }

    /** The value, or NaN if the text is no such number. */
    public static double parse(String text) {
        return is(text) ? Double.parseDouble(text) : Double.NaN;
    }

    /**
     * What two spellings of one name have in common: {@code 007}, {@code 7}, {@code 7.0} and {@code 7e0} are one number; other names
     * are themselves, in composed Unicode.
     */
    public static String key(String name) {
        String text = name.strip();
        if (!is(text)) {
            return Normalizer.normalize(text, Normalizer.Form.NFC);
        }
        try {
            BigDecimal value = new BigDecimal(text);
            return value.signum() == 0 ? "0" : value.stripTrailingZeros().toString();
        } catch (NumberFormatException | ArithmeticException e) {
            return text.toLowerCase(Locale.ROOT);
        }
    }

    private static int afterSign(String text, int at) {
        return at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-') ? at + 1 : at;
    }

    private static int afterDigits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}
