package org.qexit.allocation.search;

import org.qexit.allocation.problem.Assignment;

/** What {@link BranchAndPrice} makes assignments with; all of it may return null. */
public interface Heuristics {
    /** Quick, from an assignment, which need not fit, of every device to the node of its largest share. */
    Assignment round(int[] node);

    /** Thorough, from the end of the dive of that number, which need not fit; nothing is worth more than {@code bound}. */
    Assignment dive(int[] node, int dive, double bound);
}
