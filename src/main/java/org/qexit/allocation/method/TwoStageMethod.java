package org.qexit.allocation.method;

import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.problem.Staircase;
import org.qexit.allocation.search.Outcome;

/**
 * FREDI (arXiv 2609.15847): nodes and offload counts first, without a look at the scores ({@link OffloadStage}), then the exact
 * thresholds for each count. With the lift κ_n(R) = U_n(R) / (R/|Φ_n|), its largest value κ̄_n, counts R of stage A and any
 * optimal plan's counts R',
 *
 * <pre>  Σ ρ ln U(R') = Σ ρ ln κ(R') + Σ ρ ln(R'/|Φ|) ≤ Σ ρ ln κ̄ + Ā,</pre>
 *
 * since R' is feasible in stage A, whose optimum is at most Ā. So the plan loses at most Σ ρ ln(κ̄/κ(R)) + (Ā − A(R)): that is
 * the gap it reports. It proves nothing finer: where a device's first offloads are much purer than its later ones, it is wide, and what
 * every device would reach with boundless compute is the smaller bound.
 */
final class TwoStageMethod implements Allocator {
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
        return counts instanceof Outcome.Found found ? thresholds(problem, stage, found) : counts;
    }

    /** Stage B, and the bound that the largest lifts prove. */
    private static Outcome thresholds(PlanningProblem problem, OffloadStage stage, Outcome.Found counts) {
        int[] node = counts.assignment().node();
        int[] step = new int[node.length];
        double value = 0;
        double bound = counts.bound();
        double ideal = 0;
        for (int n = 0; n < node.length; n++) {
            Staircase stairs = problem.staircase(n);
            step[n] = stairs.within(stage.model.load[n][counts.assignment().step()[n]]);
            double weight = problem.weight(n);
            value += weight * Math.log(stairs.utility(step[n]));
            bound += weight * Math.log(largestLift(stairs, OffloadStage.events(problem, n)));
            ideal += weight * Math.log(stairs.utility(stairs.corners() - 1));
        }
        return Outcome.Found.bounded(new Assignment(node, step, value), Math.min(bound, ideal), null);
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
