package org.qexit.allocation.method;

import java.util.List;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.benders.BendersCuts;
import org.qexit.allocation.benders.BendersTree;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.search.CapacityPrices;
import org.qexit.allocation.search.ExactSearch;
import org.qexit.allocation.search.Outcome;
import org.qexit.allocation.search.Search;

/**
 * Generalised Benders decomposition as the paper announces it: a master over the assignment x, and cuts from the nodes' resource
 * problems ({@link BendersCuts}). The master is searched by one tree whose linear programs ojAlgo solves ({@link BendersTree}). It
 * reaches the optimum of small fleets; its bound is that of the capacity prices at the root, so that it needs far more
 * subproblems than {@link ExactMethod} where bandwidth is tight.
 */
final class BendersMethod implements Allocator {
    /** Beyond, one solve of the master takes longer than it brings. */
    static final int MAX_PAIRS = 3000;

    /** For the proof, where the search has used its time up. */
    private static final double PROOF_SECONDS = 5;

    @Override
    public String name() {
        return "benders";
    }

    @Override
    public String summary() {
        return "generalised Benders decomposition, with bound and gap; for fleets of up to some dozens of devices";
    }

    @Override
    public Outcome search(PlanningProblem problem, SolveOptions options, Deadline deadline) {
        JointModel model = problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS);
        int pairs = 0;
        for (int[] allowed : model.allowed) {
            if (allowed.length == 0) {
                return new Outcome.Infeasible(List.of("a device fits nowhere"));
            }
            pairs += allowed.length;
        }
        if (pairs > MAX_PAIRS) {
            return Outcome.GaveUp.because(
                    List.of("its master would have " + pairs + " pairs of device and node; at most " + MAX_PAIRS
                            + " are supported. Maybe try the method exact."));
        }
        CapacityPrices prices = new CapacityPrices(model).converge(deadline);
        Search search = new Search(model, options, deadline);
        Outcome outcome = new BendersTree(search, prices).run(prices);
        // Its cuts are many and of several kinds: whoever checks the plan gets a tree of device prices for the same
        // bound.
        Search proof = new Search(
                model, options, Deadline.after(Math.max(PROOF_SECONDS, deadline.secondsLeft()), deadline.stopFlag()));
        return outcome instanceof Outcome.Found found ? ExactSearch.proved(proof, found) : outcome;
    }
}
