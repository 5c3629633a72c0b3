package org.qexit.allocation.plan;

import java.util.List;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.EnergyFacts;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;

/**
 * Turns what a search found in its own unit of the objective (PlanningProblem.objectiveUnit) into the user's. The unit is a power of two, so
 * that nothing is rounded.
 *
 * @param size of one unit of the search
 */
public record ObjectiveUnit(double size) {
    public double of(double value) {
        return value * size;
    }

    public Double of(Double value) {
        return value == null ? null : (Double) (value * size);
    }

    private double[] of(double[] values) {
        if (values == null) {
            return null;
        }
        double[] result = values.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] *= size;
        }
        return result;
    }

    public Certificate.Multipliers of(Certificate.Multipliers prices) {
        return prices == null
                ? null
                : new Certificate.Multipliers(of(prices.bandwidthPerHz()), of(prices.computePerUnit()));
    }

    public List<Certificate.ProofStep> of(List<Certificate.ProofStep> tree) {
        return tree == null || size == 1
                ? tree
                : tree.stream()
                        .map(step -> new Certificate.ProofStep(
                                step.device(),
                                step.node(),
                                of(step.devicePrices()),
                                of(step.nodeProfits()),
                                of(step.nodePrices())))
                        .toList();
    }

    private Certificate.NodePrices of(Certificate.NodePrices prices) {
        return prices == null
                ? null
                : new Certificate.NodePrices(
                        of(prices.bandwidthPerHz()),
                        of(prices.computePerUnit()),
                        of(prices.powerPerWatt()),
                        prices.hzPerWatt(),
                        prices.unfit());
    }

    /** A plan whose objective, bounds and prices are those of a search. */
    Plan of(Plan plan) {
        Certificate certificate = plan.certificate();
        Plan.PublishedBounds published = plan.published();
        return plan.withResult(plan.devices(), of(plan.objective()), of(plan.bound()))
                .withCertificate(new Certificate(
                        certificate.kind(),
                        certificate.tolerance(),
                        of(certificate.multipliers()),
                        of(certificate.tree()),
                        certificate.recomputedBound(),
                        certificate.searchNodes(),
                        certificate.checkedObjective(),
                        certificate.violations(),
                        certificate.rules()))
                .withPublished(new Plan.PublishedBounds(
                        of(published.paperLb()),
                        of(published.paperUb()),
                        published.paperRelativeGap(),
                        published.note()))
                .withEnergy(of(plan.energy()), plan.status());
    }

    private EnergyFacts of(EnergyFacts energy) {
        EnergyFacts.Prices prices = energy.prices();
        return new EnergyFacts(
                of(energy.weightPerJoule()),
                energy.expectedJoules(),
                of(energy.energyTerm()),
                of(energy.penalisedObjective()),
                of(energy.penalisedBound()),
                of(energy.penalisedGap()),
                energy.kktResidual(),
                energy.nodes().stream()
                        .map(node -> new EnergyFacts.NodePower(
                                node.id(),
                                node.powerWatts(),
                                node.budgetWatts(),
                                of(node.bandwidthPricePerHz()),
                                of(node.powerPricePerWatt())))
                        .toList(),
                prices == null
                        ? null
                        : new EnergyFacts.Prices(
                                of(prices.bandwidthPerHz()),
                                of(prices.computePerUnit()),
                                of(prices.powerPerWatt()),
                                of(prices.bound())),
                energy.tree() == null
                        ? null
                        : new EnergyFacts.Tree(
                                of(energy.tree().bound()), of(energy.tree().steps())));
    }

    /** The options with a listener that hears of the search in the user's unit. */
    public SolveOptions of(SolveOptions options) {
        return size == 1
                ? options
                : options.withListener(note -> options.listener()
                        .accept(new SolveOptions.ProgressNote(
                                note.seconds(), note.phase(), of(note.objective()), of(note.bound()))));
    }
}
