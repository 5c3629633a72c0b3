package org.qexit.allocation.problem;

import java.util.function.DoubleUnaryOperator;
import org.qexit.edge.DeadlineCurve;

/**
 * Bandwidth and power of one node's devices at fixed thresholds, exactly:
 *
 * <pre>  min Σ c_n π_n(b_n)   s.t.   Σ b_n ≤ B [λ],   Σ π_n(b_n) ≤ P [ν],   b̲_n ≤ b_n ≤ b̄_n</pre>
 *
 * with the convex power curves π_n of {@link DeadlineCurve} and c_n = κ·load_n·t_n the cost of a watt. At prices (λ, ν) the problem falls
 * apart into b_n = argmin λ b + (c_n + ν) π_n(b); the search is one monotone equation per price, nested. Where all c_n are 0 the least
 * total bandwidth within the power budget is taken instead, min Σ b_n: without a budget that is the projection (p^max, b̲).
 *
 * @param hz b_n, {@code [device]}
 * @param watts π_n(b_n), {@code [device]}
 * @param bandwidthPrice λ, 0 where all c_n are 0
 * @param powerPrice ν; where all c_n are 0 in Hz per watt
 * @param residual largest relative violation of stationarity, complementarity and feasibility
 */
public record NodeRadio(double[] hz, double[] watts, double bandwidthPrice, double powerPrice, double residual) {
    /** Sums may exceed a capacity by this share, as in {@link JointModel}. */
    private static final double ROUNDING = JointModel.ROUNDING;

    private static final int STEPS = 80;
    /** Beyond this multiple of the largest cost a power price leaves the costs no say. */
    private static final double DOMINANT = 1e9;

    /** Solves; null if the devices do not fit. Costs are per watt, all 0 or all positive. */
    public static NodeRadio solve(DeadlineCurve[] curves, double[] costs, double bandwidthHz, double budgetWatts) {
        NodeRadio least = leastBandwidth(curves, budgetWatts);
        if (least == null || !(sum(least.hz) <= bandwidthHz * (1 + ROUNDING))) {
            return null;
        }
        double largest = 0;
        for (double cost : costs) {
            largest = Math.max(largest, cost);
        }
        if (!(largest > 0)) {
            return least;
        }
        Shares free = byBandwidth(curves, costs, 0, bandwidthHz);
        if (sum(free.watts) <= budgetWatts) {
            return free.done(curves, costs, 0, bandwidthHz, budgetWatts);
        }
        double low = Math.log(largest / DOMINANT);
        double high = Math.log(largest * DOMINANT);
        DoubleUnaryOperator excess =
                y -> Math.log(sum(byBandwidth(curves, costs, Math.exp(y), bandwidthHz).watts) / budgetWatts);
        if (excess.applyAsDouble(high) > 0) {
            // The budget leaves no choice: what is feasible at all is optimal up to the tolerance of the sums.
            double scale = largest * DOMINANT;
            double price = least.powerPrice > 0 ? scale / least.powerPrice : scale;
            return new NodeRadio(least.hz, least.watts, price, scale, least.residual);
        }
        double nu = Math.exp(lastFeasible(excess, low, high));
        return byBandwidth(curves, costs, nu, bandwidthHz).done(curves, costs, nu, bandwidthHz, budgetWatts);
    }

    /** min Σ b_n within the power budget; null if no bandwidth suffices. */
    public static NodeRadio leastBandwidth(DeadlineCurve[] curves, double budgetWatts) {
        double most = 0;
        double fewest = 0;
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        for (DeadlineCurve curve : curves) {
            most += curve.mostWatts();
            fewest += curve.leastWatts();
            low = Math.min(low, curve.slopeAtMostHz());
            high = Math.max(high, curve.slopeAtLeastHz());
        }
        if (most <= budgetWatts * (1 + ROUNDING)) {
            return at(curves, Double.POSITIVE_INFINITY).done(curves, null, 0, Double.POSITIVE_INFINITY, budgetWatts);
        }
        if (!(fewest <= budgetWatts * (1 + ROUNDING))) {
            return null;
        }
        // The price ratio falls from high to low as the power price grows.
        DoubleUnaryOperator excess = y -> Math.log(sum(at(curves, Math.exp(-y)).watts) / budgetWatts);
        double y = lastFeasible(excess, -Math.log(high), -Math.log(low));
        return at(curves, Math.exp(-y)).done(curves, null, Math.exp(y), Double.POSITIVE_INFINITY, budgetWatts);
    }

