package org.qexit.edge;

import org.qexit.common.Checks;

/**
 * What one link trades when it just meets its deadline: the least power π(b) for a bandwidth b, r_se(b, π(b)) = R = D/t.
 *
 * <p>Why this is the whole story. With x = p/b the rate is b·φ(x), φ(x) = −log₂(1 − τ(x)), τ = (γ − γ_EV)x / (1 + γx), and φ is increasing
 * and concave. The energy of an event is p·D/r_se = D·x/φ(x): it depends on x alone and increases with it, so that p·D/r_se is not jointly
 * convex, yet less power at the same bandwidth always costs less. Hence the deadline is met with equality wherever energy or power has a
 * price, and
 *
 * <pre>  b = R/φ(x),   π = R·x/φ(x),   energy per event = π(b)·t,   π'(b) = −(φ − xφ')/φ' = −h(x)</pre>
 *
 * π is convex and decreasing: its epigraph is {r_se(b, p) ≥ R}, a level set of a concave function (r_se is the perspective of φ). h
 * increases from 0, between linearly and quadratically, so that ln h(x) = ln μ has one root, which Newton's method in ln x meets
 * in a few steps. All forms are free of cancellation.
 */
public final class DeadlineCurve {
    private static final double LN2 = Math.log(2);
    /** Below this τ the series of −ln(1−τ) − τ is used; its {@value #TERMS} terms leave less than an ulp. */
    private static final double SMALL = 0.05;

    private static final int TERMS = 13;
    private static final int ROOT_STEPS = 60;
    /** Powers are raised by this share, so that a checker with another formula still sees the deadline met. */
    private static final double MARGIN = 1e-12;

    private final SecrecyLink link;
    private final double nats;
    private final double leastHz;
    private final double mostHz;
    private final double mostWatts;
    private final double leastWatts;
    /** x at (leastHz, mostWatts) and at (mostHz, leastWatts), and h there. */
    private final double xNarrow;

    private final double xWide;
    private final double slopeNarrow;
    private final double slopeWide;

    private DeadlineCurve(SecrecyLink link, double bitsPerSecond, double leastHz, double mostHz, double mostWatts) {
        this.link = link;
        this.nats = bitsPerSecond * LN2;
        this.leastHz = leastHz;
        this.mostHz = mostHz;
        this.mostWatts = mostWatts;
        this.leastWatts = watts(mostHz);
        this.xNarrow = mostWatts / leastHz;
        this.xWide = leastWatts / mostHz;
        this.slopeNarrow = slope(xNarrow);
        this.slopeWide = Math.min(slope(xWide), slopeNarrow);
    }

    /**
     * The curve between two ends.
     *
     * @param leastHz least bandwidth at {@code mostWatts}
     * @param mostHz what the device may use at most, not below {@code leastHz}
     * @throws IllegalArgumentException if the rate is not reached at (leastHz, mostWatts) to nine digits
     */
    public static DeadlineCurve of(
            SecrecyLink link, double bitsPerSecond, double leastHz, double mostHz, double mostWatts) {
        Checks.positive("bitsPerSecond", bitsPerSecond);
        Checks.positive("leastHz", leastHz);
        Checks.positive("mostWatts", mostWatts);
        if (!(mostHz >= leastHz)) {
            throw new IllegalArgumentException("mostHz is " + mostHz + "; expected at least " + leastHz);
        }
        double rate = link.bitsPerSecond(leastHz, mostWatts);
        if (!(rate >= bitsPerSecond * (1 - 1e-9))) {
            throw new IllegalArgumentException("rate is " + rate + " at " + leastHz + " Hz and " + mostWatts
                    + " W; expected at least " + bitsPerSecond);
        }
        return new DeadlineCurve(link, bitsPerSecond, leastHz, mostHz, mostWatts);
    }

    public double leastHz() {
        return leastHz;
    }

    public double mostHz() {
        return mostHz;
    }

