package org.qexit.allocation.energy;

import java.util.Arrays;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.search.CapacityPrices;

/**
 * The Lagrangian bound of {@link EnergyModel} with prices on bandwidth, compute and power,
 *
 * <pre>  L(α, β, ν) = Σ_j (α_j B_j + β_j W_j + ν_j P_j)
 *               + Σ_n max_{j,s} [fair_ns − β_j load_ns − min_b (α_j b + (ν_j + wattCost_ns) π_nj(b))]</pre>
 *
 * minimised by the volume algorithm as {@link CapacityPrices}. Any prices ≥ 0 give a bound. On the way the inner minimum is taken from
 * chord tables, which only weakens it.
 */
final class EnergyPrices {
    private final EnergyModel model;
    /** {@code [device][link]}: what is left of the pairs. */
    int[][] open;

    final double[] alpha;
    final double[] beta;
    final double[] nu;
    double bound = Double.POSITIVE_INFINITY;

    /** Of the last evaluation: {@code [device][position in open]} and the best of them. */
    final double[][] gain;

    final int[] link;
    private final int[] step;
    private double bestOfPair;
    private int stepOfPair;

    EnergyPrices(EnergyModel model) {
        this.model = model;
        alpha = new double[model.nodes];
        beta = new double[model.nodes];
        nu = new double[model.nodes];
        gain = new double[model.devices][];
        link = new int[model.devices];
        step = new int[model.devices];
        open = new int[model.devices][];
        for (int n = 0; n < model.devices; n++) {
            int links = model.allowed[n].length;
            gain[n] = new double[links];
            open[n] = new int[links];
            Arrays.setAll(open[n], i -> i);
        }
    }

    void start(double[] a, double[] b, double[] v) {
        System.arraycopy(a, 0, alpha, 0, alpha.length);
        System.arraycopy(b, 0, beta, 0, beta.length);
        System.arraycopy(v, 0, nu, 0, nu.length);
    }

    /** Improves the prices on the open pairs; stops at a bound of {@code enough}. */
    void run(int iterations, double enough, Deadline deadline) {
        int m = model.nodes;
        double[] a = alpha.clone();
        double[] b = beta.clone();
        double[] v = nu.clone();
        double[][] use = new double[3][m];
        double[][] mean = new double[3][m];
        double lambda = 0.3;
        int stale = 0;
        bound = Double.POSITIVE_INFINITY;
        for (int it = 0; it < iterations; it++) {
            double value = evaluate(a, b, v, use, false);
            double mix = it == 0 ? 1 : 0.15;
            for (int r = 0; r < 3; r++) {
                for (int j = 0; j < m; j++) {
                    mean[r][j] += mix * (use[r][j] - mean[r][j]);
                }
            }
            if (value < bound) {
                bound = value;
                start(a, b, v);
                lambda = Math.min(1.8, lambda * 1.1);
                stale = 0;
            } else if (++stale >= 6) {
                lambda *= 0.66;
                stale = 0;
            }
            if (bound <= enough || lambda < 1e-5 || deadline.passed()) {
                break;
            }
            double norm = 0;
            for (int j = 0; j < m; j++) {
                norm += square(mean[0][j] - 1, alpha[j]) + square(mean[1][j] - 1, beta[j]);
                norm += finite(j) ? square(mean[2][j] - 1, nu[j]) : 0;
            }
            if (norm < 1e-14) {
                break;
            }
            double aim = Math.max(enough, bound - 0.05 * Math.max(1e-3, Math.abs(bound)));
            double length = lambda * Math.max(bound - aim, 1e-6 * Math.max(1e-6, Math.abs(bound))) / norm;
            for (int j = 0; j < m; j++) {
                a[j] = Math.max(0, alpha[j] + length * (mean[0][j] - 1) / positive(model.bandwidth[j]));
                b[j] = Math.max(0, beta[j] + length * (mean[1][j] - 1) / positive(model.compute[j]));
                v[j] = finite(j) ? Math.max(0, nu[j] + length * (mean[2][j] - 1) / positive(model.power[j])) : 0;
            }
        }
        evaluate(alpha, beta, nu, use, false);
    }

    private boolean finite(int j) {
        return model.power[j] < Double.POSITIVE_INFINITY;
    }

    private static double square(double slack, double price) {
        return slack < 0 && price == 0 ? 0 : slack * slack;
    }

    private static double positive(double capacity) {
        return capacity > 0 ? capacity : 1;
    }

    /** L at the best prices with exact inner minima. */
    double exactBound() {
        return evaluate(alpha, beta, nu, new double[3][model.nodes], true);
    }

    private double evaluate(double[] a, double[] b, double[] v, double[][] use, boolean exact) {
        double total = 0;
        for (int j = 0; j < model.nodes; j++) {
            total += a[j] * model.bandwidth[j] + b[j] * model.compute[j];
            total += finite(j) ? v[j] * model.power[j] : 0;
        }
        for (double[] row : use) {
            Arrays.fill(row, 0);
        }
        for (int n = 0; n < model.devices; n++) {
            double best = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < open[n].length; k++) {
                int i = open[n][k];
                int j = model.allowed[n][i];
                price(n, i, a[j], b[j], v[j], exact);
                gain[n][k] = bestOfPair;
                if (bestOfPair > best) {
                    best = bestOfPair;
                    link[n] = i;
                    step[n] = stepOfPair;
                }
            }
            total += best;
            if (open[n].length > 0) {
                int j = model.allowed[n][link[n]];
                double perWatt = v[j] + model.wattCost[n][step[n]];
                double watts = model.costWatts(n, link[n], a[j], perWatt);
                double cost = model.cost(n, link[n], a[j], perWatt);
                double hz = a[j] > 0
                        ? (cost - perWatt * watts) / a[j]
                        : perWatt > 0 ? model.curves[n][link[n]].mostHz() : model.curves[n][link[n]].leastHz();
                use[0][j] += hz / positive(model.bandwidth[j]);
                use[1][j] += model.load[n][step[n]] / positive(model.compute[j]);
                use[2][j] += finite(j) ? watts / positive(model.power[j]) : 0;
            }
        }
        return total;
    }

    private void price(int n, int i, double a, double b, double v, boolean exact) {
        double[] fair = model.fair[n];
        double[] load = model.load[n];
        double[] cost = model.wattCost[n];
        bestOfPair = Double.NEGATIVE_INFINITY;
        boolean free = cost[cost.length - 1] == 0;
        double common = free ? radio(n, i, a, v, exact) : 0;
        for (int s = 0; s < fair.length; s++) {
            double value = fair[s] - b * load[s] - (free ? common : radio(n, i, a, v + cost[s], exact));
            if (value > bestOfPair) {
                bestOfPair = value;
                stepOfPair = s;
            }
        }
    }

    private double radio(int n, int i, double a, double perWatt, boolean exact) {
        return exact ? EnergyModel.exact(model.curves[n][i], a, perWatt) : model.cost(n, i, a, perWatt);
    }

    /** What each device is worth at these prices, as prices for the search of {@code relaxed}. */
    double[] devicePrices(JointModel relaxed) {
        evaluate(alpha, beta, nu, new double[3][model.nodes], false);
        double[] y = new double[model.devices];
        for (int n = 0; n < y.length; n++) {
            y[n] = relaxed.top[n] - Arrays.stream(gain[n]).max().orElse(0);
        }
        return y;
    }

    /** The node that the last evaluation chose for each device. */
    int[] choice() {
        int[] node = new int[model.devices];
        for (int n = 0; n < node.length; n++) {
            node[n] = model.allowed[n][link[n]];
        }
        return node;
    }
}
