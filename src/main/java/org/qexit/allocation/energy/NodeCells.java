package org.qexit.allocation.energy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.edge.DeadlineCurve;

/**
 * Bounds the best profit of node j at device prices Y, for {@link CellPricing}. For any prices λ, β, ν ≥ 0 of bandwidth, compute and power
 *
 * <pre>  max_S (Σ_S Y_n + V_j(S)) ≤ λ B + β W + ν P + max Σ_{n chosen} r_n(k_n)   s.t.   Σ k_n ≤ C
 *   r_n(k) = Y_n + max over steps s and b with ⌊b C/B⌋ = k of fair_ns − β load_ns − λ b − (ν + wattCost_ns) π_nj(b)</pre>
 *
 * Prices alone would allow parts of devices; the knapsack over the cells that every device fills wholly keeps bandwidth whole, and λ charges
 * what the rounding gives away. For {@link CellKnapsack} r is replaced by its concave envelope. Serves one thread at a time.
 */
final class NodeCells {
    /** C. */
    static final int CELLS = 8192;
    /** The first step of a price, as a factor; the next ones are larger. */
    private static final double STEP = 1.3;

    private static final double FURTHEST = 1e9;
    /** Prices that would gain less than this part of the profit are not tried. */
    private static final double CLOSE = 1e-6;

    /** Rounding of least bandwidths at a cell's edge. */
    private static final double EDGE = 1e-9;

    private static final int BANDWIDTH = 0;
    private static final int COMPUTE = 1;
    private static final int POWER = 2;
    private static final int[] ORDER = {POWER, COMPUTE, BANDWIDTH, COMPUTE, BANDWIDTH};

    private final EnergyModel model;
    private final int j;
    /** {@code [link position]}: π at the upper end of each cell from the least on. */
    private final double[][] watts;
    /** {@code [device]}: the steps on the upper concave envelope of (load, fair), which alone can be best at any prices. */
    private final int[][] hull;

    private final CellKnapsack knapsack = new CellKnapsack();
    /** λ, β, ν. */
    private double[] price = new double[3];

    private int[] set;
    /** Per step of the device under way: the cell of its table that it wants, and what it is worth there at most. */
    private int[] wanted = new int[16];

    private double[] most = new double[16];
    private double least;
    private final List<int[]> sets = new ArrayList<>();
    /** Of the last evaluation: what is left of each resource, the slope of the bound in its price. */
    private double[] slope;

    private double best;
    private int left;
    /** {@code [position in candidates]}: options of the last evaluation. */
    private Options[] options = new Options[0];

    /** What a device is worth with {@code first + k} cells, at which step and bandwidth, and the envelope of that. */
    private static final class Options {
        int first;
        int count;
        double[] value = new double[64];
        double[] hz = new double[64];
        int[] step = new int[64];

        void add(double worth, int itsStep, double itsHz) {
            if (count == value.length) {
                value = Arrays.copyOf(value, 2 * count);
                hz = Arrays.copyOf(hz, 2 * count);
                step = Arrays.copyOf(step, 2 * count);
            }
            value[count] = worth;
            step[count] = itsStep;
            hz[count++] = itsHz;
        }

        /** Increasing and concave from the first, up to the largest. */
        double[] envelope() {
            int last = 0;
            for (int k = 1; k < count; k++) {
                last = value[k] > value[last] ? k : last;
            }
            int[] corner = new int[last + 1];
            int size = 0;
            for (int k = 0; k <= last; k++) {
                while (size >= 2
                        && (value[corner[size - 1]] - value[corner[size - 2]]) * (k - corner[size - 1])
                                <= (value[k] - value[corner[size - 1]]) * (corner[size - 1] - corner[size - 2])) {
                    size--;
                }
                corner[size++] = k;
            }
            double[] above = new double[last + 1];
            above[0] = value[0];
            for (int c = 1; c < size; c++) {
                int a = corner[c - 1];
                int b = corner[c];
                double slope = (value[b] - value[a]) / (b - a);
                for (int k = a + 1; k <= b; k++) {
                    above[k] = Math.max(value[k], value[a] + slope * (k - a));
                }
            }
            return above;
        }
    }

    /** @param hull {@code [device][...]}: steps on the upper concave envelope of (load, fair) */
    NodeCells(EnergyModel model, int j, int[][] hull, double[] start) {
        this.hull = hull;
        this.model = model;
        this.j = j;
        this.watts = new double[model.devices][];
        this.price = start.clone();
    }

