package org.qexit.allocation.energy;

import java.util.Arrays;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeRadio;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.problem.Staircase;
import org.qexit.edge.DeadlineCurve;

/**
 * The joint problem with bandwidth and power as variables, as arrays for the search: choose for each device n a node j, a step s and a
 * bandwidth b,
 *
 * <pre>  max Σ_n fair[n][s] − wattCost[n][s]·π_nj(b)   s.t. per node   Σ b ≤ B,   Σ π(b) ≤ P,   Σ load[n][s] ≤ W</pre>
 *
 * with π of {@link DeadlineCurve} and wattCost = κ·load·t. Steps that no bandwidth makes worth their energy are left out.
 */
final class EnergyModel {
    /** Knots of a pair's chord table: fewer for large fleets, where their memory would grow beyond some 100 MB. */
    private static final int MAX_KNOTS = 256;

    private static final int MIN_KNOTS = 6;
    private static final int ALL_KNOTS = 4_000_000;

    final PlanningProblem problem;
    final int devices;
    final int nodes;
    /** {@code [device][link]}: nodes that can serve the device. */
    final int[][] allowed;
    /** {@code [device][link]}. */
    final DeadlineCurve[][] curves;
    /** {@code [device][node]}: the link, or -1. */
    final int[][] linkTo;
    /** {@code [device][step]}, strictly increasing. */
    final double[][] load;

    final double[][] fair;
    final double[][] wattCost;
    /** {@code [device][step]}: the corner of the staircase. */
    final int[][] corner;

    final double[] bandwidth;
    final double[] compute;
    /** +∞ without a budget. */
    final double[] power;

    /** {@code [device][link][knot]}: price ratios τ = 1/h, and the least of b + τ π(b) there. */
    private final double[][][] ratio;

    private final double[][][] least;

