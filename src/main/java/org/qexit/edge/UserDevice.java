package org.qexit.edge;

import org.qexit.common.Checks;

/**
 * A user device with its limits resolved: what the radio's defaults leave open is filled in.
 *
 * @param id name
 * @param weight ρ_n, its weight in the objective
 * @param securityLevel 1 is the highest
 * @param featureBits D_n, bits per offloaded event
 * @param deadlineSeconds t_n^r, longest transmission of one event, Eq. (24g)
 * @param bandwidthMaxHz b^max
 * @param powerMaxWatts p^max
 * @param eavesdropperGainPerNoise γ_EV = g_EV/σ_EV² [Hz/W]
 */
public record UserDevice(
        String id,
        double weight,
        int securityLevel,
        double featureBits,
        double deadlineSeconds,
        double bandwidthMaxHz,
        double powerMaxWatts,
        double eavesdropperGainPerNoise) {
    public UserDevice {
        Checks.notBlank("id", id);
        Checks.positive("weight", weight);
        Checks.within("securityLevel", securityLevel, 1, Integer.MAX_VALUE);
        Checks.positive("featureBits", featureBits);
        Checks.positive("deadlineSeconds", deadlineSeconds);
        Checks.positive("bandwidthMaxHz", bandwidthMaxHz);
        Checks.positive("powerMaxWatts", powerMaxWatts);
        Checks.nonNegative("eavesdropperGainPerNoise", eavesdropperGainPerNoise);
    }

    /** D_n / t_n^r, the least rate that meets the deadline. */
    public double requiredBitsPerSecond() {
        return featureBits / deadlineSeconds;
    }
}
