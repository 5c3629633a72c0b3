package org.qexit.allocation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.qexit.trace.ExitThresholds;

/**
 * Evidence that needs no trust in the search.
 *
 * @param kind how the bound follows: "node-prices", "search-tree", "METHOD-bound" (proved by the method's own argument,
 *     docs/allocation.md) or "none"
 * @param tolerance gap relative to |objective| within which "optimal" was asked for, or null
 * @param multipliers prices on the nodes' capacities, which prove a bound, or null
 * @param tree the search tree in preorder, or null if there was none or it is too large
 * @param recomputedBound what the recomputation gave; larger than the plan's bound only if the tree was too large to write
 * @param searchNodes number of subproblems that the proof closed, or null
 * @param checkedObjective the objective recomputed from the raw data
 * @param violations what the independent check found; empty for a good plan
 * @param rules among which rules no better plan exists; null where devices have pairs, among all of which the bound holds
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Certificate(
        String kind,
        Double tolerance,
        Multipliers multipliers,
        List<ProofStep> tree,
        Double recomputedBound,
        Long searchNodes,
        Double checkedObjective,
        List<String> violations,
        Rules rules) {
    public Certificate {
        tree = tree == null ? null : List.copyOf(tree);
        violations = violations == null ? null : List.copyOf(violations);
    }

    /** With what an independent check of the plan found. */
    public Certificate checked(Double objective, Double bound, List<String> found) {
        return new Certificate(kind, tolerance, multipliers, tree, bound, searchNodes, objective, found, rules);
    }

    /** With the rules among which the bound holds. */
    public Certificate among(Rules some) {
        return new Certificate(
                kind, tolerance, multipliers, tree, recomputedBound, searchNodes, checkedObjective, violations, some);
    }

    /**
     * The rules among which a bound holds: each device's pairs, all of them, and thresholds per exit that a search found.
     *
     * @param among what that is, in words
     * @param devices thresholds per exit that some device may have, each with the device's id
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Rules(String among, List<DeviceRules> devices) {
        public Rules {
            devices = devices == null ? List.of() : List.copyOf(devices);
        }

        /** The rules that are listed for a device. */
        public List<ExitThresholds> of(String id) {
            return devices.stream()
                    .filter(device -> id.equals(device.id()))
                    .flatMap(device -> device.rules().stream())
                    .toList();
        }
    }

    /**
     * Rules of a device.
     *
     * @param rules by ascending offloads
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record DeviceRules(String id, List<ExitThresholds> rules) {
        public DeviceRules {
            rules = rules == null ? List.of() : List.copyOf(rules);
        }
    }

    /**
     * One step of a search tree in preorder. A decision (device, node) is followed by the subtree of the plans that serve the device
     * at the node, then by that of the plans that do not. A leaf has prices π, any real numbers, which bound all plans of its
     * subproblem: Σ ρ_n ln U_n ≤ −Σ_n π_n + Σ_j max over the sets that fit node j of Σ_{n in set} (π_n + ρ_n ln U_n).
     *
     * @param device decided, or null for a leaf
     * @param node decided, or null for a leaf
     * @param devicePrices π in the instance's order of devices, or null for a decision
     * @param nodeProfits the maxima, in the instance's order of nodes: an aim for the recomputation, which does not trust them
     * @param nodePrices what else the bound of a leaf needs where bandwidth and power are variables, or null
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record ProofStep(
            String device, String node, double[] devicePrices, double[] nodeProfits, NodePrices nodePrices) {
        /** Whether it is no leaf. */
        public boolean isDecision() {
            return devicePrices == null && nodePrices == null;
        }
    }

    /**
     * Prices of the nodes at a leaf whose bandwidth and power are variables, each in the instance's order of nodes; docs/allocation.md says
     * what they prove. With device prices either {@code hzPerWatt} (no energy weight) or the first three; without device prices {@code
     * unfit}, or the first and the third for devices that have one node each.
     *
     * @param bandwidthPerHz λ_j ≥ 0
     * @param computePerUnit β_j ≥ 0
     * @param powerPerWatt ν_j ≥ 0, 0 where there is no budget
     * @param hzPerWatt x_j ≥ 0, the rate at which power is exchanged for bandwidth
     * @param unfit the node where the devices that are left no other do not fit
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record NodePrices(
            double[] bandwidthPerHz,
            double[] computePerUnit,
            double[] powerPerWatt,
            double[] hzPerWatt,
            String unfit) {}

    /**
     * Prices that prove a bound.
     *
     * @param bandwidthPerHz α_j per node, or null
     * @param computePerUnit β_j per node, or null
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Multipliers(double[] bandwidthPerHz, double[] computePerUnit) {}
}
