package org.qexit.allocation;

/**
 * A method for the joint problem. Owes: a plan whose every constraint holds on the raw data, or a status that says why there is
 * none; a bound only where it is proved; the same plan for the same problem, seed and effort as long as no time limit strikes.
 */
public interface Allocator {
    /** The name under which {@link Methods} knows it. */
    String name();

    /** One line for help texts. */
    String summary();

    Plan solve(PlanningProblem problem, SolveOptions options);
}
