package org.qexit.allocation.energy;

/**
 * About what a set of devices is worth at a node where energy has a weight and power no budget: the least Lagrangian bound over prices of
 * bandwidth and compute, whose devices' costs come from chord tables. Some fifty times as fast as {@link NodeEnergy}, to a hundredth or two of
 * a device's value: to tell good moves from bad ones. Not thread-safe.
 */
final class SetValue {
    private static final double GOLDEN = 0.6180339887498949;
    private static final int BANDWIDTH_STEPS = 12;
    private static final int COMPUTE_STEPS = 24;
    private static final double COMPUTE_WIDTH = 1e-3;

    private final EnergyModel model;
    /** {@code [device]}: steps on the upper concave envelope of (load, fair). */
    private final int[][] hull;
    /** The best prices of the last set, and what they bound it by. */
    private double lambda;

    private double beta;
    private double least;

    SetValue(EnergyModel model, int[][] hull) {
        this.model = model;
        this.hull = hull;
    }

    /** About that of a set that fits. */
    double of(int j, int[] members) {
        prices(j, members);
        return least;
    }

    /** Leaves the best prices found and their value. */
    private void prices(int j, int[] members) {
        least = Double.POSITIVE_INFINITY;
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        int most = 1;
        for (int n : members) {
            var curve = model.curves[n][model.linkTo[n][j]];
            int last = hull[n].length - 1;
            low = Math.min(low, model.wattCost[n][hull[n][0]] * curve.slopeAtMostHz());
            high = Math.max(high, model.wattCost[n][hull[n][last]] * curve.slopeAtLeastHz());
            most = Math.max(most, last + 1);
        }
        double[][] gain = new double[members.length][most];
        double a = Math.log(Math.max(low, Double.MIN_NORMAL));
        double b = Math.log(Math.max(high, Double.MIN_NORMAL)) + 1;
        double left = b - GOLDEN * (b - a);
        double right = a + GOLDEN * (b - a);
        double atLeft = divided(j, members, Math.exp(left), gain);
        double atRight = divided(j, members, Math.exp(right), gain);
        for (int i = 0; i < BANDWIDTH_STEPS; i++) {
            if (atLeft <= atRight) {
                b = right;
                right = left;
                atRight = atLeft;
                left = b - GOLDEN * (b - a);
                atLeft = divided(j, members, Math.exp(left), gain);
            } else {
                a = left;
                left = right;
                atLeft = atRight;
                right = a + GOLDEN * (b - a);
                atRight = divided(j, members, Math.exp(right), gain);
            }
        }
    }

    /** The bound at a bandwidth price, at the best compute price. */
    private double divided(int j, int[] members, double perHz, double[][] gain) {
        for (int m = 0; m < members.length; m++) {
            int n = members[m];
            int[] own = hull[n];
            for (int h = 0; h < own.length; h++) {
                double cost = model.cost(n, model.linkTo[n][j], perHz, model.wattCost[n][own[h]]);
                gain[m][h] = model.fair[n][own[h]] - cost;
            }
        }
        double before = least;
        double here = best(j, members, perHz, 0, gain);
        boolean scarce = used > model.compute[j];
        double low = 0;
        double high = 1 / model.compute[j];
        for (int i = 0; used > model.compute[j] && i < COMPUTE_STEPS; i++) {
            here = Math.min(here, best(j, members, perHz, high, gain));
            if (used > model.compute[j]) {
                low = high;
                high *= 4;
            }
        }
        for (int i = 0; scarce && i < COMPUTE_STEPS && high - low > COMPUTE_WIDTH * high; i++) {
            double middle = (low + high) / 2;
            here = Math.min(here, best(j, members, perHz, middle, gain));
            if (used > model.compute[j]) {
                low = middle;
            } else {
                high = middle;
            }
        }
        least = Math.min(before, here);
        return here;
    }

    /** Of the last {@link #best}. */
    private double used;

    private double best(int j, int[] members, double perHz, double perUnit, double[][] gain) {
        double sum = perHz * model.bandwidth[j] + perUnit * model.compute[j];
        used = 0;
        for (int m = 0; m < members.length; m++) {
            int n = members[m];
            int[] own = hull[n];
            double most = Double.NEGATIVE_INFINITY;
            int step = 0;
            for (int h = 0; h < own.length; h++) {
                double value = gain[m][h] - perUnit * model.load[n][own[h]];
                if (value > most) {
                    most = value;
                    step = own[h];
                }
            }
            sum += most;
            used += model.load[n][step];
        }
        if (sum < least) {
            least = sum;
            lambda = perHz;
            beta = perUnit;
        }
        return sum;
    }
}
