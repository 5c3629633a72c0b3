package org.qexit.allocation.method;

import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.search.Outcome;

/**
 * A method for the joint problem: it finds an {@link Outcome}, and {@link Planner} makes a plan of that. Owes: an assignment whose every
 * constraint holds on the raw data, or why there is none; a bound only where it is proved; the same outcome for the same problem,
 * seed and effort as long as no time limit strikes.
 */
interface Allocator {
    /** The name under which {@link Methods} knows it. */
    String name();

    /** One line for help texts. */
    String summary();

    /** @param problem every device of which some node can serve */
    Outcome search(PlanningProblem problem, SolveOptions options, Deadline deadline);
}
