package org.qexit.allocation.search;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;

/**
 * The Lagrangian bound with prices on the nodes' capacities,
 *
 * <pre>  L(α, β) = Σ_j (α_j B_j + β_j W_j) + Σ_n max_{j,s} (value_n[s] − α_j need_nj − β_j load_n[s])  ≥  optimum,</pre>
 *
 * minimised by the volume algorithm (Barahona and Anbil, 2000). Any α, β ≥ 0 give a bound, so rounding and early stops only
 * weaken it. Its limit is the bound of the linear relaxation. Devices are priced in parallel and summed in their order: the
 * result does not depend on the number of threads.
 */
public final class CapacityPrices {
    /** Enough for convergence: progress is looked at every {@link #CHECK_EVERY} steps, which ends most runs far earlier. */
    private static final int STEPS = 2000;

    private static final int CHECK_EVERY = 150;
    /** Pairs of device and node from which threads pay. */
    private static final int PARALLEL_FROM = 20_000;

    private static final double TIE = 1e-12;

    private final JointModel model;
    private final boolean commonStart;
    private final int links;
    /** Best prices found, per Hz and per compute unit. */
    public final double[] alpha;

    public final double[] beta;
    /** L at the best prices. */
    public double bound = Double.POSITIVE_INFINITY;

    private final int[] bestNode;
    private final double[] bestGain;
    private final int[] bestStep;

    public CapacityPrices(JointModel model) {
        this(model, true);
    }

    /** Without the common start the prices of bandwidth grow along the way: less sharp, yet a better guide to device prices. */
    public CapacityPrices(JointModel model, boolean commonStart) {
        this.model = model;
        this.commonStart = commonStart;
        this.alpha = new double[model.nodes];
        this.beta = new double[model.nodes];
        this.bestNode = new int[model.devices];
        this.bestGain = new double[model.devices];
        this.bestStep = new int[model.devices];
        this.links = Arrays.stream(model.allowed).mapToInt(a -> a.length).sum();
    }

    /** Runs until the bound hardly falls, without a known feasible value. */
    public CapacityPrices converge(Deadline deadline) {
        return run(STEPS, deadline);
    }

    /** Runs at most {@code iterations} steps without a known feasible value. */
    public CapacityPrices run(int iterations, Deadline deadline) {
        return run(iterations, Double.NEGATIVE_INFINITY, deadline);
    }

    /** Runs at most {@code iterations} steps; {@code target} is a known feasible value, or −∞. */
    public CapacityPrices run(int iterations, double target, Deadline deadline) {
        int m = model.nodes;
        if (bound == Double.POSITIVE_INFINITY && commonStart) {
            Arrays.fill(beta, commonComputePrice());
        }
        double[] a = alpha.clone();
        double[] b = beta.clone();
        double[] averageB = new double[m];
        double[] averageW = new double[m];
        double[] useB = new double[m];
        double[] useW = new double[m];
        double lambda = 0.1;
        int stale = 0;
        int good = 0;
        double worst = -model.worstValue();
        int sinceCheck = 0;
        double atCheck = Double.POSITIVE_INFINITY;
        for (int it = 0; it < iterations && !deadline.passed(); it++) {
            double value = evaluate(a, b, useB, useW);
            double mix = it == 0 ? 1 : 0.1;
            for (int j = 0; j < m; j++) {
                averageB[j] += mix * (useB[j] - averageB[j]);
                averageW[j] += mix * (useW[j] - averageW[j]);
            }
            if (value < bound) {
                // A step is green if the subgradients before and after agree: then the step may grow.
                double agree = 0;
                for (int j = 0; j < m; j++) {
                    agree += (averageB[j] - 1) * (useB[j] - 1) + (averageW[j] - 1) * (useW[j] - 1);
                }
                bound = value;
                System.arraycopy(a, 0, alpha, 0, m);
                System.arraycopy(b, 0, beta, 0, m);
                stale = 0;
                if (agree > 0 && ++good >= 1) {
                    lambda = Math.min(2, lambda * 1.1);
                    good = 0;
                }
            } else if (++stale >= 15) {
                lambda = Math.max(lambda * 0.7, 1e-4);
                stale = 0;
            }
            if (++sinceCheck == CHECK_EVERY) {
                if (atCheck - bound < 2e-6 * Math.max(1e-9, Math.abs(bound))) {
                    break;
                }
                atCheck = bound;
                sinceCheck = 0;
            }
            double norm = 0;
            for (int j = 0; j < m; j++) {
                double gb = averageB[j] - 1;
                double gw = averageW[j] - 1;
                norm += (gb < 0 && alpha[j] == 0 ? 0 : gb * gb) + (gw < 0 && beta[j] == 0 ? 0 : gw * gw);
            }
            if (norm < 1e-14) {
                break;
            }
            // Where even free compute is enough the bound is 0: then the worst value sets the scale.
            double aim = Math.max(target, bound - Math.max(0.05 * Math.abs(bound), 1e-6 * worst + 1e-9));
            double step = lambda * Math.max(bound - aim, 1e-6 * Math.max(1e-9, Math.abs(bound))) / norm;
            for (int j = 0; j < m; j++) {
                a[j] = Math.max(0, alpha[j] + step * (averageB[j] - 1) / positive(model.bandwidth[j]));
                b[j] = Math.max(0, beta[j] + step * (averageW[j] - 1) / positive(model.compute[j]));
            }
        }
        if (bound < Double.POSITIVE_INFINITY) {
            evaluate(alpha, beta, useB, useW);
        }
        return this;
    }

