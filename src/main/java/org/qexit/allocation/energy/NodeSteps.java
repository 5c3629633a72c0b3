package org.qexit.allocation.energy;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;
import org.qexit.allocation.problem.NodeRadio;
import org.qexit.edge.DeadlineCurve;

/**
 * The steps of one set of devices at one node for {@link NodeEnergy}: prices and steps alternate, and what gap is left is closed by
 * splitting the steps of a device.
 */
final class NodeSteps {
    /** Rounds of steps for given powers and powers for given steps, at most: they end as soon as the value does not grow. */
    private static final int ALTERNATIONS = 8;
    /** Bisection steps for the bandwidth price of one bound. */
    private static final int PRICE_STEPS = 40;
    /** Beyond so many splits the bound stays as loose as it is. */
    private static final int MAX_SPLITS = 400;

    private static final double TOLERANCE = 1e-10;

    /** Ranges of steps that are left, with a bound. */
    private record Range(int[] first, int[] last, double bound) {}

    private final EnergyModel model;
    private final Deadline deadline;
    private final int j;
    private final int[] members;
    private final DeadlineCurve[] curves;
    private int[] best;
    private double value = Double.NEGATIVE_INFINITY;
    private NodeRadio radio;
    private int[] dualSteps;

    NodeSteps(EnergyModel model, Deadline deadline, int j, int[] members) {
        this.model = model;
        this.deadline = deadline;
        this.j = j;
        this.members = members;
        this.curves = model.curvesAt(j, members);
    }

