package org.qexit.trace;

/**
 * The two thresholds of a device, Eq. (1)-(2). At each exit in turn, a confidence {@code <= lower} means normal, else one
 * {@code >= upper} means critical, else the next exit looks; undecided after the last exit means normal.
 *
 * @param lower l in [0, 1]
 * @param upper u in [lower, 1], or {@link #NEVER} for "no event is ever critical"
 */
public record Thresholds(float lower, float upper) implements Rule {
    /** The upper threshold that no confidence reaches. */
    public static final float NEVER = Float.POSITIVE_INFINITY;

    /** @throws IllegalArgumentException unless 0 &le; lower &le; upper &le; 1 (or upper is {@link #NEVER}) */
    public Thresholds {
        if (!(lower >= 0 && lower <= 1 && lower <= upper && (upper <= 1 || upper == NEVER))) {
            throw new IllegalArgumentException(
                    "thresholds (" + lower + ", " + upper + "); expected 0 <= lower <= upper <= 1");
        }
    }

    @Override
    public Decision decide(float[] confidences) {
        for (int q = 0; q < confidences.length; q++) {
            if (confidences[q] <= lower) {
                return new Decision(q, false);
            }
            if (confidences[q] >= upper) {
                return new Decision(q, true);
            }
        }
        return new Decision(confidences.length - 1, false);
    }

    @Override
    public Decision decide(float[][] scores, int k) {
        for (int q = 0; q < scores.length; q++) {
            if (scores[q][k] <= lower) {
                return new Decision(q, false);
            }
            if (scores[q][k] >= upper) {
                return new Decision(q, true);
            }
        }
        return new Decision(scores.length - 1, false);
    }

    @Override
    public boolean stops(int exit, float confidence) {
        return confidence <= lower || confidence >= upper;
    }

    @Override
    public RuleKind kind() {
        return RuleKind.PAIR;
    }

    @Override
    public ExitThresholds perExit(int exits) {
        return ExitThresholds.of(this, exits);
    }

    @Override
    public Object lowerEntry() {
        return lower;
    }

    @Override
    public Object upperEntry() {
        return new UpperThreshold(upper);
    }

    @Override
    public boolean offloads() {
        return upper != NEVER;
    }

    /**
     * What became of one event.
     *
     * @param exit the last exit that looked at it, from 0
     * @param critical whether it is offloaded
     */
    public record Decision(int exit, boolean critical) {}
}