    /** A node without capacity serves nobody: any scale will do for its price. */
    private static double positive(double capacity) {
        return capacity > 0 ? capacity : 1;
    }

    /** The compute price that clears the market if all nodes were one with all their compute. */
    private double commonComputePrice() {
        double total = Arrays.stream(model.compute).sum();
        double low = 0;
        double high = 1e-6;
        while (load(high) > total && high < 1e12) {
            low = high;
            high *= 4;
        }
        if (load(0) <= total) {
            return 0;
        }
        for (int i = 0; i < 50; i++) {
            double middle = (low + high) / 2;
            if (load(middle) > total) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private double load(double price) {
        double sum = 0;
        for (int n = 0; n < model.devices; n++) {
            sum += model.load[n][model.bestStep(n, price)];
        }
        return sum;
    }

    /** L at the given prices; {@code useB}, {@code useW} get each node's use as a share of its capacity. */
    private double evaluate(double[] a, double[] b, double[] useB, double[] useW) {
        IntStream devices = IntStream.range(0, model.devices);
        (links >= PARALLEL_FROM ? devices.parallel() : devices).forEach(n -> price(n, a, b));
        Arrays.fill(useB, 0);
        Arrays.fill(useW, 0);
        double total = 0;
        for (int j = 0; j < model.nodes; j++) {
            total += a[j] * model.bandwidth[j] + b[j] * model.compute[j];
        }
        for (int n = 0; n < model.devices; n++) {
            int j = bestNode[n];
            total += bestGain[n];
            useB[j] += model.need[n][j] / model.bandwidth[j];
            useW[j] += model.load[n][bestStep[n]] / model.compute[j];
        }
        return total;
    }

    private void price(int n, double[] a, double[] b) {
        double best = Double.NEGATIVE_INFINITY;
        for (int j : model.allowed[n]) {
            int s = model.bestStep(n, b[j]);
            double gain = model.value[n][s] - a[j] * model.need[n][j] - b[j] * model.load[n][s] - model.penalty(n, j);
            // Ties, which are the rule at common prices, go to the node where the device takes the smallest part.
            if (gain > best + TIE || gain > best - TIE && bestPart(n, j) < bestPart(n, bestNode[n])) {
                best = Math.max(best, gain);
                bestNode[n] = j;
                bestStep[n] = s;
            }
        }
        bestGain[n] = best;
    }

    private double bestPart(int n, int j) {
        return model.need[n][j] / positive(model.bandwidth[j]);
    }

    /** Number of pairs of device and node. */
    public int pairs() {
        return links;
    }

    /** The bound on the true objective. */
    public double trueBound() {
        return bound + model.offset;
    }

    /** What serving each device costs at the best prices: a start for device prices. */
    double[] devicePrices() {
        double[] y = new double[model.devices];
        for (int n = 0; n < y.length; n++) {
            y[n] = Math.max(0, -bestGain[n]);
        }
        return y;
    }

    /** value − prices · use of the pair at its best step, under the best prices. */
    double gain(int n, int j) {
        int s = model.bestStep(n, beta[j]);
        return model.value[n][s] - alpha[j] * model.need[n][j] - beta[j] * model.load[n][s] - model.penalty(n, j);
    }

    /** How much the bound falls if device n is forced to node j: the pair can be dropped if bound − this is below a plan's value. */
    double reducedCost(int n, int j) {
        return bestGain[n] - gain(n, j);
    }
}
