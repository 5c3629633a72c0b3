package org.qexit.engine.event;

/**
 * Cosine and sine of float arguments by double arithmetic, good to half a unit in the last place of a float. The argument is reduced to
 * |r| ≤ π/4 by a multiple of π/2 in two parts (Cody and Waite 1980), exact enough up to 2^20; beyond, {@link StrictMath}. The series are
 * Taylor's, whose first omitted terms are below 10⁻¹¹ there.
 */
final class Turn {
    private static final double LARGEST = 1 << 20;
    private static final double QUARTERS = 2 / Math.PI;
    /** π/2 to 33 bits, so that a multiple below 2^20 is exact; and the rest. */
    private static final double HIGH = 1.57079632673412561417;

    private static final double LOW = 6.07710050650619224932e-11;

    /** Added and taken away, rounds to a whole number. */
    private static final double ROUND = 3L << 51;

    private Turn() {}

    static float cos(float x) {
        return turn(x, 1);
    }

    static float sin(float x) {
        return turn(x, 0);
    }

    /** sin(x + quarters · π/2). */
    private static float turn(float x, int quarters) {
        if (!(Math.abs(x) <= LARGEST)) {
            return (float) (quarters == 1 ? StrictMath.cos(x) : StrictMath.sin(x));
        }
        double whole = x * QUARTERS + ROUND - ROUND;
        double r = x - whole * HIGH - whole * LOW;
        int q = (int) whole + quarters;
        double s = r * r;
        double value = (q & 1) == 0
                ? r * (1 + s * (-1 / 6.0 + s * (1 / 120.0 + s * (-1 / 5040.0 + s * (1 / 362880.0 - s / 39916800.0)))))
                : 1 + s * (-1 / 2.0 + s * (1 / 24.0 + s * (-1 / 720.0 + s * (1 / 40320.0 - s / 3628800.0))));
        return (float) ((q & 2) == 0 ? value : -value);
    }
}
