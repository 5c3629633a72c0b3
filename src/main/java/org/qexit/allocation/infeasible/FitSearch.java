package org.qexit.allocation.infeasible;

import java.util.ArrayList;
import java.util.List;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.search.ExactSearch;
import org.qexit.allocation.search.Outcome;
import org.qexit.allocation.search.Search;

/**
 * Decides {@link FitProblem} by depth-first search: the device with the fewest nodes left first, its roomiest node first; a branch ends
 * when a device has no node left or the free capacities together cannot hold what is left. Exact unless its steps run out; then {@link
 * ExactSearch} is asked.
 */
final class FitSearch {
    private static final double ROUNDING = JointModel.ROUNDING;
    private static final long STEPS = 60_000;
    /** Deeper recursions would strain the stack; such fleets go to the other search at once. */
    private static final int MAX_DEVICES = 1500;

    private static final double SECONDS = 5;

    private final FitProblem problem;
    private final Deadline deadline;
    private final int[] node;
    private final double[] freeHz;
    private final double[] freeUnits;
    private final double[] capHz;
    private final double[] capUnits;
    private final List<List<Integer>> members = new ArrayList<>();
    private long steps;

    /** The answer: the node of each device, or none; {@code proved} says that none is the truth. */
    record Answer(int[] node, boolean proved) {
        boolean fits() {
            return node != null;
        }

        boolean provedNot() {
            return node == null && proved;
        }
    }

    private FitSearch(FitProblem problem, Deadline deadline) {
        this.problem = problem;
        this.deadline = deadline;
        int nodes = problem.nodes.size();
        node = new int[problem.devices()];
        java.util.Arrays.fill(node, -1);
        capHz = new double[nodes];
        capUnits = new double[nodes];
        for (int j = 0; j < nodes; j++) {
            capHz[j] = problem.nodes.get(j).bandwidthHz() * (1 + ROUNDING);
            capUnits[j] = problem.nodes.get(j).eventsPerPeriod() * (1 + ROUNDING);
            members.add(new ArrayList<>());
        }
        freeHz = capHz.clone();
        freeUnits = capUnits.clone();
    }

    static Answer solve(FitProblem problem, SolveOptions options, Deadline deadline) {
        if (problem.devices() <= MAX_DEVICES) {
            FitSearch search = new FitSearch(problem, deadline);
            Boolean fits = search.place(0);
            if (fits != null) {
                return new Answer(fits ? search.node : null, true);
            }
        }
        if (deadline.passed()) {
            return new Answer(null, false);
        }
        Outcome outcome = ExactSearch.run(new Search(
                problem.smallest(),
                options.withListener(note -> {}).withGap(0),
                Deadline.after(Math.min(SECONDS, Math.max(0.1, deadline.secondsLeft())), options.stop())));
        if (outcome instanceof Outcome.Found found
                && keepsBudgets(problem, found.assignment().node())) {
            return new Answer(found.assignment().node(), true);
        }
        return new Answer(null, outcome instanceof Outcome.Infeasible);
    }

    private static boolean keepsBudgets(FitProblem problem, int[] node) {
        for (int j = 0; j < problem.nodes.size(); j++) {
            if (problem.hasBudget(j)) {
                List<Integer> own = new ArrayList<>();
                for (int n = 0; n < node.length; n++) {
                    if (node[n] == j) {
                        own.add(n);
                    }
                }
                if (!(problem.leastHz(j, own) <= problem.nodes.get(j).bandwidthHz() * (1 + ROUNDING))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** True or false if decided, null if the steps ran out. */
    private Boolean place(int placed) {
        if (placed == node.length) {
            return true;
        }
        if (++steps > STEPS || (steps & 63) == 0 && deadline.passed()) {
            return null;
        }
        int chosen = -1;
        int fewest = Integer.MAX_VALUE;
        double largest = 0;
        double leastHz = 0;
        double leastUnits = 0;
        double leastShare = 0;
        for (int n = 0; n < node.length; n++) {
            if (node[n] >= 0) {
                continue;
            }
            int options = 0;
            double hz = Double.POSITIVE_INFINITY;
            double share = Double.POSITIVE_INFINITY;
            for (int j = 0; j < capHz.length; j++) {
                if (problem.need[n][j] <= freeHz[j] && problem.load[n] <= freeUnits[j]) {
                    options++;
                    hz = Math.min(hz, problem.need[n][j]);
                    share = Math.min(share, problem.need[n][j] / capHz[j] + problem.load[n] / capUnits[j]);
                }
            }
            if (options == 0) {
                return false;
            }
            leastHz += hz;
            leastUnits += problem.load[n];
            leastShare += share;
            if (options < fewest || options == fewest && share > largest) {
                fewest = options;
                largest = share;
                chosen = n;
            }
        }
        double hz = 0;
        double units = 0;
        double share = 0;
        for (int j = 0; j < capHz.length; j++) {
            hz += freeHz[j];
            units += freeUnits[j];
            share += (capHz[j] > 0 ? freeHz[j] / capHz[j] : 0) + (capUnits[j] > 0 ? freeUnits[j] / capUnits[j] : 0);
        }
        if (leastHz > hz || leastUnits > units || leastShare > share * (1 + 1e-12)) {
            return false;
        }
        return branch(chosen, placed);
    }

    private Boolean branch(int n, int placed) {
        boolean[] tried = new boolean[capHz.length];
        boolean unknown = false;
        while (true) {
            int best = -1;
            double room = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < tried.length; j++) {
                if (!tried[j] && problem.need[n][j] <= freeHz[j] && problem.load[n] <= freeUnits[j]) {
                    double left = Math.min(
                                    1 - problem.need[n][j] / freeHz[j],
                                    freeUnits[j] > 0 ? 1 - problem.load[n] / freeUnits[j] : 0)
                            - problem.need[n][j] / capHz[j];
                    if (left > room) {
                        room = left;
                        best = j;
                    }
                }
            }
            if (best < 0) {
                return unknown ? null : false;
            }
            tried[best] = true;
            double hzBefore = freeHz[best];
            double unitsBefore = freeUnits[best];
            members.get(best).add(n);
            // With a power budget a set needs more than the sum of its least bandwidths.
            freeHz[best] = problem.hasBudget(best)
                    ? capHz[best] - problem.leastHz(best, members.get(best))
                    : hzBefore - problem.need[n][best];
            freeUnits[best] -= problem.load[n];
            node[n] = best;
            Boolean fits = freeHz[best] >= 0 ? place(placed + 1) : Boolean.FALSE;
            if (Boolean.TRUE.equals(fits)) {
                return true;
            }
            unknown |= fits == null;
            node[n] = -1;
            freeUnits[best] = unitsBefore;
            freeHz[best] = hzBefore;
            members.get(best).remove(members.get(best).size() - 1);
            if (unknown && steps > STEPS) {
                return null;
            }
        }
    }
}
