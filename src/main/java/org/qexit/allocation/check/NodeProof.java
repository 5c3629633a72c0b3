package org.qexit.allocation.check;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The largest profit of one node for {@link BoundCheck}: choose a set of devices and a corner for each,
 *
 * <pre>  max Σ (reward_k + value_k[s_k])   s.t.   Σ need_k ≤ B,   Σ load_k[s_k] ≤ W.</pre>
 *
 * Partial choices (bandwidth, load, profit) are extended device by device. One is dropped if another uses no more of both and
 * earns no less, or if no completion can beat the aim: at a compute price β a completion earns at most β · (load left) plus a
 * knapsack over bandwidth, tabulated on cells with needs rounded down. Written for the check alone.
 */
final class NodeProof {
    private static final int CELLS = 1500;
    private static final double[] AROUND = {1, 0.8, 1.25};
    /** Beyond this many partial choices the best of their limits is the answer: still a limit, not the least one. */
    private static final int MOST_CHOICES = 3_000_000;

    private int size;
    private double[] need = new double[16];
    private double[] reward = new double[16];
    private double[][] loads = new double[16][];
    private double[][] values = new double[16][];
    private final double bandwidth;
    private final double compute;
    private double[] beta;
    /** {@code [price][device · (CELLS + 1) + free cells]}: most profit of the devices from there on. */
    private double[][] table;

    NodeProof(double bandwidthHz, double computeUnits) {
        this.bandwidth = bandwidthHz;
        this.compute = computeUnits;
    }