    EnergyModel(PlanningProblem problem) {
        this.problem = problem;
        JointModel plain = problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS);
        devices = plain.devices;
        nodes = plain.nodes;
        bandwidth = plain.bandwidth.clone();
        compute = plain.compute.clone();
        power = new double[nodes];
        for (int j = 0; j < nodes; j++) {
            power[j] = problem.powerBudgetWatts(j) * (1 + JointModel.ROUNDING);
        }
        allowed = plain.allowed;
        curves = new DeadlineCurve[devices][];
        linkTo = new int[devices][nodes];
        load = new double[devices][];
        fair = new double[devices][];
        wattCost = new double[devices][];
        corner = new int[devices][];
        ratio = new double[devices][][];
        least = new double[devices][][];
        int pairs = Arrays.stream(allowed).mapToInt(links -> links.length).sum();
        int knots = Math.max(MIN_KNOTS, Math.min(MAX_KNOTS, ALL_KNOTS / Math.max(1, pairs)));
        for (int n = 0; n < devices; n++) {
            Arrays.fill(linkTo[n], -1);
            int links = allowed[n].length;
            curves[n] = new DeadlineCurve[links];
            ratio[n] = new double[links][];
            least[n] = new double[links][];
            for (int i = 0; i < links; i++) {
                linkTo[n][allowed[n][i]] = i;
                curves[n][i] = problem.curve(n, allowed[n][i]);
                tabulate(n, i, knots);
            }
            keepSteps(n);
        }
    }

    private void keepSteps(int n) {
        Staircase stairs = problem.staircase(n);
        double watts = leastWatts(n);
        int[] kept = new int[stairs.corners()];
        int count = 0;
        double best = Double.NEGATIVE_INFINITY;
        for (int s = 0; s < kept.length; s++) {
            double value = problem.weight(n) * Math.log(stairs.utility(s)) - problem.wattCost(n, s) * watts;
            // More load for no more value is never better: any other power costs the larger load even more.
            if (value > best) {
                best = value;
                kept[count++] = s;
            }
        }
        corner[n] = Arrays.copyOf(kept, count);
        load[n] = new double[count];
        fair[n] = new double[count];
        wattCost[n] = new double[count];
        for (int s = 0; s < count; s++) {
            load[n][s] = stairs.loads()[corner[n][s]];
            fair[n][s] = problem.weight(n) * Math.log(stairs.utility(corner[n][s]));
            wattCost[n][s] = problem.wattCost(n, corner[n][s]);
        }
    }

    /** The least power at any node. */
    double leastWatts(int n) {
        double watts = Double.POSITIVE_INFINITY;
        for (DeadlineCurve curve : curves[n]) {
            watts = Math.min(watts, curve.leastWatts());
        }
        return watts;
    }

    private void tabulate(int n, int i, int knots) {
        DeadlineCurve curve = curves[n][i];
        double[] tau = new double[knots];
        double[] value = new double[knots];
        int count = 0;
        for (int k = 0; k < knots; k++) {
            double b = k == 0
                    ? curve.leastHz()
                    : k == knots - 1
                            ? curve.mostHz()
                            : curve.leastHz() * Math.pow(curve.mostHz() / curve.leastHz(), (double) k / (knots - 1));
            double slope =
                    k == 0 ? curve.slopeAtLeastHz() : k == knots - 1 ? curve.slopeAtMostHz() : curve.wattsPerHz(b);
            double at = 1 / slope;
            if (count > 0 && !(at > tau[count - 1])) {
                continue;
            }
            tau[count] = at;
            value[count++] = exact(curve, 1, at);
        }
        ratio[n][i] = Arrays.copyOf(tau, count);
        least[n][i] = Arrays.copyOf(value, count);
    }

    /** min over b of α b + w π(b). */
    static double exact(DeadlineCurve curve, double alpha, double perWatt) {
        if (!(perWatt > 0)) {
            return alpha * curve.leastHz();
        }
        double b = curve.bestHz(alpha / perWatt);
        double watts = b == curve.leastHz() ? curve.mostWatts() : curve.watts(b);
        return alpha * b + perWatt * watts;
    }

    /**
     * At most {@link #exact}: the least cost is concave in the price ratio, so that its chords lie below it. Outside the table it is
     * linear and the answer exact.
     */
    double cost(int n, int i, double alpha, double perWatt) {
        DeadlineCurve curve = curves[n][i];
        if (!(perWatt > 0)) {
            return alpha * curve.leastHz();
        }
        double[] tau = ratio[n][i];
        double at = perWatt / alpha;
        if (!(at > tau[0])) {
            return alpha * curve.leastHz() + perWatt * curve.mostWatts();
        }
        int last = tau.length - 1;
        if (!(at < tau[last])) {
            return alpha * curve.mostHz() + perWatt * curve.leastWatts();
        }
        int k = segment(tau, at);
        double share = (at - tau[k]) / (tau[k + 1] - tau[k]);
        return alpha * (least[n][i][k] + share * (least[n][i][k + 1] - least[n][i][k]));
    }

    /** The power in {@link #cost}: its slope in the price of a watt. */
    double costWatts(int n, int i, double alpha, double perWatt) {
        DeadlineCurve curve = curves[n][i];
        double[] tau = ratio[n][i];
        double at = perWatt / alpha;
        if (!(perWatt > 0) || !(at > tau[0])) {
            return curve.mostWatts();
        }
        if (!(at < tau[tau.length - 1])) {
            return curve.leastWatts();
        }
        int k = segment(tau, at);
        return (least[n][i][k + 1] - least[n][i][k]) / (tau[k + 1] - tau[k]);
    }

    private static int segment(double[] tau, double at) {
        int low = 0;
        int high = tau.length - 1;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (tau[middle] <= at) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * A relaxation without power as a variable. For any exchange rates x_j ≥ 0 [Hz per watt] the devices of a node satisfy Σ min_b (b + x_j
     * π(b)) ≤ B_j + x_j P_j; and each device's energy costs at least its least power anywhere.
     */
    JointModel relaxed(double[] exchange) {
        double[][] need = new double[devices][nodes];
        double[][] value = new double[devices][];
        double[] capacity = new double[nodes];
        for (int j = 0; j < nodes; j++) {
            double hz = problem.instance().nodes().get(j).bandwidthHz();
            capacity[j] = exchange[j] > 0 ? hz + exchange[j] * problem.powerBudgetWatts(j) : hz;
        }
        for (int n = 0; n < devices; n++) {
            Arrays.fill(need[n], Double.POSITIVE_INFINITY);
            for (int i = 0; i < allowed[n].length; i++) {
                int j = allowed[n][i];
                need[n][j] = exact(curves[n][i], 1, exchange[j]);
            }
            value[n] = new double[load[n].length];
            for (int s = 0; s < value[n].length; s++) {
                value[n][s] = fair[n][s] - wattCost[n][s] * leastWatts(n);
            }
        }
        double[] units = new double[nodes];
        for (int j = 0; j < nodes; j++) {
            units[j] = problem.instance().nodes().get(j).eventsPerPeriod();
        }
        return new JointModel(need, load, value, capacity, units);
    }

    /** Every plan is worth at least this: smallest loads at full power. */
    double worstValue() {
        double sum = 0;
        for (int n = 0; n < devices; n++) {
            sum += worstValue(n);
        }
        return sum;
    }

    /** A device is worth at least this. */
    double worstValue(int n) {
        double most = 0;
        for (DeadlineCurve curve : curves[n]) {
            most = Math.max(most, curve.mostWatts());
        }
        return fair[n][0] - wattCost[n][0] * most;
    }

    DeadlineCurve[] curvesAt(int j, int[] members) {
        DeadlineCurve[] own = new DeadlineCurve[members.length];
        for (int m = 0; m < own.length; m++) {
            own[m] = curves[members[m]][linkTo[members[m]][j]];
        }
        return own;
    }

    /** {@code [device]}: steps on the upper concave envelope of (load, fair), which alone can be best at a price of compute. */
    int[][] hull() {
        int[][] hull = new int[devices][];
        for (int n = 0; n < devices; n++) {
            hull[n] = JointModel.envelope(load[n], fair[n]);
        }
        return hull;
    }

    /** Whether a set fits node j at its smallest loads: exact, by the least bandwidth within the power budget. */
    boolean fits(int j, int[] members) {
        double units = 0;
        for (int n : members) {
            if (linkTo[n][j] < 0) {
                return false;
            }
            units += load[n][0];
        }
        if (units > compute[j]) {
            return false;
        }
        if (power[j] == Double.POSITIVE_INFINITY) {
            double hz = 0;
            for (int n : members) {
                hz += curves[n][linkTo[n][j]].leastHz();
            }
            return hz <= bandwidth[j];
        }
        NodeRadio radio = NodeRadio.leastBandwidth(curvesAt(j, members), power[j]);
        return radio != null && Arrays.stream(radio.hz()).sum() <= bandwidth[j];
    }
}
