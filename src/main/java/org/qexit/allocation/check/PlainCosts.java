package org.qexit.allocation.check;

/**
 * Lower limits of min over b of α b + w π(b) for {@link PowerProof}, from a table: with τ = w/α the minimum is α c(τ), and c is concave, so that it
 * lies above its chords. Written for the check alone. Safe to share between threads.
 */
final class PlainCosts {
    private static final int KNOTS = 2048;

    private final double leastWatts;
    /** Increasing τ, from 0, and c(τ). */
    private final double[] ratio = new double[KNOTS + 1];

    private final double[] cost = new double[KNOTS + 1];
    private int size;

    PlainCosts(PlainRadio radio) {
        leastWatts = radio.watts(radio.mostHz());
        add(0, radio.leastHz());
        double growth = radio.mostHz() / radio.leastHz();
        for (int k = 0; k < KNOTS; k++) {
            double hz = k == KNOTS - 1 ? radio.mostHz() : radio.leastHz() * Math.pow(growth, k / (KNOTS - 1.0));
            double tau = -1 / radio.slope(hz);
            // Where b is best at τ: the slope of b + τ π(b) is 0 there.
            if (tau > ratio[size - 1] && tau < Double.POSITIVE_INFINITY) {
                add(tau, hz + tau * radio.watts(hz));
            }
        }
    }

    private void add(double tau, double least) {
        ratio[size] = tau;
        cost[size++] = least;
    }

    /** At most min over b of α b + w π(b). */
    double least(double perHz, double perWatt) {
        int k = below(perHz, perWatt);
        return perHz * cost[k] + (perWatt - perHz * ratio[k]) * watts(k);
    }

    /** The power in {@link #least}. */
    double watts(double perHz, double perWatt) {
        return watts(below(perHz, perWatt));
    }

    /** The bandwidth in {@link #least}. */
    double hertz(double perHz, double perWatt) {
        int k = below(perHz, perWatt);
        return cost[k] - ratio[k] * watts(k);
    }

    /** Beyond the last knot c rises by the least power at least. */
    private double watts(int k) {
        return k == size - 1 ? leastWatts : (cost[k + 1] - cost[k]) / (ratio[k + 1] - ratio[k]);
    }

    /** The last knot at or below w/α. */
    private int below(double perHz, double perWatt) {
        int low = 0;
        int high = size;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (perHz * ratio[middle] <= perWatt) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
