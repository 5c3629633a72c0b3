package org.qexit.allocation;

import java.util.List;

/**
 * What a search over {@link JointModel} found, in the model's shifted values.
 *
 * @param assignment the incumbent, or null
 * @param bound no assignment has a larger value; +∞ if none was proved
 * @param infeasible proved that no assignment exists
 * @param reasons why, if infeasible
 * @param prices capacity prices for the certificate and the shadow prices, or null
 * @param proof of the search tree, or null if there was none
 * @param searchNodes subproblems closed
 */
public record Outcome(
        Assignment assignment,
        double bound,
        boolean infeasible,
        List<String> reasons,
        CapacityPrices prices,
        BoundTree proof,
        long searchNodes) {
    static Outcome infeasible(List<String> reasons) {
        return new Outcome(null, Double.NEGATIVE_INFINITY, true, reasons, null, null, 0);
    }

    /** An assignment without a bound. */
    static Outcome unproven(Assignment assignment) {
        return new Outcome(assignment, Double.POSITIVE_INFINITY, false, null, null, null, 0);
    }

    /** A method found nothing, which proves nothing. */
    static Outcome failed(List<String> reasons) {
        return new Outcome(null, Double.POSITIVE_INFINITY, false, reasons, null, null, 0);
    }

    Outcome withoutBound() {
        return unproven(assignment);
    }
}
