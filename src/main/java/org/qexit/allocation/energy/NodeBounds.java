package org.qexit.allocation.energy;

import static org.qexit.allocation.energy.NodeTrial.BANDWIDTH;
import static org.qexit.allocation.energy.NodeTrial.COMPUTE;
import static org.qexit.allocation.energy.NodeTrial.POWER;

import java.util.Arrays;

/**
 * The Lagrangian bound of the sets of a {@link NodePart}: for any prices λ, β, ν ≥ 0 of node j's bandwidth, compute and power
 *
 * <pre>  Σ_S Y_n + V_j(S) ≤ λ B + β W + ν P + Σ_{n in} g_n + Σ_{n may} max(0, g_n)
 *   g_n = Y_n + max over steps s of the part's range of fair_ns − β load_ns − min_b (λ b + (ν + wattCost_ns) π_nj(b))</pre>
 *
 * with inner minima of {@link EnergyModel#cost}. It is convex in the prices, and lowered along its tangents, one price after the other. Serves
 * one thread at a time.
 */
final class NodeBounds {
    /** The first step of a price, as a factor; the next ones are larger. */
    private static final double STEP = 1.3;

    private static final double FURTHEST = 1e9;
    /** Compute and power are often worth nothing: after steps so large nothing is tried. */
    private static final double FAR = 1e3;
    /** A price so small is tried first, as a part of what is earned by the whole resource. */
    private static final double SMALL = 1e-6;

    private static final int[] WITHOUT_BUDGET = {COMPUTE, BANDWIDTH, COMPUTE, BANDWIDTH, COMPUTE};
    private static final int[] WITH_BUDGET = {POWER, COMPUTE, BANDWIDTH, POWER, COMPUTE, BANDWIDTH, COMPUTE};
    private static final int TRIALS = 24;

    private final EnergyModel model;
    private final int j;
    private final boolean budget;
    /** {@code [item]}. */
    private int[] device = new int[0];

    private double[] reward = new double[0];
    /** {@code [item][position]}. */
    private int[][] steps = new int[0][];

    private int left;

    NodeBounds(EnergyModel model, int j) {
        this.model = model;
        this.j = j;
        this.budget = model.power[j] < Double.POSITIVE_INFINITY;
    }

    int items() {
        return device.length;
    }

    int device(int item) {
        return device[item];
    }

    double load(int item, int position) {
        return model.load[device[item]][steps[item][position]];
    }

    /** Starts with these devices, rewards Y and steps; the part of all their sets. */
    NodePart begin(int[] devices, double[] rewards, int[][] itsSteps) {
        device = devices;
        reward = rewards;
        steps = itsSteps;
        NodePart all = new NodePart(device.length);
        for (int k = 0; k < device.length; k++) {
            all.high[k] = steps[k].length - 1;
        }
        return all;
    }

    /**
     * Goes on with the devices and steps that can be part of a set that earns more than {@code floor}; the part of all their sets. Steps between
     * those of an envelope are taken in.
     */
    NodePart reduced(NodePart all, double floor) {
        double open = all.bound - floor;
        NodeTrial trial = all.trial;
        int[] devices = new int[device.length];
        double[] rewards = new double[device.length];
        int[][] some = new int[device.length][];
        byte[] mode = new byte[device.length];
        int count = 0;
        for (int k = 0; k < device.length; k++) {
            int[] kept = kept(k, trial, open);
            if (kept.length > 0) {
                devices[count] = device[k];
                rewards[count] = reward[k];
                some[count] = kept;
                mode[count++] = trial.gain()[k] > open ? NodePart.IN : NodePart.FREE;
            }
        }
        NodePart part = begin(Arrays.copyOf(devices, count), Arrays.copyOf(rewards, count), Arrays.copyOf(some, count));
        System.arraycopy(mode, 0, part.mode, 0, count);
        return part;
    }

    private int[] kept(int k, NodeTrial trial, double open) {
        int n = device[k];
        int i = model.linkTo[n][j];
        double enough = Math.max(0, trial.gain()[k]) - open;
        int[] kept = new int[model.load[n].length];
        int count = 0;
        for (int s = 0; s < kept.length && model.load[n][s] <= model.compute[j]; s++) {
            if (reward[k] + gain(n, i, s, trial.price()) >= enough) {
                kept[count++] = s;
            }
        }
        return Arrays.copyOf(kept, count);
    }