    double price(int resource) {
        return price[resource];
    }

    /** The different sets of the last {@link #bound}, each increasing; that of the best evaluation is the last. */
    List<int[]> sets() {
        return sets;
    }

    /**
     * The bound, after at most so many attempts to lower it by other prices, which stay for the next time.
     *
     * @param worth Y per device
     * @param cells C, which divides {@value #CELLS}
     */
    double bound(int[] candidates, double[] worth, int cells, int attempts) {
        sets.clear();
        left = attempts;
        best = Double.POSITIVE_INFINITY;
        Trial start = trial(candidates, worth, cells, price);
        for (int resource : ORDER) {
            if (resource != POWER || model.power[j] < Double.POSITIVE_INFINITY) {
                start = lowered(candidates, worth, cells, start, resource);
            }
        }
        price = start.price;
        keep(start.members);
        return best;
    }

    /** An evaluation: the prices, the bound, its slope in every price, and the set of devices that attains it. */
    private record Trial(double[] price, double value, double[] slope, int[] members) {}

    private Trial trial(int[] candidates, double[] worth, int cells, double[] prices) {
        price = prices;
        double value = evaluate(candidates, worth, cells);
        keep(set);
        best = Math.min(best, value);
        return new Trial(prices, value, slope, set);
    }

    /** Lowers the bound, which is convex, by one price: steps until the slope turns, then to where the tangents of both sides meet. */
    private Trial lowered(int[] candidates, double[] worth, int cells, Trial start, int resource) {
        Trial low = null;
        Trial high = null;
        Trial least = start;
        Trial last = start;
        double factor = STEP;
        while (true) {
            if (last.slope[resource] > 0) {
                high = last;
            } else {
                low = last;
            }
            double at;
            if (low != null && high != null) {
                double from = low.price[resource];
                double to = high.price[resource];
                double rise = low.value - low.slope[resource] * from;
                double fall = high.value - high.slope[resource] * to;
                at = (fall - rise) / (low.slope[resource] - high.slope[resource]);
                double floor = low.value + low.slope[resource] * (at - from);
                if (!(at > from && at < to) || floor > least.value - CLOSE * Math.abs(least.value)) {
                    return least;
                }
            } else if (low == null) {
                at = high.price[resource] / factor;
                factor *= factor;
            } else {
                at = Math.max(low.price[resource], 1e-6 * Math.abs(low.value) / capacity(resource)) * factor;
                factor *= factor;
            }
            if (left-- <= 0 || factor > FURTHEST) {
                return least;
            }
            double[] prices = start.price.clone();
            prices[resource] = at;
            last = trial(candidates, worth, cells, prices);
            least = last.value < least.value ? last : least;
        }
    }

    private double capacity(int resource) {
        return resource == BANDWIDTH ? model.bandwidth[j] : resource == COMPUTE ? model.compute[j] : model.power[j];
    }

    private void keep(int[] found) {
        sets.removeIf(other -> Arrays.equals(other, found));
        sets.add(found);
    }

    private double evaluate(int[] candidates, double[] worth, int cells) {
        knapsack.begin(cells);
        if (options.length < candidates.length) {
            options = new Options[candidates.length];
            Arrays.setAll(options, k -> new Options());
        }
        int[] device = new int[candidates.length];
        int count = 0;
        for (int n : candidates) {
            Options own = options[count];
            consider(n, worth[n], cells, own);
            if (own.count > 0) {
                knapsack.add(own.first, own.envelope());
                device[count++] = n;
            }
        }
        double total = price[BANDWIDTH] * model.bandwidth[j] + price[COMPUTE] * model.compute[j];
        boolean budget = model.power[j] < Double.POSITIVE_INFINITY;
        total += budget ? price[POWER] * model.power[j] : 0;
        total += knapsack.solve();
        int[] chosen = knapsack.chosen();
        int[] members = new int[count];
        int size = 0;
        slope = new double[] {model.bandwidth[j], model.compute[j], budget ? model.power[j] : 0};
        for (int k = 0; k < count; k++) {
            if (chosen[k] >= 0) {
                int n = device[k];
                members[size++] = n;
                double hz = options[k].hz[chosen[k]];
                slope[BANDWIDTH] -= hz;
                slope[COMPUTE] -= model.load[n][options[k].step[chosen[k]]];
                slope[POWER] -= budget ? watts(model.curves[n][model.linkTo[n][j]], hz) : 0;
            }
        }
        set = Arrays.copyOf(members, size);
        return total;
    }

