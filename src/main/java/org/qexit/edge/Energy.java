package org.qexit.edge;

import org.qexit.common.Checks;

/**
 * Energy and delay of one event: E_off = p·D/r_se, t_off = D/r_se (Eq. 10-11); E_local = γ_mem · Σ memory accesses (Eq. 3).
 */
public final class Energy {
    private Energy() {}

    /** t_off [s]; +∞ for rate 0. */
    public static double offloadSeconds(double featureBits, double bitsPerSecond) {
        Checks.positive("featureBits", featureBits);
        return featureBits / Checks.nonNegative("bitsPerSecond", bitsPerSecond);
    }

    /** E_off [J] per offloaded event; +∞ for rate 0. */
    public static double offloadJoules(double featureBits, double bitsPerSecond, double powerWatts) {
        return Checks.positive("powerWatts", powerWatts) * offloadSeconds(featureBits, bitsPerSecond);
    }

    /**
     * Eq. (3) as published: every event runs through the whole network.
     *
     * @param joulesPerAccess γ_mem
     * @param blockAccesses memory accesses of each block up to its exit: weights read + activations read + written
     */
    public static double wholeNetworkJoules(double joulesPerAccess, long[] blockAccesses) {
        return exitJoules(joulesPerAccess, blockAccesses, blockAccesses.length - 1);
    }

    /** The exit-aware form for one event: only the blocks up to {@code exit} (from 0) have run. */
    public static double exitJoules(double joulesPerAccess, long[] blockAccesses, int exit) {
        Checks.nonNegative("joulesPerAccess", joulesPerAccess);
        Checks.within("exit", exit, 0, blockAccesses.length - 1);
        double accesses = 0;
        for (int q = 0; q <= exit; q++) {
            accesses += blockAccesses[q];
        }
        return joulesPerAccess * accesses;
    }

    /** The exit-aware form averaged over events: {@code eventsByExit[q]} events stopped at exit q. */
    public static double meanJoules(double joulesPerAccess, long[] blockAccesses, long[] eventsByExit) {
        if (eventsByExit.length != blockAccesses.length) {
            throw new IllegalArgumentException(
                    eventsByExit.length + " exits with counts for " + blockAccesses.length + " blocks");
        }
        double sum = 0;
        long events = 0;
        for (int q = 0; q < eventsByExit.length; q++) {
            sum += eventsByExit[q] * exitJoules(joulesPerAccess, blockAccesses, q);
            events += eventsByExit[q];
        }
        if (events == 0) {
            throw new IllegalArgumentException("0 events; expected at least one");
        }
        return sum / events;
    }
}
