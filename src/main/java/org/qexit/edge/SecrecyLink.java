package org.qexit.edge;

import org.qexit.common.Checks;

/**
 * The secrecy rate of one link as a function of bandwidth and power, Eq. (7)-(9) and docs/maths.md §7:
 *
 * <pre>  r_se(b, p) = b/ln 2 · [ln(1 + γp/b) − ln(1 + γ_EV p/b)]⁺ = b/ln 2 · ln(1 + (x − y)/(1 + y)),  x = γp/b,  y = γ_EV p/b</pre>
 *
 * Increasing and concave in b and in p for γ &gt; γ_EV, with limit p(γ − γ_EV)/ln 2 as b → ∞. The last form has no cancellation:
 * its relative error is a few ulp wherever γ − γ_EV itself is exact, over all of b, γp in 1e-20 … 1e20.
 *
 * @param gainPerNoise γ = g/σ² [Hz/W]
 * @param eavesdropperGainPerNoise γ_EV = g_EV/σ_EV² [Hz/W]
 */
public record SecrecyLink(double gainPerNoise, double eavesdropperGainPerNoise) {
    private static final double LN2 = Math.log(2);
    /** Newton halves its error's exponent each step and bisection in the logarithm takes over at worst: 200 covers any double. */
    private static final int ROOT_STEPS = 200;

    public SecrecyLink {
        Checks.nonNegative("gainPerNoise", gainPerNoise);
        Checks.nonNegative("eavesdropperGainPerNoise", eavesdropperGainPerNoise);
    }

    /** r_se(b, p); 0 for b = 0 or p = 0. */
    public double bitsPerSecond(double bandwidthHz, double powerWatts) {
        double advantage = gainPerNoise - eavesdropperGainPerNoise;
        if (!(bandwidthHz > 0) || !(powerWatts > 0) || !(advantage > 0)) {
            return 0;
        }
        double perHertz = powerWatts / bandwidthHz;
        double y = eavesdropperGainPerNoise * perHertz;
        return bandwidthHz * Math.log1p(advantage * perHertz / (1 + y)) / LN2;
    }

    /** ∂r_se/∂b = [ln(1 + (x−y)/(1+y)) − (x−y)/((1+x)(1+y))] / ln 2, for b, p &gt; 0. */
    public double slopePerHertz(double bandwidthHz, double powerWatts) {
        double perHertz = powerWatts / bandwidthHz;
        double difference = Math.max(0, gainPerNoise - eavesdropperGainPerNoise) * perHertz;
        double x = gainPerNoise * perHertz;
        double y = eavesdropperGainPerNoise * perHertz;
        return (Math.log1p(difference / (1 + y)) - difference / (1 + x) / (1 + y)) / LN2;
    }

    /** ∂r_se/∂p = (γ − γ_EV) / ((1+x)(1+y)) / ln 2, for b, p &gt; 0. */
    public double slopePerWatt(double bandwidthHz, double powerWatts) {
        double perHertz = powerWatts / bandwidthHz;
        double advantage = Math.max(0, gainPerNoise - eavesdropperGainPerNoise);
        return advantage / (1 + gainPerNoise * perHertz) / (1 + eavesdropperGainPerNoise * perHertz) / LN2;
    }

    /** lim r_se(b, p) as b → ∞. */
    public double limitBitsPerSecond(double powerWatts) {
        return Math.max(0, gainPerNoise - eavesdropperGainPerNoise) * powerWatts / LN2;
    }

