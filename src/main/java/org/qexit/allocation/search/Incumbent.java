package org.qexit.allocation.search;

import org.qexit.allocation.problem.Assignment;

/** The best assignment so far and the bound on all of them: what decides whether a subproblem is still of interest. */
final class Incumbent {
    private final Search search;
    private final double worst;
    private Assignment best;
    /** No assignment is worth more; −∞ if there is none. */
    double bound;

    /** @param worst no assignment is worth less */
    Incumbent(Search search, double bound, double worst) {
        this.search = search;
        this.worst = worst;
        this.bound = bound;
    }

    /** The assignment, or null. */
    Assignment best() {
        return best;
    }

    boolean exists() {
        return best != null;
    }

    /** Its value, −∞ without one. */
    double value() {
        return best == null ? Double.NEGATIVE_INFINITY : best.value();
    }

    /** Takes a candidate, which may be null, if it is better; returns whether it is. */
    boolean improve(Assignment candidate) {
        if (candidate == null || best != null && candidate.value() <= best.value()) {
            return false;
        }
        best = candidate;
        return true;
    }

    /** A subproblem with a bound of at most this is of no interest. */
    double cutoff() {
        // Every assignment is worth at least the worst value: a smaller bound proves that there is none.
        return best == null ? worst - 1e-6 : search.cutoff(best.value());
    }

    void note(String phase) {
        search.note(phase, best, bound);
    }
}
