package org.qexit.allocation.method;

import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.problem.Staircase;
import org.qexit.allocation.search.CapacityPrices;
import org.qexit.allocation.search.ExactSearch;
import org.qexit.allocation.search.Outcome;
import org.qexit.allocation.search.Search;

/**
 * FREDI (arXiv 2609.15847): nodes and offload counts first, without a look at the scores ({@link OffloadStage}), then the exact
 * thresholds for each count. With the lift κ_n(R) = U_n(R) / (R/|Φ_n|), its largest value κ̄_n, counts R of stage A and any
 * optimal plan's counts R',
 *
 * <pre>  Σ ρ ln U(R') = Σ ρ ln κ(R') + Σ ρ ln(R'/|Φ|) ≤ Σ ρ ln κ̄ + Ā,</pre>
 *
 * since R' is feasible in stage A, whose optimum is at most Ā. So the plan loses at most Σ ρ ln(κ̄/κ(R)) + (Ā − A(R)): that is
 * the loss bound. It proves nothing finer: where a device's first offloads are much purer than its later ones, it is wide, and what every
 * device would reach with boundless compute is the smaller bound. Both are blind to what the nodes' capacities cost, so that the bound
 * reported is the least of them and that of the capacity prices.
 */
final class TwoStageMethod implements Allocator {
    /** For capacity prices and proof, where stage A has used its time up. */
    private static final double PROOF_SECONDS = 2;

    @Override
    public String name() {
        return "two-stage";
    }

    @Override
    public String summary() {
        return "FREDI: nodes and offload counts first, then exact thresholds; with its loss bound";
    }

    @Override
    public Outcome search(PlanningProblem problem, SolveOptions options, Deadline deadline) {
        OffloadStage stage = OffloadStage.of(problem);
        Outcome counts = stage.solve(options, deadline);
        // Both stages admit the same assignments: where stage A has none, no plan exists.
        if (!(counts instanceof Outcome.Found found)) {
            return counts;
        }
        JointModel model = problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS);
        Deadline rest = Deadline.after(Math.max(PROOF_SECONDS, deadline.secondsLeft()), deadline.stopFlag());
        CapacityPrices prices = new CapacityPrices(model).converge(rest);
        return ExactSearch.proved(new Search(model, options, rest), thresholds(problem, stage, found, model, prices));
    }

    /** Stage B, and the least of the bounds by the largest lifts, by boundless compute and by capacity prices. */
    private static Outcome.Found thresholds(
            PlanningProblem problem,
            OffloadStage stage,
            Outcome.Found counts,
            JointModel model,
            CapacityPrices prices) {
        int[] node = counts.assignment().node();
        int[] step = new int[node.length];
        double value = 0;
        double bound = counts.bound();
        double ideal = 0;
        for (int n = 0; n < node.length; n++) {
            Staircase stairs = problem.staircase(n);
            step[n] = stairs.within(stage.model.load[n][counts.assignment().step()[n]]);
            double weight = problem.weight(n);
            value += model.value[n][step[n]];
            bound += weight * Math.log(largestLift(stairs, OffloadStage.events(problem, n)));
            ideal += weight * Math.log(stairs.utility(stairs.corners() - 1));
        }
        return Outcome.Found.bounded(
                new Assignment(node, step, value), Math.min(Math.min(bound, ideal), prices.trueBound()), prices);
    }

    /** κ̄: between two corners of the staircase U is constant and R grows, so a corner attains it. */
    private static double largestLift(Staircase stairs, int events) {
        double most = 0;
        for (int s = 0; s < stairs.corners(); s++) {
            int offloads = stairs.truePositives()[s] + stairs.falsePositives()[s];
            most = Math.max(most, stairs.utility(s) * events / offloads);
        }
        return most;
    }
}