    /** Adds a device; one that cannot earn anything, or never fits, is left out at once. */
    void add(double needHz, double itsReward, double[] itsLoads, double[] itsValues) {
        if (!(needHz <= bandwidth)
                || itsLoads.length == 0
                || !(itsLoads[0] <= compute)
                || itsReward + itsValues[itsValues.length - 1] <= 0) {
            return;
        }
        if (size == need.length) {
            need = Arrays.copyOf(need, 2 * size);
            reward = Arrays.copyOf(reward, 2 * size);
            loads = Arrays.copyOf(loads, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        need[size] = needHz;
        reward[size] = itsReward;
        loads[size] = itsLoads;
        values[size++] = itsValues;
    }

    /** A limit on the profit: the larger of {@code aim} and the true maximum, unless the choices become too many. */
    double limit(double aim) {
        double floor = Math.max(0, aim);
        if (size == 0) {
            return floor;
        }
        double price = leastPrice();
        order(price);
        beta = new double[AROUND.length];
        table = new double[AROUND.length][];
        for (int q = 0; q < beta.length; q++) {
            beta[q] = price * AROUND[q];
            table[q] = tabulate(beta[q]);
            if (completion(q, 0, 0, 0) <= floor) {
                return floor;
            }
        }
        return extend(floor);
    }

    private double profit(int k, double price) {
        double best = Double.NEGATIVE_INFINITY;
        for (int s = 0; s < loads[k].length && loads[k][s] <= compute; s++) {
            best = Math.max(best, values[k][s] - price * loads[k][s]);
        }
        return reward[k] + best;
    }

    /** β W + the fractional knapsack over bandwidth: convex in β. */
    private double fractional(double price) {
        Integer[] byRatio = new Integer[size];
        double[] earned = new double[size];
        for (int k = 0; k < size; k++) {
            byRatio[k] = k;
            earned[k] = profit(k, price);
        }
        Arrays.sort(byRatio, (a, b) -> Double.compare(earned[b] / need[b], earned[a] / need[a]));
        double total = price * compute;
        double left = bandwidth;
        for (int k : byRatio) {
            if (earned[k] <= 0 || left <= 0) {
                break;
            }
            total += earned[k] * Math.min(1, left / need[k]);
            left -= need[k];
        }
        return total;
    }

    private double leastPrice() {
        double high = 1e-6;
        while (fractional(2 * high) < fractional(high) && high < 1e9) {
            high *= 2;
        }
        double low = 0;
        high *= 2;
        for (int i = 0; i < 60; i++) {
            double left = low + (high - low) / 3;
            double right = high - (high - low) / 3;
            if (fractional(left) <= fractional(right)) {
                high = right;
            } else {
                low = left;
            }
        }
        return (low + high) / 2;
    }

    /** Devices whose choice is clear first: the many partial choices come last. */
    private void order(double price) {
        double[] earned = new double[size];
        double low = 0;
        double high = 0;
        for (int k = 0; k < size; k++) {
            earned[k] = profit(k, price);
            high = Math.max(high, earned[k] / need[k]);
        }
        // The price of bandwidth at which the devices that earn more than it costs just fit.
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            double used = 0;
            for (int k = 0; k < size; k++) {
                used += earned[k] > middle * need[k] ? need[k] : 0;
            }
            if (used > bandwidth) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double alpha = high;
        Integer[] clearest = new Integer[size];
        for (int k = 0; k < size; k++) {
            clearest[k] = k;
        }
        Arrays.sort(
                clearest,
                (a, b) -> Double.compare(Math.abs(earned[b] - alpha * need[b]), Math.abs(earned[a] - alpha * need[a])));
        double[] oldNeed = need.clone();
        double[] oldReward = reward.clone();
        double[][] oldLoads = loads.clone();
        double[][] oldValues = values.clone();
        for (int i = 0; i < size; i++) {
            need[i] = oldNeed[clearest[i]];
            reward[i] = oldReward[clearest[i]];
            loads[i] = oldLoads[clearest[i]];
            values[i] = oldValues[clearest[i]];
        }
    }

    private double[] tabulate(double price) {
        int row = CELLS + 1;
        double[] best = new double[row * (size + 1)];
        for (int k = size - 1; k >= 0; k--) {
            double earned = profit(k, price);
            int cells = cells(need[k]);
            for (int c = 0; c < row; c++) {
                double without = best[(k + 1) * row + c];
                best[k * row + c] = c < cells ? without : Math.max(without, earned + best[(k + 1) * row + c - cells]);
            }
        }
        return best;
    }

    private int cells(double hz) {
        return bandwidth > 0 ? (int) Math.min(CELLS, hz / bandwidth * CELLS) : 0;
    }

    private double completion(int q, int level, double usedHz, double usedLoad) {
        // One cell more than is free: needs and what is left are rounded apart.
        int free = Math.min(CELLS, cells(bandwidth - usedHz) + 1);
        return beta[q] * (compute - usedLoad) + table[q][level * (CELLS + 1) + free];
    }

    private double completion(int level, double usedHz, double usedLoad) {
        double least = Double.POSITIVE_INFINITY;
        for (int q = 0; q < beta.length; q++) {
            least = Math.min(least, completion(q, level, usedHz, usedLoad));
        }
        return least;
    }

    /** A partial choice. */
    private record Choice(double usedHz, double usedLoad, double profit) {}

    private double extend(double floor) {
        Choice[] choices = {new Choice(0, 0, 0)};
        double best = floor;
        for (int k = 0; k < size; k++) {
            Choice[] next = new Choice[choices.length * 2];
            int count = 0;
            for (Choice c : choices) {
                if (c.profit + completion(k + 1, c.usedHz, c.usedLoad) > best) {
                    next = room(next, count);
                    next[count++] = c;
                }
                double hz = c.usedHz + need[k];
                if (hz > bandwidth) {
                    continue;
                }
                for (int s = 0; s < loads[k].length; s++) {
                    double load = c.usedLoad + loads[k][s];
                    if (load > compute) {
                        break;
                    }
                    double profit = c.profit + reward[k] + values[k][s];
                    best = Math.max(best, profit);
                    if (profit + completion(k + 1, hz, load) > best) {
                        next = room(next, count);
                        next[count++] = new Choice(hz, load, profit);
                    }
                }
                if (count > MOST_CHOICES) {
                    return giveUp(choices, k, best);
                }
            }
            choices = undominated(Arrays.copyOf(next, count));
        }
        return best;
    }

    private static Choice[] room(Choice[] list, int count) {
        return count < list.length ? list : Arrays.copyOf(list, 2 * count);
    }

    private double giveUp(Choice[] choices, int level, double best) {
        double limit = best;
        for (Choice c : choices) {
            limit = Math.max(limit, c.profit + completion(level, c.usedHz, c.usedLoad));
        }
        return limit;
    }

    private static Choice[] undominated(Choice[] list) {
        Arrays.sort(list, (a, b) -> {
            int byHz = Double.compare(a.usedHz, b.usedHz);
            int byLoad = byHz != 0 ? byHz : Double.compare(a.usedLoad, b.usedLoad);
            return byLoad != 0 ? byLoad : Double.compare(b.profit, a.profit);
        });
        // Load to profit, both increasing, over all choices with no more bandwidth.
        TreeMap<Double, Double> front = new TreeMap<>();
        int kept = 0;
        for (Choice c : list) {
            Map.Entry<Double, Double> below = front.floorEntry(c.usedLoad);
            if (below != null && below.getValue() >= c.profit) {
                continue;
            }
            front.put(c.usedLoad, c.profit);
            for (Map.Entry<Double, Double> above = front.higherEntry(c.usedLoad);
                    above != null && above.getValue() <= c.profit;
                    above = front.higherEntry(c.usedLoad)) {
                front.remove(above.getKey());
            }
            list[kept++] = c;
        }
        return Arrays.copyOf(list, kept);
    }
}
