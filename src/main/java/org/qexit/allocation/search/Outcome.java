package org.qexit.allocation.search;

import java.util.List;
import org.qexit.allocation.EnergyFacts;
import org.qexit.allocation.problem.Assignment;

/** What a search ended with: an assignment, a proof that there is none, or neither. */
public sealed interface Outcome {
    /** No assignment is worth more, the model's offset included; +∞ if nothing was proved, −∞ if none exists. */
    double bound();

    /** Capacity prices that were found on the way, or null. */
    CapacityPrices prices();

    /**
     * An assignment that fits.
     *
     * @param assignment in the model's shifted values
     * @param bound on the true objective; +∞ if none was proved
     * @param prices for the certificate and the shadow prices, or null
     * @param proof of the search tree, or null if there was none
     * @param searchNodes subproblems closed
     * @param penalised what was proved of the penalised objective, or null where energy and power are free
     */
    record Found(
            Assignment assignment,
            double bound,
            CapacityPrices prices,
            BoundTree proof,
            long searchNodes,
            Penalised penalised)
            implements Outcome {
        /** Without a tree: {@code prices}, which may be null, or the method's own argument prove {@code bound}. */
        public static Found bounded(Assignment assignment, double bound, CapacityPrices prices) {
            return new Found(assignment, bound, prices, null, 0, null);
        }

        /** An assignment without a bound. */
        public static Found unproven(Assignment assignment) {
            return bounded(assignment, Double.POSITIVE_INFINITY, null);
        }

        public Found with(Penalised proved) {
            return new Found(assignment, bound, prices, proof, searchNodes, proved);
        }
    }

    /** Proved that no assignment exists. */
    record Infeasible(List<String> reasons) implements Outcome {
        @Override
        public double bound() {
            return Double.NEGATIVE_INFINITY;
        }

        @Override
        public CapacityPrices prices() {
            return null;
        }
    }

    /** Found nothing, which proves nothing. */
    record GaveUp(List<String> reasons, double bound, CapacityPrices prices) implements Outcome {
        /** A method whose choice does not fit, or that tried enough. */
        public static GaveUp because(List<String> reasons) {
            return new GaveUp(reasons, Double.POSITIVE_INFINITY, null);
        }

        /** A limit struck first. */
        public static GaveUp atLimits(double bound, CapacityPrices prices) {
            return new GaveUp(
                    List.of("no plan was found within the limits, nor a proof that there is none"), bound, prices);
        }
    }

    /**
     * What was proved of Σ ρ_n ln U_n − κ · energy.
     *
     * @param bound no plan is worth more
     * @param prices what proves it or a weaker one, or null
     * @param proof the tree that proves it, or null
     */
    record Penalised(double bound, EnergyFacts.Prices prices, BoundTree proof) {}
}
