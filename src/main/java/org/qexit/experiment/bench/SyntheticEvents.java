package org.qexit.experiment.bench;

import java.util.SplittableRandom;
import org.qexit.common.Checks;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/**
 * A stream of events whose law is known in closed form, so that true rates can be computed and not only counted. An event is
 * critical with probability {@code critical}; given its label the scores of the exits are independent, with
 * {@code P(C_q <= x | critical) = x^a_q} and {@code P(C_q <= x | normal) = 1 - (1 - x)^a_q},
 * {@code a_q = 1 + skill q/L} for q = 1..L: later exits know more.
 *
 * @param exits L
 * @param critical probability of a critical event
 * @param skill how much the last exit knows; 0 = nothing
 */
public record SyntheticEvents(int exits, double critical, double skill) {
    public SyntheticEvents {
        Checks.within("exits", exits, 1, 1000);
        Checks.within("critical", critical, 0, 1);
        Checks.nonNegative("skill", skill);
    }

    private double shape(int exit) {
        return 1 + skill * (exit + 1) / exits;
    }

    /** Draws {@code n} events. */
    public DeviceTrace draw(int n, SplittableRandom random) {
        long[] events = new long[n];
        byte[] labels = new byte[n];
        float[][] scores = new float[exits][n];
        for (int k = 0; k < n; k++) {
            events[k] = k;
            labels[k] = (byte) (random.nextDouble() < critical ? 1 : 0);
            for (int q = 0; q < exits; q++) {
                double x = Math.pow(random.nextDouble(), 1 / shape(q));
                scores[q][k] = (float) (labels[k] == 1 ? x : 1 - x);
            }
        }
        return new DeviceTrace("synthetic", events, labels, scores);
    }

    private double cumulative(int exit, boolean critical, double x) {
        return critical ? Math.pow(x, shape(exit)) : 1 - Math.pow(1 - x, shape(exit));
    }

    /** True probability that an event of a class is offloaded: {@code Σ_q Π_{t<q} P(l < C_t < u) · P(C_q >= u)}. */
    public double offloadRate(Thresholds pair, boolean critical) {
        if (pair.upper() == Thresholds.NEVER) {
            return 0;
        }
        double undecided = 1;
        double offloaded = 0;
        for (int q = 0; q < exits; q++) {
            double upper = cumulative(q, critical, pair.upper());
            offloaded += undecided * (1 - upper);
            undecided *= upper - cumulative(q, critical, pair.lower());
        }
        return offloaded;
    }

    /** True probability that an event is offloaded. */
    public double offloadRate(Thresholds pair) {
        return critical * offloadRate(pair, true) + (1 - critical) * offloadRate(pair, false);
    }

    /** True probability that the exit taken decides otherwise than the last exit alone would. */
    public double inconsistency(Thresholds pair) {
        return critical * inconsistency(pair, true) + (1 - critical) * inconsistency(pair, false);
    }

    private double inconsistency(Thresholds pair, boolean critical) {
        if (pair.upper() == Thresholds.NEVER) {
            return 0;
        }
        double belowLast = cumulative(exits - 1, critical, pair.upper());
        double undecided = 1;
        double differing = 0;
        for (int q = 0; q < exits - 1; q++) {
            double upper = cumulative(q, critical, pair.upper());
            double lower = cumulative(q, critical, pair.lower());
            differing += undecided * ((1 - upper) * belowLast + lower * (1 - belowLast));
            undecided *= upper - lower;
        }
        return differing;
    }
}