    /**
     * The least b with r_se(b, p) ≥ rate: Newton's method on the concave b ↦ r_se, kept inside a bracket that shrinks by
     * bisection in ln b. The returned value satisfies the inequality as computed.
     *
     * @return the root, or +∞ if the rate is not below the limit
     */
    public double leastBandwidthHz(double requiredBitsPerSecond, double powerWatts) {
        Checks.positive("requiredBitsPerSecond", requiredBitsPerSecond);
        Checks.positive("powerWatts", powerWatts);
        if (!(requiredBitsPerSecond < limitBitsPerSecond(powerWatts))) {
            return Double.POSITIVE_INFINITY;
        }
        double low = requiredBitsPerSecond;
        while (low > Double.MIN_NORMAL && bitsPerSecond(low, powerWatts) >= requiredBitsPerSecond) {
            low *= 0x1p-4;
        }
        double high = Math.max(requiredBitsPerSecond, low);
        while (bitsPerSecond(high, powerWatts) < requiredBitsPerSecond) {
            low = high;
            high *= 0x1p4;
            if (high == Double.POSITIVE_INFINITY) {
                return high;
            }
        }
        double b = low;
        for (int step = 0; step < ROOT_STEPS && high - low > Math.ulp(high); step++) {
            // A bisection every fourth step bounds the work where Newton crawls along one side.
            double newton = b + (requiredBitsPerSecond - bitsPerSecond(b, powerWatts)) / slopePerHertz(b, powerWatts);
            boolean useNewton = step % 4 != 3 && newton > low && newton < high;
            double middle = low > 0 ? Math.sqrt(low) * Math.sqrt(high) : high / 2;
            b = useNewton ? newton : middle > low && middle < high ? middle : low + (high - low) / 2;
            if (bitsPerSecond(b, powerWatts) >= requiredBitsPerSecond) {
                high = b;
            } else {
                low = b;
            }
        }
        return high;
    }

    /** The least p with r_se(b, p) ≥ rate: p = (2^{R/b} − 1) / (γ − γ_EV 2^{R/b}) · b, or +∞ if no power suffices. */
    public double leastPowerWatts(double requiredBitsPerSecond, double bandwidthHz) {
        double grown = Math.expm1(requiredBitsPerSecond / bandwidthHz * LN2);
        double denominator = gainPerNoise - eavesdropperGainPerNoise - eavesdropperGainPerNoise * grown;
        return denominator > 0 && grown < Double.POSITIVE_INFINITY
                ? grown / denominator * bandwidthHz
                : Double.POSITIVE_INFINITY;
    }

    /** Projects one pair at the most power that device and node allow: its least bandwidth, or the reason why it cannot work. */
    public static BandwidthNeed need(UserDevice device, EdgeNode node, double gainPerNoise) {
        if (node.securityLevel() > device.securityLevel()) {
            return new BandwidthNeed.LevelForbidden(device.securityLevel(), node.securityLevel());
        }
        SecrecyLink link = new SecrecyLink(gainPerNoise, device.eavesdropperGainPerNoise());
        if (!(gainPerNoise > device.eavesdropperGainPerNoise())) {
            return new BandwidthNeed.NoSecrecy(gainPerNoise, device.eavesdropperGainPerNoise());
        }
        double required = device.requiredBitsPerSecond();
        double limit = link.limitBitsPerSecond(device.powerMaxWatts());
        if (!(required < limit)) {
            return new BandwidthNeed.DeadlineImpossible(required, limit);
        }
        double least = link.leastBandwidthHz(required, device.powerMaxWatts());
        if (least > device.bandwidthMaxHz()) {
            return new BandwidthNeed.AboveDeviceMaximum(least, device.bandwidthMaxHz());
        }
        double watts = powerMaxWatts(device, node);
        if (watts < device.powerMaxWatts()) {
            double leastWatts = link.leastPowerWatts(required, device.bandwidthMaxHz());
            if (!(watts > 0) || !((least = link.leastBandwidthHz(required, watts)) <= device.bandwidthMaxHz())) {
                return new BandwidthNeed.AbovePowerBudget(leastWatts, watts);
            }
        }
        return new BandwidthNeed.Least(least);
    }

    /** What the device may use at the node: its own p^max, and never more than the node's whole budget P_j. */
    public static double powerMaxWatts(UserDevice device, EdgeNode node) {
        return node.powerWatts() == null ? device.powerMaxWatts() : Math.min(device.powerMaxWatts(), node.powerWatts());
    }
}
