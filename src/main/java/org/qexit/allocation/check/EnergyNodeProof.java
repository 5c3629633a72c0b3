package org.qexit.allocation.check;

import java.util.Arrays;

/**
 * Bounds what the devices of one node earn together where energy has a weight, for {@link PowerProof}: max over the sets S that fit, steps s and
 * bandwidths b of Σ_S (Y + ρ ln U_s − κ load_s t π(b)) s.t. Σ b ≤ B, Σ load ≤ W, Σ π(b) ≤ P. At any prices λ, β, ν of the three resources it is at
 * most λ B + β W + ν P plus what every device earns at these prices by itself. Where the best prices found leave it above the aim, a device is taken
 * in or left out, or its steps are halved, and both parts are bounded, depth first. Written for the check alone.
 */
final class EnergyNodeProof {
    private static final int MOST_PARTS = 100_000;
    private static final double ROUNDING = 1e-12;
    private static final int SWEEPS = 3;
    private static final int LAST_SWEEPS = 12;
    private static final int TRIALS = 10;
    private static final double DOUBLE = 2;
    private static final double ENOUGH = 0.03;

    private final double[] capacity;
    private final double[] start;
    private int size;
    private PlainCosts[] costs = new PlainCosts[16];
    private double[] reward = new double[16];
    private double[] perLoad = new double[16];
    private double[][] loads = new double[16][];
    private double[][] values = new double[16][];
    private double floor;
    private int parts;

    /** @param start λ, β, ν to begin with; ν = 0 without a power budget */
    EnergyNodeProof(double hertz, double units, double watts, double... start) {
        this.capacity = new double[] {hertz, units, watts};
        this.start = start.clone();
    }

    private boolean budget() {
        return capacity[2] < Double.POSITIVE_INFINITY;
    }

