package org.qexit.trace;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.common.Checks;

/**
 * Two thresholds at each exit, docs/maths.md §11. At each exit q in turn, a confidence {@code <= lower[q]} means normal, else one
 * {@code >= upper[q]} means critical, else the next exit looks; undecided after the last exit means normal. With equal entries it
 * decides as {@link Thresholds} does. Comparisons are of floats.
 *
 * <p>In JSON {@code {"lower": [...], "upper": [...]}}, one entry per exit: a number from 0 to 1, {@code "never"} where that test
 * never fires, or {@code "always"} where it always does. A lower "always" goes with an upper "never", an upper "always" with a
 * lower "never". Immutable.
 */
@JsonPropertyOrder({"lower", "upper"})
public final class ExitThresholds implements Rule {
    private static final String NEVER = "never";
    private static final String ALWAYS = "always";
    /** No confidence is at or below it, and every one is at or above it. */
    public static final float BELOW_ALL = Float.NEGATIVE_INFINITY;
    /** No confidence is at or above it, and every one is at or below it. */
    public static final float ABOVE_ALL = Float.POSITIVE_INFINITY;

    private final float[] lower;
    private final float[] upper;

    private ExitThresholds(float[] lower, float[] upper) {
        this.lower = lower;
        this.upper = upper;
    }

    /**
     * Checks and copies.
     *
     * @param lower l_q, {@code [exit]}, in [0, 1], {@link #BELOW_ALL} or {@link #ABOVE_ALL}
     * @param upper u_q, {@code [exit]}, the same, with l_q &le; u_q
     * @throws IllegalArgumentException otherwise; not a number is refused
     */
    public static ExitThresholds of(float[] lower, float[] upper) {
        if (lower.length != upper.length || lower.length == 0) {
            throw new IllegalArgumentException(lower.length + " lower and " + upper.length
                    + " upper thresholds; expected as many, one of each per exit");
        }
        for (int q = 0; q < lower.length; q++) {
            if (!(isThreshold(lower[q]) && isThreshold(upper[q]) && lower[q] <= upper[q])) {
                throw new IllegalArgumentException("thresholds of exit " + (q + 1) + " are ("
                        + json(lower[q], ABOVE_ALL) + ", " + json(upper[q], BELOW_ALL)
                        + "); expected 0 <= lower <= upper <= 1, \"never\" or \"always\"");
            }
        }
        return new ExitThresholds(plusZero(lower), plusZero(upper));
    }

    /** The pair at every exit. */
    public static ExitThresholds of(Thresholds pair, int exits) {
        float[] lower = new float[Checks.within("exits", exits, 1, Integer.MAX_VALUE)];
        float[] upper = new float[exits];
        Arrays.fill(lower, pair.lower());
        Arrays.fill(upper, pair.upper());
        return of(lower, upper);
    }

    @JsonCreator
    static ExitThresholds read(@JsonProperty("lower") List<?> lower, @JsonProperty("upper") List<?> upper) {
        return of(
                parsed("lower", Checks.present("lower", lower), ABOVE_ALL),
                parsed("upper", Checks.present("upper", upper), BELOW_ALL));
    }

    private static boolean isThreshold(float value) {
        return value >= 0 && value <= 1 || Float.isInfinite(value);
    }

    private static float[] plusZero(float[] values) {
        float[] copy = new float[values.length];
        for (int q = 0; q < copy.length; q++) {
            copy[q] = values[q] + 0f;
        }
        return copy;
    }

    private static float[] parsed(String name, List<?> entries, float always) {
        float[] values = new float[entries.size()];
        for (int q = 0; q < values.length; q++) {
            Object entry = entries.get(q);
            if (NEVER.equals(entry)) {
                values[q] = -always;
            } else if (ALWAYS.equals(entry)) {
                values[q] = always;
            } else if (entry instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= 1) {
                values[q] = number.floatValue();
            } else {
                throw new IllegalArgumentException(name + " of exit " + (q + 1) + " is '" + entry
                        + "'; expected a number from 0 to 1, \"never\" or \"always\"");
            }
        }
        return values;
    }

    private static Object json(float value, float always) {
        if (Float.isInfinite(value)) {
            return value == always ? ALWAYS : NEVER;
        }
        return value;
    }

    private static List<Object> json(float[] values, float always) {
        List<Object> entries = new ArrayList<>();
        for (float value : values) {
            entries.add(json(value, always));
        }
        return entries;
    }

    @Override
    @JsonProperty("lower")
    public List<Object> lowerEntry() {
        return json(lower, ABOVE_ALL);
    }

    @Override
    @JsonProperty("upper")
    public List<Object> upperEntry() {
        return json(upper, BELOW_ALL);
    }

    @Override
    public RuleKind kind() {
        return RuleKind.PER_EXIT;
    }

    @Override
    public ExitThresholds perExit(int exits) {
        checkExits(exits);
        return this;
    }

    @Override
    public boolean stops(int exit, float confidence) {
        return confidence <= lower[exit] || confidence >= upper[exit];
    }

    @Override
    public boolean offloads() {
        for (int q = 0; q < upper.length; q++) {
            if (upper[q] != ABOVE_ALL) {
                return true;
            }
            if (lower[q] == ABOVE_ALL) {
                return false;
            }
        }
        return false;
    }

    public int exits() {
        return lower.length;
    }

    /** l of an exit, from 0. */
    public float lower(int exit) {
        return lower[exit];
    }

    /** u of an exit, from 0. */
    public float upper(int exit) {
        return upper[exit];
    }

    /** @throws IllegalArgumentException for another number of exits */
    @Override
    public Thresholds.Decision decide(float[][] scores, int k) {
        checkExits(scores.length);
        for (int q = 0; q < lower.length; q++) {
            if (scores[q][k] <= lower[q]) {
                return new Thresholds.Decision(q, false);
            }
            if (scores[q][k] >= upper[q]) {
                return new Thresholds.Decision(q, true);
            }
        }
        return new Thresholds.Decision(lower.length - 1, false);
    }

    /** @throws IllegalArgumentException for more exits than there are thresholds */
    @Override
    public Thresholds.Decision decide(float[] confidences) {
        if (confidences.length == 0 || confidences.length > lower.length) {
            checkExits(confidences.length);
        }
        for (int q = 0; q < confidences.length; q++) {
            if (confidences[q] <= lower[q]) {
                return new Thresholds.Decision(q, false);
            }
            if (confidences[q] >= upper[q]) {
                return new Thresholds.Decision(q, true);
            }
        }
        return new Thresholds.Decision(confidences.length - 1, false);
    }

    private void checkExits(int exits) {
        if (exits != lower.length) {
            throw new IllegalArgumentException(
                    "confidences of " + exits + " exits; expected " + lower.length + ", as there are thresholds");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ExitThresholds that
                && Arrays.equals(lower, that.lower)
                && Arrays.equals(upper, that.upper);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(lower) + Arrays.hashCode(upper);
    }

    /** As in JSON. */
    @Override
    public String toString() {
        return "lower " + lowerEntry() + ", upper " + upperEntry();
    }
}
