package org.qexit.edge;

/**
 * The numbers that one field of an instance may hold (docs/allocation.md). The ranges are far wider than what radios and fleets have, and
 * narrow enough that no product, quotient or sum of them that the formulas need leaves the doubles: γ·p/b stays below 1e65, a sum of a
 * million devices' loads below 1e22.
 *
 * @param least &gt; 0
 * @param most at least {@code least}
 * @param orZero whether 0, which means none, is a number of this range, too
 */
public record NumberRange(double least, double most, boolean orZero) {
    /** ρ_n; only ratios matter, but all of them are held against each other. */
    public static final NumberRange WEIGHT = of(1e-30, 1e30);

    /** κ per joule, and C per move: in units of the objective, like weights. */
    public static final NumberRange COST = of(1e-30, 1e30).orNone();

    public static final NumberRange FEATURE_BITS = of(1e-6, 1e18);
    public static final NumberRange SECONDS = of(1e-9, 1e15);
    /** b^max of radio and devices. */
    public static final NumberRange DEVICE_HZ = of(1e-6, 1e18);

    /** B_j. */
    public static final NumberRange NODE_HZ = DEVICE_HZ.orNone();

    /** p^max of radio and devices. */
    public static final NumberRange DEVICE_WATTS = of(1e-15, 1e12);

    /** P_j. */
    public static final NumberRange NODE_WATTS = DEVICE_WATTS.orNone();

    public static final NumberRange NOISE_WATTS_PER_HZ = of(1e-40, 1);
    public static final NumberRange GAIN = of(1e-40, 1e6).orNone();
    public static final NumberRange EVENTS = of(1e-9, 1e15);
    /** W_j, in events per period. */
    public static final NumberRange COMPUTE_UNITS = EVENTS.orNone();

    /** r_j, in compute units. */
    public static final NumberRange UNITS_PER_EVENT = of(1e-6, 1);

    private static NumberRange of(double least, double most) {
        return new NumberRange(least, most, false);
    }

    private NumberRange orNone() {
        return new NumberRange(least, most, true);
    }

    /**
     * @return the value
     * @throws IllegalArgumentException if it is outside
     */
    public double check(String name, double value) {
        if (!(value >= least && value <= most) && !(orZero && value == 0)) {
            throw new IllegalArgumentException(name + " is " + value + "; expected " + this);
        }
        return value;
    }

    /** The number of this range that is nearest to a value &gt; 0. */
    public double nearest(double value) {
        return Math.max(least, Math.min(value, most));
    }

    @Override
    public String toString() {
        return (orZero ? "0 or " : "") + least + " to " + most;
    }
}
