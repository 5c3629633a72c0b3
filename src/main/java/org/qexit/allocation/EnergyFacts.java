package org.qexit.allocation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * Energy and power of a plan. The expected offload energy of device n in one period is E_n = load_n · p_n·D_n/r_se(b_n, p_n): load_n =
 * (TP+FP)·eventsPerPeriod/K counts every event that its thresholds offload, rightly or wrongly; local inference is not part of it.
 *
 * @param weightPerJoule κ ≥ 0
 * @param expectedJoules Σ E_n per period
 * @param energyTerm κ·ΣE_n
 * @param penalisedObjective Σ ρ_n ln U_n − κ·ΣE_n, what the method {@code exact} maximises; the plan's {@code objective} is the first sum
 * @param penalisedBound no plan has a larger penalised objective; null if none was proved
 * @param penalisedGap bound − objective of the penalised problem, or null
 * @param kktResidual largest relative violation of the optimality conditions over nodes whose bandwidth and power were optimised
 * @param nodes power of each node
 * @param prices what the penalised bound, or a weaker one, is recomputed from; null if there are none
 * @param tree a search tree that proves the penalised bound, or a weaker one; null if there is none or it is too large
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record EnergyFacts(
        double weightPerJoule,
        double expectedJoules,
        double energyTerm,
        double penalisedObjective,
        Double penalisedBound,
        Double penalisedGap,
        double kktResidual,
        List<NodePower> nodes,
        Prices prices,
        Tree tree) {
    public EnergyFacts {
        nodes = nodes == null ? List.of() : List.copyOf(nodes);
    }

    public EnergyFacts withBound(double bound, Prices newPrices, Tree newTree) {
        return new EnergyFacts(
                weightPerJoule,
                expectedJoules,
                energyTerm,
                penalisedObjective,
                bound,
                bound - penalisedObjective,
                kktResidual,
                nodes,
                newPrices,
                newTree);
    }

    /**
     * One node's power.
     *
     * @param id the node
     * @param powerWatts Σ p_n over its devices
     * @param budgetWatts P_j, or null
     * @param bandwidthPricePerHz what one more hertz would save, in units of the penalised objective
     * @param powerPricePerWatt what one more watt of budget would save
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record NodePower(
            String id, double powerWatts, Double budgetWatts, double bandwidthPricePerHz, double powerPricePerWatt) {}

    /**
     * Prices of a Lagrangian bound, per node.
     *
     * @param bandwidthPerHz α_j
     * @param computePerUnit β_j
     * @param powerPerWatt ν_j; 0 where there is no budget
     * @param bound what they prove
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Prices(double[] bandwidthPerHz, double[] computePerUnit, double[] powerPerWatt, double bound) {}

    /**
     * A search tree.
     *
     * @param bound what it proves
     * @param steps in preorder, {@link Certificate.NodePrices} at its leaves
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Tree(double bound, List<Certificate.ProofStep> steps) {
        public Tree {
            steps = steps == null ? List.of() : List.copyOf(steps);
        }
    }
}