    /** π(mostHz). */
    public double leastWatts() {
        return leastWatts;
    }

    public double mostWatts() {
        return mostWatts;
    }

    /** π(b) for b within the ends, never above the most power. */
    public double watts(double hz) {
        double watts = link.leastPowerWatts(nats / LN2, hz);
        double margin = MARGIN;
        while (watts < mostWatts && link.bitsPerSecond(hz, watts * (1 + margin)) * LN2 < nats) {
            margin *= 2;
        }
        return Math.min(watts * (1 + margin), mostWatts);
    }

    /** −π'(b) [W/Hz] ≥ 0. */
    public double wattsPerHz(double hz) {
        return slope(watts(hz) / hz);
    }

    /** The b that minimises μ·b + π(b) for a price ratio μ ≥ 0 [W/Hz]. */
    public double bestHz(double price) {
        if (!(price > slopeWide)) {
            return mostHz;
        }
        if (!(price < slopeNarrow)) {
            return leastHz;
        }
        return Math.min(mostHz, Math.max(leastHz, nats / logTerm(root(price))));
    }

    /** −π' at the widest band: below this price all bandwidth is worth taking. */
    public double slopeAtMostHz() {
        return slopeWide;
    }

    /** −π' at the narrowest band: above this price the least bandwidth is best. */
    public double slopeAtLeastHz() {
        return slopeNarrow;
    }

    /** The x with h(x) = price, bracketed by the ends. */
    private double root(double price) {
        double low = Math.log(xWide);
        double high = Math.log(xNarrow);
        // Near quadratic at small x: that guess is within a step or two of the root.
        double y = high - Math.min(high - low, 0.5 * Math.log(slopeNarrow / price));
        for (int i = 0; i < ROOT_STEPS; i++) {
            double x = Math.exp(y);
            double h = slope(x);
            double error = Math.log(h / price);
            if (error > 0) {
                high = y;
            } else {
                low = y;
            }
            if (Math.abs(error) < 4e-16 || high - low < 1e-15 * Math.max(1, Math.abs(y))) {
                break;
            }
            double steepness = x * logTerm(x) * curvature(x) / h;
            double next = y - error / steepness;
            y = next > low && next < high ? next : (low + high) / 2;
        }
        return Math.exp(y);
    }

    /** τ(x), the share of the received power that secrecy leaves. */
    private double share(double x) {
        return (link.gainPerNoise() - link.eavesdropperGainPerNoise()) * x / (1 + link.gainPerNoise() * x);
    }

    /** φ in nats: −ln(1−τ) = ln(1 + (u−v)/(1+v)); the latter holds for τ near 1, too. */
    private double logTerm(double x) {
        double heard = link.eavesdropperGainPerNoise();
        return Math.log1p((link.gainPerNoise() - heard) * x / (1 + heard * x));
    }

    /** h = (φ − xφ')/φ'; numerator −ln(1−τ) − τ + τ·v/(1+v) with v = γ_EV·x. */
    private double slope(double x) {
        double gain = link.gainPerNoise();
        double heard = link.eavesdropperGainPerNoise();
        double share = share(x);
        double v = heard * x;
        double numerator = excess(x, share) + share * v / (1 + v);
        return numerator * (1 + gain * x) / (gain - heard) * (1 + v);
    }

    /** h'/φ in nats: (γ(1+v) + γ_EV(1+u)) / (γ − γ_EV). */
    private double curvature(double x) {
        double gain = link.gainPerNoise();
        double heard = link.eavesdropperGainPerNoise();
        return (gain * (1 + heard * x) + heard * (1 + gain * x)) / (gain - heard);
    }

    /** −ln(1−τ) − τ = τ²/2 + τ³/3 + … */
    private double excess(double x, double share) {
        if (share > SMALL) {
            return logTerm(x) - share;
        }
        double sum = 0;
        for (int k = TERMS + 1; k >= 2; k--) {
            sum = sum * share + 1.0 / k;
        }
        return sum * share * share;
    }
}
