package org.qexit.tier.live.inference;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.qexit.common.UserError;

/**
 * Named values beside a request, an answer or a tensor: texts, true or false, whole and decimal numbers. Immutable.
 *
 * @param values by name, each a String, Boolean, Long or Double
 */
public record Parameters(Map<String, Object> values) {
    public static final Parameters NONE = new Parameters(Map.of());
    private static final int MOST = 64;

    /** @throws Refusal for values of other kinds, or very many */
    public Parameters {
        if (values.size() > MOST) {
            throw Refusal.malformed("parameters has " + values.size() + " entries; expected at most " + MOST);
        }
        Map<String, Object> copy = new LinkedHashMap<>();
        values.forEach((name, value) -> copy.put(name, scalar(name, value)));
        values = java.util.Collections.unmodifiableMap(copy);
    }

    private static Object scalar(String name, Object value) {
        if (value instanceof Integer whole) {
            return (long) whole;
        }
        if (value instanceof Float decimal) {
            return (double) decimal;
        }
        if (value instanceof BigInteger || value == null) {
            throw Refusal.malformed("parameter '" + UserError.shown(name) + "' is " + UserError.shown("" + value)
                    + "; expected text, true or false, or a number");
        }
        if (value instanceof String || value instanceof Boolean || value instanceof Long || value instanceof Double) {
            return value;
        }
        throw Refusal.malformed("parameter '" + UserError.shown(name) + "' is a list or an object; expected one value");
    }

    /** Those of JSON, which may be null. */
    static Parameters of(Map<String, Object> values) {
        return values == null ? NONE : new Parameters(values);
    }

    /** With one more; a null value adds nothing. */
    public Parameters with(String name, Object value) {
        if (value == null) {
            return this;
        }
        Map<String, Object> all = new LinkedHashMap<>(values);
        all.put(name, value);
        return new Parameters(all);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** A text, or null. */
    public String text(String name) {
        return get(name, String.class, "text");
    }

    /** Whether a flag is there and true. */
    public boolean flag(String name) {
        Boolean flag = get(name, Boolean.class, "true or false");
        return flag != null && flag;
    }

    /** A whole number, or null. */
    public Long whole(String name) {
        return get(name, Long.class, "a whole number");
    }

    private <T> T get(String name, Class<T> type, String expected) {
        Object value = values.get(name);
        if (value != null && !type.isInstance(value)) {
            throw Refusal.malformed(
                    "parameter '" + name + "' is '" + UserError.shown(value.toString()) + "'; expected " + expected);
        }
        return type.cast(value);
    }

    /** @throws Refusal if there are others than these */
    public void checkKnown(String where, Set<String> known) {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw Refusal.malformed(where + ": unknown parameter '" + UserError.shown(name) + "'; expected one of: "
                        + String.join(", ", new TreeSet<>(known)));
            }
        }
    }
}
