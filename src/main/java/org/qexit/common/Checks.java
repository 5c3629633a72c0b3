package org.qexit.common;

import java.util.HashSet;
import java.util.List;

/** Checks at the door. Each returns its argument, so that it can stand in an assignment; NaN never passes. */
public final class Checks {
    private Checks() {}

    /** @throws IllegalArgumentException unless {@code value} is finite and &gt; 0 */
    public static double positive(String name, double value) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(name + " is " + value + "; expected a finite number > 0");
        }
        return value;
    }

    /** @throws IllegalArgumentException unless {@code value} is finite and &ge; 0 */
    public static double nonNegative(String name, double value) {
        if (!(value >= 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(name + " is " + value + "; expected a finite number >= 0");
        }
        return value;
    }

    /** @throws IllegalArgumentException unless {@code min <= value <= max} */
    public static double within(String name, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException(name + " is " + value + "; expected " + min + " to " + max);
        }
        return value;
    }

    /** @throws IllegalArgumentException unless {@code min <= value <= max} */
    public static int within(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + "; expected " + min + " to " + max);
        }
        return value;
    }

    /** @throws IllegalArgumentException if {@code text} is null or blank */
    public static String notBlank(String name, String text) {
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return text;
    }

    /** @throws IllegalArgumentException unless {@code text} is a SHA-256 as {@link Hashing} writes it */
    public static String sha256(String name, String text) {
        if (text == null || !text.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(name + " is '" + text + "'; expected 64 hexadecimal digits");
        }
        return text;
    }

    /** @throws IllegalArgumentException if {@code value} is null */
    public static <T> T present(String name, T value) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    /**
     * A copy of a list of different values, at least one.
     *
     * @throws IllegalArgumentException otherwise
     */
    public static <T> List<T> distinct(String name, List<T> values) {
        if (values == null || values.isEmpty()) {
            throw new IllegalArgumentException(name + " is empty; expected at least one");
        }
        if (new HashSet<>(values).size() != values.size()) {
            throw new IllegalArgumentException(name + " is " + values + "; expected different ones");
        }
        return List.copyOf(values);
    }
}
