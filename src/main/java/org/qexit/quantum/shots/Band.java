package org.qexit.quantum.shots;

/**
 * The thresholds of an exit on the logit: normal at {@code lower} and below it, else critical at {@code upper} and above it, else in
 * between.
 *
 * @param lower -&infin; where nothing is normal, +&infin; where everything is
 * @param upper +&infin; where nothing is critical, -&infin; where everything is that is not normal
 */
public record Band(double lower, double upper) {
    public Band {
        if (!(lower <= upper)) {
            throw new IllegalArgumentException("a band from " + lower + " to " + upper + "; expected lower <= upper");
        }
    }

    /**
     * The band whose sides are those of a rule that compares confidences, which are &sigma;(logit) rounded to float: each threshold is
     * the logit of the middle between
     * the last float on one side and the first on the other.
     *
     * @param lower confidences at or below it are normal; infinite for always or never
     * @param upper confidences at or above it are critical; infinite likewise
     */
    public static Band ofConfidences(float lower, float upper) {
        double low = Float.isInfinite(lower) ? lower : logit(lower, Math.nextUp(lower));
        double high = Float.isInfinite(upper) ? upper : logit(Math.nextDown(upper), upper);
        return new Band(low, Math.max(low, high));
    }

    private static double logit(float below, float above) {
        double middle = (0.5 * below) + (0.5 * above);
        if (middle <= 0) {
            return Double.NEGATIVE_INFINITY;
        }
        return middle >= 1 ? Double.POSITIVE_INFINITY : Math.log(middle) - Math.log1p(-middle);
    }

    /** Of an exit behind which there is no other: what is in between is normal there. */
    public Band last() {
        return lower == upper || lower == Double.NEGATIVE_INFINITY ? this : new Band(Double.NEGATIVE_INFINITY, upper);
    }

    /** Where a logit lies. */
    public Side side(double logit) {
        if (logit <= lower) {
            return Side.NORMAL;
        }
        return logit >= upper ? Side.CRITICAL : Side.BETWEEN;
    }

    /** What an exit says. */
    public enum Side {
        NORMAL,
        CRITICAL,
        /** The next exit looks; after the last one, normal. */
        BETWEEN
    }
}