    /** @param itsPerLoad κ t: the price of a watt per unit of load */
    void add(PlainCosts radio, double itsReward, double[] itsLoads, double[] itsValues, double itsPerLoad) {
        int count = 0;
        while (count < itsLoads.length && itsLoads[count] <= capacity[1]) {
            count++;
        }
        if (count == 0) {
            return;
        }
        if (size == costs.length) {
            costs = Arrays.copyOf(costs, 2 * size);
            reward = Arrays.copyOf(reward, 2 * size);
            perLoad = Arrays.copyOf(perLoad, 2 * size);
            loads = Arrays.copyOf(loads, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        costs[size] = radio;
        reward[size] = itsReward;
        perLoad[size] = itsPerLoad;
        loads[size] = Arrays.copyOf(itsLoads, count);
        values[size++] = Arrays.copyOf(itsValues, count);
    }

    /** What is decided: +1 in, -1 out, 0 open; and the range of steps of each device. */
    private record Part(int[] in, int[] first, int[] last) {
        Part with(int k, int itsIn, int itsFirst, int itsLast) {
            Part part = new Part(in.clone(), first.clone(), last.clone());
            part.in[k] = itsIn;
            part.first[k] = itsFirst;
            part.last[k] = itsLast;
            return part;
        }
    }

    /** At some prices: the bound, what is left of each resource, each device's step and what it earns there. */
    private record Point(double[] price, double value, double[] rest, int[] step, double[] earned) {}

    /** A limit on the profit: the larger of the aim and what is proved. */
    double limit(double aim) {
        double least = Math.max(0, aim);
        floor = least + ROUNDING * least;
        int[] last = new int[size];
        Arrays.setAll(last, k -> loads[k].length - 1);
        Part all = new Part(new int[size], new int[size], last);
        Point root = lowest(all, start, SWEEPS);
        if (!(root.value > floor)) {
            return Math.max(least, root.value);
        }
        forget(root);
        last = new int[size];
        Arrays.setAll(last, k -> loads[k].length - 1);
        return Math.max(least, most(new Part(new int[size], new int[size], last), root.price));
    }

    /** Leaves out devices and steps with which no set would earn more than the floor. */
    private void forget(Point root) {
        double open = root.value - floor;
        int kept = 0;
        for (int k = 0; k < size; k++) {
            double enough = Math.max(0, root.earned[k]) - open;
            double[] someLoads = new double[loads[k].length];
            double[] someValues = new double[loads[k].length];
            int count = 0;
            for (int s = 0; s < loads[k].length; s++) {
                if (!(earned(k, s, root.price) < enough)) {
                    someLoads[count] = loads[k][s];
                    someValues[count++] = values[k][s];
                }
            }
            if (count > 0) {
                costs[kept] = costs[k];
                reward[kept] = reward[k];
                perLoad[kept] = perLoad[k];
                loads[kept] = Arrays.copyOf(someLoads, count);
                values[kept++] = Arrays.copyOf(someValues, count);
            }
        }
        size = kept;
    }

    private double most(Part part, double[] from) {
        Point point = lowest(part, from, SWEEPS);
        parts++;
        if (!(point.value > floor) || parts > MOST_PARTS) {
            return point.value;
        }
        double open = point.value - floor;
        int closest = -1;
        int longest = -1;
        for (int k = 0; k < size; k++) {
            double margin = Math.abs(point.earned[k]);
            if (part.in[k] == 0 && !(margin > open)) {
                closest = closest < 0 || margin < Math.abs(point.earned[closest]) ? k : closest;
            }
            if (part.in[k] > 0 && part.last[k] > part.first[k]) {
                longest = longest < 0 || width(part, k) > width(part, longest) ? k : longest;
            }
        }
        if (closest >= 0) {
            int k = closest;
            double with = most(part.with(k, 1, part.first[k], part.last[k]), point.price);
            return Math.max(with, most(part.with(k, -1, part.first[k], part.last[k]), point.price));
        }
        for (int k = 0; k < size; k++) {
            if (part.in[k] == 0) {
                // It earns or costs more than is open: the other choice is below the floor.
                return most(part.with(k, point.earned[k] > 0 ? 1 : -1, part.first[k], part.last[k]), point.price);
            }
        }
        if (longest < 0) {
            return lowest(part, point.price, LAST_SWEEPS).value;
        }
        int middle = (part.first[longest] + part.last[longest]) / 2;
        int at = Math.min(Math.max(middle, part.first[longest]), part.last[longest] - 1);
        double small = most(part.with(longest, 1, part.first[longest], at), point.price);
        return Math.max(small, most(part.with(longest, 1, at + 1, part.last[longest]), point.price));
    }

    private double width(Part part, int k) {
        return loads[k][part.last[k]] - loads[k][part.first[k]];
    }

    private double earned(int k, int s, double[] price) {
        double load = loads[k][s];
        return reward[k] + values[k][s] - price[1] * load - costs[k].least(price[0], price[2] + perLoad[k] * load);
    }

    private Point at(Part part, double... price) {
        double[] rest = capacity.clone();
        double value = price[0] * rest[0] + price[1] * rest[1] + (budget() ? price[2] * rest[2] : 0);
        int[] step = new int[size];
        double[] earned = new double[size];
        for (int k = 0; k < size; k++) {
            earned[k] = Double.NEGATIVE_INFINITY;
            step[k] = -1;
            for (int s = part.first[k]; s <= part.last[k] && part.in[k] >= 0; s++) {
                double own = earned(k, s, price);
                if (own > earned[k]) {
                    earned[k] = own;
                    step[k] = s;
                }
            }
            if (part.in[k] > 0 || part.in[k] == 0 && earned[k] > 0) {
                double load = loads[k][step[k]];
                double perWatt = price[2] + perLoad[k] * load;
                value += earned[k];
                rest[0] -= costs[k].hertz(price[0], perWatt);
                rest[1] -= load;
                rest[2] -= budget() ? costs[k].watts(price[0], perWatt) : 0;
            }
        }
        return new Point(price, value, rest, step, earned);
    }

    /** Lowers the bound, a convex function of the prices, by one price after the other. */
    private Point lowest(Part part, double[] from, int sweeps) {
        Point best = at(part, from);
        for (int sweep = 0; sweep < sweeps; sweep++) {
            double before = best.value;
            for (int r = budget() ? 2 : 1; r >= 0 && best.value > floor; r--) {
                best = along(part, best, r, sweeps == LAST_SWEEPS ? ROUNDING : ENOUGH);
            }
            if (before - best.value <= (sweeps == LAST_SWEEPS ? ROUNDING : ENOUGH) * (best.value - floor)) {
                break;
            }
        }
        return best;
    }

    /** Along one price: the two sides of the least value are brought together where their tangents cross. */
    private Point along(Part part, Point from, int r, double enough) {
        Point below = from.rest[r] > 0 ? null : from;
        Point above = from.rest[r] > 0 ? from : null;
        Point best = from;
        double factor = DOUBLE;
        for (int i = 0; i < TRIALS && best.value > floor; i++) {
            double next;
            if (below == null) {
                double least = above.price[r];
                if (least == 0) {
                    return best;
                }
                next = i > 2 && r > 0 ? 0 : least / factor;
                factor *= factor;
            } else if (above == null) {
                next = factor * Math.max(below.price[r], Math.abs(below.value) * 1e-6 / capacity[r]);
                factor *= factor;
            } else {
                double rise = below.rest[r];
                double fall = above.rest[r];
                next = (above.value - below.value - fall * above.price[r] + rise * below.price[r]) / (rise - fall);
                double crossing = below.value + rise * (next - below.price[r]);
                if (!(next > below.price[r] && next < above.price[r])
                        || crossing > best.value - enough * (best.value - floor)) {
                    return best;
                }
            }
            if (!(next < Double.POSITIVE_INFINITY)) {
                return best;
            }
            double[] prices = from.price.clone();
            prices[r] = next;
            Point point = at(part, prices);
            if (point.rest[r] > 0) {
                above = point;
            } else {
                below = point;
            }
            best = point.value < best.value ? point : best;
        }
        return best;
    }
}
