package org.qexit.edge;

import java.util.Locale;

/** What a pair of device and node needs, or why it cannot be: the sealed outcome of projecting one link. */
public sealed interface BandwidthNeed {
    /**
     * The pair works.
     *
     * @param hz least bandwidth at full power that meets the deadline; never below the exact root
     */
    record Least(double hz) implements BandwidthNeed {}

    /** The pair cannot work, whatever is allocated. */
    sealed interface Impossible extends BandwidthNeed {
        /** One clause with the numbers, fit for a message to the user. */
        String reason();
    }

    /** Eq. (24f): the node's level is lower than the device's (level 1 is the highest). */
    record LevelForbidden(int deviceLevel, int nodeLevel) implements Impossible {
        @Override
        public String reason() {
            return "security level " + nodeLevel + " is below the device's level " + deviceLevel + "";
        }
    }

    /** The eavesdropper hears at least as well as the node. */
    record NoSecrecy(double gainPerNoise, double eavesdropperGainPerNoise) implements Impossible {
        @Override
        public String reason() {
            return String.format(
                    Locale.ROOT,
                    "no secrecy: gain over noise %.4g Hz/W is not above the eavesdropper's %.4g Hz/W",
                    gainPerNoise,
                    eavesdropperGainPerNoise);
        }
    }

    /** D/t is not below lim r_se = p (γ − γ_EV) / ln 2, so that no bandwidth meets the deadline. */
    record DeadlineImpossible(double requiredBitsPerSecond, double limitBitsPerSecond) implements Impossible {
        @Override
        public String reason() {
            return String.format(
                    Locale.ROOT,
                    "deadline impossible: %.6g bit/s are needed, the secrecy rate stays below %.6g bit/s at full power",
                    requiredBitsPerSecond,
                    limitBitsPerSecond);
        }
    }

    /** The least bandwidth exceeds what the device may use, Eq. (24a). */
    record AboveDeviceMaximum(double hz, double maximumHz) implements Impossible {
        @Override
        public String reason() {
            return String.format(
                    Locale.ROOT, "least bandwidth %.6g Hz is above the device's maximum %.6g Hz", hz, maximumHz);
        }
    }

    /** The pair alone needs more power than the node may allot, Eq. (28). */
    record AbovePowerBudget(double leastWatts, double budgetWatts) implements Impossible {
        @Override
        public String reason() {
            return String.format(
                    Locale.ROOT, "least power %.6g W is above the node's power budget %.6g W", leastWatts, budgetWatts);
        }
    }
}
