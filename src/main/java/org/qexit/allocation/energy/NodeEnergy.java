package org.qexit.allocation.energy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.qexit.allocation.problem.Deadline;

/**
 * Steps, bandwidth and power of one node for a fixed set of devices. At fixed prices (λ, ν) of bandwidth and power the steps are a
 * multiple-choice knapsack over compute, solved exactly: its value bounds the node's. At fixed steps the radio is convex, solved exactly:
 * its value is attained. Prices and steps alternate; what gap is left is closed by splitting the steps of a device. Sets are remembered. Safe to share between
 * threads.
 */
final class NodeEnergy {
    private static final int MEMORY = 200_000;

    private final EnergyModel model;
    private final Map<List<Integer>, Choice> known = new ConcurrentHashMap<>();

    private final Deadline deadline;

    /** After the deadline sets are still solved, with looser bounds. */
    NodeEnergy(EnergyModel model, Deadline deadline) {
        this.model = model;
        this.deadline = deadline;
    }

    /**
     * The best found for a set.
     *
     * @param steps {@code [position in members]}; null if the set does not fit
     * @param value attained; −∞ if the set does not fit
     * @param bound no choice is worth more; equal to the value up to rounding unless the splits ran out; +∞ if none was proved
     * @param bandwidthPrice λ of the radio at these steps
     * @param powerPrice ν of it
     * @param priced what these prices alone prove, with compute whole; never less than the bound
     */
    record Choice(int[] steps, double value, double bound, double bandwidthPrice, double powerPrice, double priced) {
        private static final double NOTHING = Double.NEGATIVE_INFINITY;
        static final Choice NONE = new Choice(null, NOTHING, NOTHING, 0, 0, NOTHING);

        boolean fits() {
            return steps != null;
        }
    }

    /** Proved, with a bound. @param members increasing */
    Choice solve(int j, int[] members) {
        return lookUp(j, members, true);
    }

    /** Attained by alternation only, without a bound: some ten times as fast, seldom worse. @param members increasing */
    Choice quick(int j, int[] members) {
        return lookUp(j, members, false);
    }

    private Choice lookUp(int j, int[] members, boolean proved) {
        if (members.length == 0) {
            return new Choice(new int[0], 0, 0, 0, 0, 0);
        }
        Integer[] key = new Integer[members.length + 1];
        key[0] = j;
        for (int m = 0; m < members.length; m++) {
            key[m + 1] = members[m];
        }
        List<Integer> name = List.of(key);
        Choice result = known.get(name);
        if (result == null || proved && result.bound == Double.POSITIVE_INFINITY) {
            result = model.fits(j, members) ? new NodeSteps(model, deadline, j, members).solve(proved) : Choice.NONE;
            if (known.size() >= MEMORY) {
                known.clear();
            }
            known.put(name, result);
        }
        return result;
    }
}