    NodeEnergy.Choice solve(boolean proved) {
        int[] first = new int[members.length];
        int[] last = new int[members.length];
        Arrays.setAll(last, m -> model.load[members[m]].length - 1);
        if (model.problem.energyWeight() == 0) {
            double[][] values = values(first, last, (m, s) -> 0);
            double bound = divide(first, last, values, true);
            return new NodeEnergy.Choice(dualSteps, sum(values, first, dualSteps), bound, 0, 0, bound);
        }
        alternate(first, last, proved);
        if (!proved) {
            return choice(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
        }
        Deque<Range> todo = new ArrayDeque<>();
        todo.push(new Range(first, last, Double.POSITIVE_INFINITY));
        double bound = value;
        for (int splits = 0; !todo.isEmpty(); splits++) {
            Range range = todo.pop();
            if (range.bound <= value + tolerance()) {
                continue;
            }
            double upper = Math.min(range.bound, bound(range));
            if (upper <= value + tolerance()) {
                continue;
            }
            int widest = split(range);
            if (widest < 0 || splits >= MAX_SPLITS || deadline.passed()) {
                bound = Math.max(bound, upper);
                continue;
            }
            int middle = Math.min(range.last[widest] - 1, Math.min(dualSteps[widest], best[widest]));
            middle = Math.max(range.first[widest], middle);
            int[] lower = range.last.clone();
            lower[widest] = middle;
            int[] higher = range.first.clone();
            higher[widest] = middle + 1;
            todo.push(new Range(range.first, lower, upper));
            todo.push(new Range(higher, range.last, upper));
        }
        double priced = dual(new Range(first, last, bound), radio.bandwidthPrice(), radio.powerPrice());
        return choice(Math.max(bound, value), Math.max(priced, Math.max(bound, value)));
    }

    private NodeEnergy.Choice choice(double bound, double priced) {
        return new NodeEnergy.Choice(best, value, bound, radio.bandwidthPrice(), radio.powerPrice(), priced);
    }

    private double tolerance() {
        return TOLERANCE * Math.max(1, Math.abs(value));
    }

    /** The device whose step the dual and the best plan see most differently; the widest range on ties; -1 if all are fixed. */
    private int split(Range range) {
        int chosen = -1;
        int most = -1;
        for (int m = 0; m < members.length; m++) {
            int width = range.last[m] - range.first[m];
            int apart = Math.abs(dualSteps[m] - best[m]) * 10_000 + width;
            if (width > 0 && apart > most) {
                most = apart;
                chosen = m;
            }
        }
        return chosen;
    }

    /** Steps for given powers, powers for given steps, as long as the value grows. */
    private void alternate(int[] first, int[] last, boolean exactly) {
        NodeRadio start = NodeRadio.solve(curves, costs(first), model.bandwidth[j], model.power[j]);
        double[] watts = start == null
                ? Arrays.stream(curves).mapToDouble(DeadlineCurve::mostWatts).toArray()
                : start.watts();
        for (int round = 0; round < ALTERNATIONS; round++) {
            double[] fixed = watts;
            double[][] values = values(first, last, (m, s) -> model.wattCost[members[m]][s] * fixed[m]);
            divide(first, last, values, exactly);
            if (!tryOut(dualSteps)) {
                return;
            }
            watts = radio.watts();
        }
    }

    private double[] costs(int[] steps) {
        double[] costs = new double[members.length];
        Arrays.setAll(costs, m -> model.wattCost[members[m]][steps[m]]);
        return costs;
    }

    /** Solves the radio for these steps; true if that is the best so far. */
    private boolean tryOut(int[] steps) {
        if (Arrays.equals(steps, best)) {
            return false;
        }
        double[] costs = costs(steps);
        NodeRadio found = NodeRadio.solve(curves, costs, model.bandwidth[j], model.power[j]);
        if (found == null) {
            // The set fits, so this is rounding at the edge of the budgets: full use of them fits anyway.
            found = NodeRadio.leastBandwidth(curves, model.power[j]);
        }
        double total = 0;
        for (int m = 0; m < members.length; m++) {
            total += model.fair[members[m]][steps[m]] - costs[m] * found.watts()[m];
        }
        if (total <= value) {
            return false;
        }
        value = total;
        best = steps.clone();
        radio = found;
        return true;
    }

    /** The Lagrangian bound over the steps of a range, near its least; tries the steps that it meets. */
    private double bound(Range range) {
        double lambda = radio.bandwidthPrice();
        double nu = radio.powerPrice();
        double least = Double.POSITIVE_INFINITY;
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double scale = 1;
        for (int i = 0; i < PRICE_STEPS; i++) {
            double upper = dual(range, lambda, nu);
            least = Math.min(least, upper);
            tryOut(dualSteps);
            if (least <= value + tolerance()) {
                break;
            }
            double hz = 0;
            double watts = 0;
            for (int m = 0; m < members.length; m++) {
                double perWatt = nu + model.wattCost[members[m]][dualSteps[m]];
                double b = curves[m].bestHz(lambda / perWatt);
                hz += b;
                watts += b == curves[m].leastHz() ? curves[m].mostWatts() : curves[m].watts(b);
            }
            // Bisection between prices whose use lies on either side of the bandwidth; power follows by small
            // steps.
            if (hz > model.bandwidth[j]) {
                low = lambda;
            } else {
                high = lambda;
            }
            if (model.power[j] < Double.POSITIVE_INFINITY && nu > 0) {
                scale *= 0.8;
                nu *= Math.pow(watts / model.power[j], 4 * scale);
            }
            if (high - low <= 1e-12 * high || deadline.passed()) {
                break;
            }
            lambda = high == Double.POSITIVE_INFINITY
                    ? Math.max(2 * lambda, Double.MIN_NORMAL)
                    : low > 0 ? (low + high) / 2 : high / 2;
        }
        return least;
    }

    private double dual(Range range, double lambda, double nu) {
        double[][] values = values(
                range.first,
                range.last,
                (m, s) -> EnergyModel.exact(curves[m], lambda, nu + model.wattCost[members[m]][s]));
        double upper = divide(range.first, range.last, values, true) + lambda * model.bandwidth[j];
        return model.power[j] < Double.POSITIVE_INFINITY ? upper + nu * model.power[j] : upper;
    }

    private double[][] values(int[] first, int[] last, Cost cost) {
        double[][] values = new double[members.length][];
        for (int m = 0; m < values.length; m++) {
            values[m] = new double[last[m] - first[m] + 1];
            for (int s = first[m]; s <= last[m]; s++) {
                values[m][s - first[m]] = model.fair[members[m]][s] - cost.of(m, s);
            }
        }
        return values;
    }

    private double sum(double[][] values, int[] first, int[] steps) {
        double sum = 0;
        for (int m = 0; m < steps.length; m++) {
            sum += values[m][steps[m] - first[m]];
        }
        return sum;
    }

    /**
     * The multiple-choice knapsack over compute; leaves its steps in dualSteps and returns a bound on its value, or where an
     * approximation is enough +∞.
     */
    private double divide(int[] first, int[] last, double[][] values, boolean exactly) {
        int count = members.length;
        int[][] kept = new int[count][];
        double[][] loads = new double[count][];
        double[][] gains = new double[count][];
        for (int m = 0; m < count; m++) {
            int size = 0;
            int[] index = new int[values[m].length];
            for (int s = 0; s < index.length; s++) {
                if (size == 0 || values[m][s] > values[m][index[size - 1]]) {
                    index[size++] = s;
                }
            }
            kept[m] = Arrays.copyOf(index, size);
            loads[m] = new double[size];
            gains[m] = new double[size];
            for (int k = 0; k < size; k++) {
                loads[m][k] = model.load[members[m]][first[m] + index[k]];
                gains[m][k] = values[m][index[k]];
            }
        }
        double[][] need = new double[count][1];
        for (double[] row : need) {
            row[0] = 1;
        }
        JointModel small = new JointModel(need, loads, gains, new double[] {count}, new double[] {model.compute[j]});
        if (!exactly) {
            int[] rough = greedy(small);
            dualSteps = new int[count];
            for (int m = 0; m < count; m++) {
                dualSteps[m] = first[m] + kept[m][rough[m]];
            }
            return Double.POSITIVE_INFINITY;
        }
        NodeKnapsack knapsack = new NodeKnapsack(small);
        knapsack.begin(0);
        for (int m = 0; m < count; m++) {
            knapsack.add(m, 1, 0, true);
        }
        if (!knapsack.solve(Double.NEGATIVE_INFINITY)) {
            // Only a range of larger steps can overflow: nothing in it fits.
            dualSteps = best == null ? first.clone() : best;
            return Double.NEGATIVE_INFINITY;
        }
        dualSteps = new int[count];
        for (int k = 0; k < knapsack.chosen(); k++) {
            int m = knapsack.chosenDevice(k);
            dualSteps[m] = first[m] + kept[m][knapsack.chosenStep(k)];
        }
        return knapsack.bound() + small.offset;
    }

    /** The steps at the least compute price whose loads fit, then the most valuable step that still fits, until none does. */
    private int[] greedy(JointModel small) {
        int[] steps = new int[small.devices];
        double capacity = small.compute[0];
        double low = 0;
        double high = 1e-9;
        while (at(small, high, steps) > capacity && high < 1e15) {
            high *= 16;
        }
        if (at(small, 0, steps) > capacity) {
            for (int i = 0; i < 40; i++) {
                double middle = Math.sqrt(Math.max(low, 1e-3 * high) * high);
                if (at(small, middle, steps) > capacity) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            if (at(small, high, steps) > capacity) {
                Arrays.fill(steps, 0);
            }
        }
        double free = capacity;
        for (int m = 0; m < steps.length; m++) {
            free -= small.load[m][steps[m]];
        }
        while (true) {
            int device = -1;
            int step = -1;
            double most = 0;
            for (int m = 0; m < steps.length; m++) {
                int s = steps[m];
                while (s + 1 < small.load[m].length && small.load[m][s + 1] - small.load[m][steps[m]] <= free) {
                    s++;
                }
                double gain = small.value[m][s] - small.value[m][steps[m]];
                if (gain > most) {
                    most = gain;
                    device = m;
                    step = s;
                }
            }
            if (device < 0) {
                return steps;
            }
            free -= small.load[device][step] - small.load[device][steps[device]];
            steps[device] = step;
        }
    }

    private double at(JointModel small, double price, int[] steps) {
        double sum = 0;
        for (int m = 0; m < steps.length; m++) {
            steps[m] = small.bestStep(m, price);
            sum += small.load[m][steps[m]];
        }
        return sum;
    }

    private interface Cost {
        double of(int member, int step);
    }
}