    /** Shares at a common price ratio μ [W/Hz]. */
    private static Shares at(DeadlineCurve[] curves, double ratio) {
        Shares shares = new Shares(new double[curves.length], new double[curves.length], 0);
        for (int n = 0; n < curves.length; n++) {
            shares.hz[n] = ratio == Double.POSITIVE_INFINITY ? curves[n].leastHz() : curves[n].bestHz(ratio);
            shares.watts[n] = power(curves[n], shares.hz[n]);
        }
        return shares;
    }

    /** The optimum at the power price ν without a power budget. */
    private static Shares byBandwidth(DeadlineCurve[] curves, double[] costs, double nu, double bandwidthHz) {
        double widest = 0;
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        for (int n = 0; n < curves.length; n++) {
            widest += curves[n].mostHz();
            low = Math.min(low, (costs[n] + nu) * curves[n].slopeAtMostHz());
            high = Math.max(high, (costs[n] + nu) * curves[n].slopeAtLeastHz());
        }
        if (widest <= bandwidthHz) {
            return priced(curves, costs, nu, 0);
        }
        DoubleUnaryOperator excess = y -> {
            double sum = 0;
            for (int n = 0; n < curves.length; n++) {
                sum += curves[n].bestHz(Math.exp(y) / (costs[n] + nu));
            }
            return Math.log(sum / bandwidthHz);
        };
        double y = lastFeasible(excess, Math.log(low), Math.log(high));
        return priced(curves, costs, nu, Math.exp(y));
    }

    private static Shares priced(DeadlineCurve[] curves, double[] costs, double nu, double lambda) {
        Shares shares = new Shares(new double[curves.length], new double[curves.length], lambda);
        for (int n = 0; n < curves.length; n++) {
            shares.hz[n] = curves[n].bestHz(lambda / (costs[n] + nu));
            shares.watts[n] = power(curves[n], shares.hz[n]);
        }
        return shares;
    }

    private static double power(DeadlineCurve curve, double hz) {
        return hz == curve.leastHz() ? curve.mostWatts() : curve.watts(hz);
    }

    /**
     * The least y in [low, high] with f(y) ≤ 0 for a falling f, by false position with bisections; f(high) is taken for granted to be
     * ≤ 0 up to rounding.
     */
    private static double lastFeasible(DoubleUnaryOperator f, double low, double high) {
        double a = low;
        double fa = f.applyAsDouble(a);
        if (fa <= 0) {
            return a;
        }
        double b = high;
        double fb = f.applyAsDouble(b);
        for (int i = 0; i < STEPS && b - a > 1e-15 * Math.max(1, Math.abs(b)) && fb < -1e-14; i++) {
            double chord = a + (b - a) * fa / (fa - fb);
            double y = i % 3 != 2 && chord > a && chord < b ? chord : (a + b) / 2;
            double value = f.applyAsDouble(y);
            if (value <= 0) {
                b = y;
                fb = value;
            } else {
                a = y;
                fa = value;
            }
        }
        return b;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    /** Shares on the way to a solution. */
    private record Shares(double[] hz, double[] watts, double lambda) {
        NodeRadio done(DeadlineCurve[] curves, double[] costs, double nu, double bandwidthHz, double budgetWatts) {
            double worst = Math.max(0, Math.max(sum(hz) / bandwidthHz, sum(watts) / budgetWatts) - 1);
            double perHz = costs == null ? 1 : lambda;
            if (lambda > 0) {
                worst = Math.max(worst, Math.abs(1 - sum(hz) / bandwidthHz));
            }
            if (nu > 0) {
                worst = Math.max(worst, Math.abs(1 - sum(watts) / budgetWatts));
            }
            for (int n = 0; n < hz.length; n++) {
                double perWatt = (costs == null ? 0 : costs[n]) + nu;
                double saved = perWatt * curves[n].wattsPerHz(hz[n]);
                double wrong = saved - perHz;
                boolean atLeast = hz[n] <= curves[n].leastHz();
                boolean atMost = hz[n] >= curves[n].mostHz();
                boolean fine = atLeast && wrong <= 0 || atMost && wrong >= 0;
                if (!fine) {
                    worst = Math.max(worst, Math.abs(wrong) / Math.max(saved, perHz));
                }
            }
            return new NodeRadio(hz, watts, costs == null ? 0 : lambda, nu, worst);
        }
    }
}
