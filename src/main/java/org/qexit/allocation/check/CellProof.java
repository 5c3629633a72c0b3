package org.qexit.allocation.check;

import java.util.Arrays;

/**
 * Bounds what one node's devices are worth at prices (λ, β, ν), for {@link PowerProof}: every device is left out or takes a bandwidth b, and
 * fills ⌊b C/B⌋ of the node's C cells. max Σ (Y + max_s ρ ln U_s − β load_s − λ b − (ν + κ load_s t) π(b)) s.t. Σ ⌊b C/B⌋ ≤ C. What a device
 * is worth per number of cells is replaced by its concave envelope, which is never less. Written for the check alone.
 */
final class CellProof {
    static final int CELLS = 8192;

    private final double wide;
    private final double perHz;
    private final double perUnit;
    private final double perWatt;
    /** {@code [cells]}: the most that the devices so far earn within so many cells. */
    private double[] most = new double[CELLS + 1];

    CellProof(double hertz, double perHz, double perUnit, double perWatt) {
        this.wide = hertz / CELLS;
        this.perHz = perHz;
        this.perUnit = perUnit;
        this.perWatt = perWatt;
    }

    double most() {
        return most[CELLS];
    }

    /** @param perLoad κ t: the price of a watt per unit of load */
    void add(PlainRadio radio, double reward, double[] loads, double[] values, double perLoad, double units) {
        int[] corners = envelope(loads, values, units);
        int first = (int) Math.min(CELLS, radio.leastHz() / wide);
        double[] hz = new double[corners.length];
        double[] worth = new double[corners.length];
        double best = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < corners.length; c++) {
            double load = loads[corners[c]];
            double price = perWatt + perLoad * load;
            hz[c] = radio.cheapestHz(perHz, price);
            worth[c] = reward + values[corners[c]] - perUnit * load - radio.cost(hz[c], perHz, price);
            best = Math.max(best, worth[c]);
        }
        if (!(best > 0)) {
            return;
        }
        int last = first;
        for (double wanted : hz) {
            last = Math.max(last, (int) Math.min(CELLS, wanted / wide));
        }
        double[] earned = new double[last - first + 1];
        Arrays.fill(earned, Double.NEGATIVE_INFINITY);
        for (int c = 0; c < corners.length; c++) {
            int own = (int) Math.min(CELLS, hz[c] / wide) - first;
            earned[Math.max(0, own)] = Math.max(earned[Math.max(0, own)], worth[c]);
        }
        for (int k = 0; k < earned.length; k++) {
            // Up to the cell of its cheapest bandwidth a corner is worth most at the cell's upper end.
            double top = Math.min((first + k + 1) * wide, radio.mostHz());
            double watts = radio.watts(top);
            for (int c = 0; c < corners.length; c++) {
                if (hz[c] >= top) {
                    double load = loads[corners[c]];
                    double own = reward
                            + values[corners[c]]
                            - perUnit * load
                            - perHz * top
                            - (perWatt + perLoad * load) * watts;
                    earned[k] = Math.max(earned[k], own);
                }
            }
        }
        join(first, concave(earned));
    }

    /** The corners on the upper concave envelope of (load, value): no other is best at any price of load. */
    private static int[] envelope(double[] loads, double[] values, double units) {
        int[] stack = new int[loads.length];
        int size = 0;
        for (int s = 0; s < loads.length && loads[s] <= units; s++) {
            while (size > 1 && above(loads, values, stack[size - 2], stack[size - 1], s) <= 0) {
                size--;
            }
            stack[size++] = s;
        }
        return Arrays.copyOf(stack, size);
    }

    /** Positive if the middle point lies above the line between the others. */
    private static double above(double[] x, double[] y, int a, int b, int c) {
        return (y[b] - y[a]) * (x[c] - x[a]) - (y[c] - y[a]) * (x[b] - x[a]);
    }

    /** The least concave function above, up to its top. */
    private static double[] concave(double[] earned) {
        int top = 0;
        double[] x = new double[earned.length];
        for (int k = 0; k < earned.length; k++) {
            x[k] = k;
            top = earned[k] > earned[top] ? k : top;
        }
        int[] corner = envelope(Arrays.copyOf(x, top + 1), earned, top);
        double[] line = new double[top + 1];
        line[0] = earned[0];
        for (int c = 1; c < corner.length; c++) {
            int a = corner[c - 1];
            int b = corner[c];
            for (int k = a + 1; k <= b; k++) {
                double share = (double) (k - a) / (b - a);
                line[k] = Math.max(earned[k], (1 - share) * earned[a] + share * earned[b]);
            }
        }
        return line;
    }

    /** The device with at least {@code first} cells, or without it. What is left for the others grows with what there is. */
    private void join(int first, double[] line) {
        double[] joined = most.clone();
        fill(first, line, joined, first, CELLS, 0, CELLS - first);
        most = joined;
    }

    private void fill(int first, double[] line, double[] joined, int low, int high, int least, int greatest) {
        if (low > high) {
            return;
        }
        int cells = low + (high - low) / 2;
        int own = cells - first;
        int from = Math.max(least, own - (line.length - 1));
        int rest = Math.min(from, Math.min(own, greatest));
        double best = Double.NEGATIVE_INFINITY;
        for (int i = rest; i <= Math.min(own, greatest); i++) {
            double sum = most[i] + line[Math.min(line.length - 1, own - i)];
            if (sum > best) {
                best = sum;
                rest = i;
            }
        }
        joined[cells] = Math.max(joined[cells], best);
        fill(first, line, joined, low, cells - 1, least, rest);
        fill(first, line, joined, cells + 1, high, rest, greatest);
    }
}