    /** Fills in what a device is worth with more and more cells. */
    private void consider(int n, double worth, int cells, Options into) {
        DeadlineCurve curve = model.curves[n][model.linkTo[n][j]];
        double wide = model.bandwidth[j] / cells;
        int coarse = CELLS / cells;
        double[] table = table(n, curve);
        int first = cell(curve.leastHz() / model.bandwidth[j] * CELLS - EDGE);
        into.first = first / coarse;
        into.count = 0;
        int[] own = hull[n];
        if (wanted.length < own.length) {
            wanted = new int[2 * own.length];
            most = new double[2 * own.length];
        }
        double top = Double.NEGATIVE_INFINITY;
        for (int h = 0; h < own.length; h++) {
            // Larger loads want more bandwidth: their best cells come later.
            wanted[h] =
                    cheapest(curve, first, table, price[POWER] + model.wattCost[n][own[h]], h == 0 ? 0 : wanted[h - 1]);
            most[h] = worth + model.fair[n][own[h]] - price[COMPUTE] * model.load[n][own[h]] - least;
            top = Math.max(top, most[h]);
        }
        if (!(top > 0)) {
            return;
        }
        int from = 0;
        int best = 0;
        for (int c = into.first; from < own.length; c++) {
            int at = Math.min(table.length - 1, (c + 1) * coarse - 1 - first);
            double hz = hertz(curve, first, at);
            // More bandwidth makes larger loads cheaper, and at one power the value has one top over the envelope.
            best = Math.max(best, from);
            double value = worth + gain(n, own[best], hz, table[at]);
            while (best < own.length - 1 && worth + gain(n, own[best + 1], hz, table[at]) >= value) {
                value = worth + gain(n, own[++best], hz, table[at]);
            }
            int step = own[best];
            for (; from < own.length && wanted[from] <= at; from++) {
                if (most[from] > value) {
                    value = most[from];
                    step = own[from];
                }
            }
            into.add(value, step, hz);
        }
    }

    private double gain(int n, int s, double hz, double power) {
        return model.fair[n][s]
                - price[COMPUTE] * model.load[n][s]
                - price[BANDWIDTH] * hz
                - (price[POWER] + model.wattCost[n][s]) * power;
    }

    /** The upper end of a cell of a table. */
    private double hertz(DeadlineCurve curve, int first, int k) {
        return Math.min((first + k + 1) * (model.bandwidth[j] / CELLS), curve.mostHz());
    }

    /**
     * The cell of a table at whose upper end λ b + w π(b) is least, not before {@code from}; {@code least} becomes a lower limit on that cost
     * at any bandwidth: the cost is convex, so that around its least end it stays above the lines through the ends on the other side.
     */
    private int cheapest(DeadlineCurve curve, int first, double[] table, double perWatt, int from) {
        int low = from;
        int high = table.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            double rise = price[BANDWIDTH] * (hertz(curve, first, middle + 1) - hertz(curve, first, middle));
            if (rise < perWatt * (table[middle] - table[middle + 1])) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == 0 || low >= table.length - 2) {
            least = EnergyModel.exact(curve, price[BANDWIDTH], perWatt);
            return low;
        }
        double here = price[BANDWIDTH] * hertz(curve, first, low) + perWatt * table[low];
        double before = price[BANDWIDTH] * hertz(curve, first, low - 1) + perWatt * table[low - 1];
        double after = price[BANDWIDTH] * hertz(curve, first, low + 1) + perWatt * table[low + 1];
        least = here - Math.max(0, Math.max(before - here, after - here));
        return low;
    }

    private static double watts(DeadlineCurve curve, double hz) {
        return hz <= curve.leastHz() ? curve.mostWatts() : curve.watts(hz);
    }

    private double[] table(int n, DeadlineCurve curve) {
        if (watts[n] == null) {
            double wide = model.bandwidth[j] / CELLS;
            int first = cell(curve.leastHz() / wide - EDGE);
            int last = cell(curve.mostHz() / wide);
            double[] table = new double[last - first + 1];
            for (int k = 0; k < table.length; k++) {
                double top = (first + k + 1) * wide;
                table[k] = top >= curve.mostHz() ? curve.leastWatts() : watts(curve, top);
            }
            watts[n] = table;
        }
        return watts[n];
    }

    private static int cell(double at) {
        return Math.max(0, (int) Math.floor(at));
    }
}