    /**
     * Lowers the bound of a part.
     *
     * @param start prices to begin with
     * @param floor a bound of at most this is enough
     * @param close prices that would gain less than this share of what is above the floor are not tried
     */
    void lower(NodePart part, double[] start, double floor, double close) {
        left = TRIALS;
        part.less = null;
        part.more = null;
        NodeTrial best = evaluate(part, start);
        for (int resource : budget ? WITH_BUDGET : WITHOUT_BUDGET) {
            if (best.value() > floor) {
                best = lowered(part, best, floor, resource, close);
            }
        }
        part.trial = best;
        part.bound = Math.min(part.bound, best.value());
    }

    /** By one price: steps until the slope turns, then to where the tangents of both sides meet. */
    private NodeTrial lowered(NodePart part, NodeTrial start, double floor, int resource, double close) {
        NodeTrial low = null;
        NodeTrial high = null;
        NodeTrial least = start;
        NodeTrial last = start;
        double factor = STEP;
        while (last.value() > floor) {
            if (last.slope()[resource] > 0) {
                high = last;
            } else {
                low = last;
            }
            double at;
            if (low != null && high != null) {
                if (resource == COMPUTE || part.less == null) {
                    part.less = low;
                    part.more = high;
                }
                at = meeting(low, high, resource);
                double here = low.value() + low.slope()[resource] * (at - low.price()[resource]);
                if (!(at > low.price()[resource] && at < high.price()[resource])
                        || here > least.value() - close * (least.value() - floor)) {
                    return least;
                }
            } else if (low == null) {
                if (high.price()[resource] == 0) {
                    return least;
                }
                at = factor > FAR && resource != BANDWIDTH ? 0 : high.price()[resource] / factor;
                factor *= factor;
            } else {
                double small = SMALL * Math.abs(low.value()) / capacity(resource);
                at = Math.max(low.price()[resource], small) * factor;
                factor *= factor;
            }
            if (left-- <= 0 || factor > FURTHEST) {
                return least;
            }
            double[] prices = start.price().clone();
            prices[resource] = at;
            last = evaluate(part, prices);
            least = last.value() < least.value() ? last : least;
        }
        return last;
    }

    private static double meeting(NodeTrial low, NodeTrial high, int resource) {
        double rise = low.value() - low.slope()[resource] * low.price()[resource];
        double fall = high.value() - high.slope()[resource] * high.price()[resource];
        return (fall - rise) / (low.slope()[resource] - high.slope()[resource]);
    }

    private double capacity(int resource) {
        return resource == BANDWIDTH ? model.bandwidth[j] : resource == COMPUTE ? model.compute[j] : model.power[j];
    }

    private double gain(int n, int i, int s, double[] at) {
        return model.fair[n][s]
                - at[COMPUTE] * model.load[n][s]
                - model.cost(n, i, at[BANDWIDTH], at[POWER] + model.wattCost[n][s]);
    }

    private NodeTrial evaluate(NodePart part, double[] at) {
        double[] slope = {model.bandwidth[j], model.compute[j], budget ? model.power[j] : 0};
        double value = at[BANDWIDTH] * slope[BANDWIDTH] + at[COMPUTE] * slope[COMPUTE];
        value += budget ? at[POWER] * slope[POWER] : 0;
        int[] chosen = new int[device.length];
        double[] gain = new double[device.length];
        for (int k = 0; k < chosen.length; k++) {
            int n = device[k];
            int i = model.linkTo[n][j];
            chosen[k] = -1;
            gain[k] = Double.NEGATIVE_INFINITY;
            for (int c = part.low[k]; c <= part.high[k] && part.mode[k] != NodePart.OUT; c++) {
                double own = reward[k] + gain(n, i, steps[k][c], at);
                if (own > gain[k]) {
                    gain[k] = own;
                    chosen[k] = c;
                }
            }
            if (part.mode[k] == NodePart.FREE && !(gain[k] > 0)) {
                chosen[k] = -1;
            }
            if (chosen[k] >= 0) {
                value += gain[k];
                use(n, i, steps[k][chosen[k]], at, slope);
            }
        }
        return new NodeTrial(at, value, slope, chosen, gain);
    }

    private void use(int n, int i, int s, double[] at, double[] slope) {
        double perWatt = at[POWER] + model.wattCost[n][s];
        double watts = model.costWatts(n, i, at[BANDWIDTH], perWatt);
        double cost = model.cost(n, i, at[BANDWIDTH], perWatt);
        slope[BANDWIDTH] -= at[BANDWIDTH] > 0 ? (cost - perWatt * watts) / at[BANDWIDTH] : model.curves[n][i].mostHz();
        slope[COMPUTE] -= model.load[n][s];
        slope[POWER] -= budget ? watts : 0;
    }
}
