package org.qexit.allocation.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.EnergyFacts;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.problem.Staircase;
import org.qexit.allocation.search.CapacityPrices;
import org.qexit.allocation.search.Outcome;
import org.qexit.common.Provenance;
import org.qexit.common.Version;
import org.qexit.edge.Energy;
import org.qexit.edge.UserDevice;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.RuleKind;

/**
 * Turns outcomes into plans.
 *
 * @param problem what was searched
 * @param method whose outcome it is
 * @param options with the tolerance and the seed
 * @param seconds that the search took
 */
public record PlanWriter(PlanningProblem problem, String method, SolveOptions options, double seconds) {
    /** A longer proof makes an unwieldy file: some ten megabytes. */
    public static final long PROOF_NUMBERS = 500_000;

    private static final String AMONG =
            "the bound holds for all plans whose devices have any pair or thresholds per exit of the"
                    + " list; others may find more";

    /**
     * The plan with what an independent check of it found.
     *
     * @throws IllegalStateException if the check finds a violation: then the search has a bug
     */
    public static Plan certified(Instance instance, Plan plan) {
        if (!plan.isFeasible()) {
            return plan;
        }
        return certified(instance, plan, true);
    }

    private static Plan certified(Instance instance, Plan plan, boolean mayClaimLess) {
        PlanCheck.Report report = PlanCheck.check(instance, plan);
        if (!report.isClean() && mayClaimLess && roundsTo(instance, plan, report.recomputedBound())) {
            // Where weights span many orders, the rounding of the heavy ones is a gap for the light ones.
            Double bound = report.recomputedBound();
            Plan weaker = plan.withResult(plan.devices(), plan.objective(), bound)
                    .withEnergy(plan.energy(), status(plan.objective(), bound));
            return certified(instance, weaker, false);
        }
        if (!report.isClean()) {
            throw new IllegalStateException("the plan of method " + plan.method() + " fails its check: "
                    + String.join("; ", report.violations()));
        }
        return plan.withCertificate(
                plan.certificate().checked(report.objective(), report.recomputedBound(), report.violations()));
    }

    /** Whether the plan's bound and the one that was recomputed differ, and by no more than rounding of the largest weight. */
    private static boolean roundsTo(Instance instance, Plan plan, Double recomputed) {
        double heaviest = instance.devices().stream()
                .mapToDouble(Instance.Device::weight)
                .max()
                .orElse(0);
        return plan.bound() != null
                && recomputed != null
                && recomputed > plan.bound()
                && recomputed - plan.bound() <= SolveOptions.PROVEN * heaviest;
    }

    /** Pairs at the leaves of a tree whose recomputation takes some seconds, with an energy weight and without. */
    private static final long PRICED_PAIRS = 40_000;

    private static final long EXCHANGED_PAIRS = 400_000;

    public Plan write(Outcome outcome) {
        if (outcome instanceof Outcome.Found found) {
            return write(found);
        }
        return outcome instanceof Outcome.GaveUp gaveUp
                ? none(Plan.Status.UNKNOWN, gaveUp.reasons())
                : none(Plan.Status.INFEASIBLE, ((Outcome.Infeasible) outcome).reasons());
    }

    private Plan none(Plan.Status status, List<String> reasons) {
        if (perExit() && status == Plan.Status.INFEASIBLE) {
            List<String> more = new ArrayList<>(reasons);
            more.add("this is so among all pairs and the thresholds per exit that were found");
            return plan(status).withReasons(more);
        }
        return plan(status).withReasons(reasons);
    }

    private boolean perExit() {
        return problem.instance().kind() == RuleKind.PER_EXIT;
    }

    private Plan plan(Plan.Status status) {
        Provenance provenance = new Provenance(Version.current(), options.seed(), null, null);
        return Plan.of(problem.instance().name(), method, status, provenance)
                .withRule(problem.instance().rule())
                .withSeconds(seconds);
    }

    private Plan write(Outcome.Found found) {
        RadioPlan radio = RadioPlan.of(problem, found.assignment());
        if (!radio.fits()) {
            List<String> reasons = new ArrayList<>();
            reasons.add("the choice of method " + method + " does not fit; another method may find a plan");
            reasons.addAll(radio.obstacles());
            return none(Plan.Status.UNKNOWN, reasons);
        }
        List<Plan.Device> devices = new ArrayList<>();
        double objective = 0;
        double most = 0;
        for (int n = 0; n < problem.devices(); n++) {
            Plan.Device device = device(n, found.assignment(), radio);
            devices.add(device);
            objective += problem.weight(n) * Math.log(device.utility());
            Staircase stairs = problem.staircase(n);
            most += problem.weight(n) * Math.log(stairs.utility(stairs.corners() - 1));
        }
        // Where every device is at its best, the rounding of prices would leave a gap to an objective of perhaps 0.
        Double bound = found.bound() == Double.POSITIVE_INFINITY
                ? null
                : (Double) Math.max(Math.min(found.bound(), most), objective);
        Plan.Status status = status(objective, bound);
        EnergyFacts energy = radio.facts(problem, objective, devices);
        if (found.penalised() != null) {
            double limit = Math.max(Math.min(found.penalised().bound(), most), energy.penalisedObjective());
            energy = energy.withBound(limit, found.penalised().prices(), tree(found.penalised()));
            status = status(energy.penalisedObjective(), limit);
        }
        Plan plan = plan(status)
                .withResult(devices, objective, bound)
                .withCertificate(certificate(found, bound).among(rules()))
                .withPublished(PaperBounds.of(problem, objective, bound))
                .withEnergy(energy, status);
        return new ObjectiveUnit(problem.objectiveUnit()).of(plan);
    }

    /** The tree of a penalised bound, unless prices prove as much or its recomputation would take too long. */
    private EnergyFacts.Tree tree(Outcome.Penalised penalised) {
        if (penalised.proof() == null) {
            return null;
        }
        double bound = penalised.proof().recomputedBound();
        if (penalised.prices() != null && penalised.prices().bound() <= bound) {
            return null;
        }
        List<Certificate.ProofStep> steps = penalised.proof().steps(problem, bound, PROOF_NUMBERS);
        long pairs = (long) problem.devices() * problem.nodes();
        long most = problem.energyWeight() > 0 ? PRICED_PAIRS : EXCHANGED_PAIRS;
        return steps == null || steps.size() * pairs > 2 * most ? null : new EnergyFacts.Tree(bound, steps);
    }

    private static Plan.Status status(double objective, Double bound) {
        return bound != null && SolveOptions.isOptimal(objective, bound) ? Plan.Status.OPTIMAL : Plan.Status.FEASIBLE;
    }

    private Certificate certificate(Outcome.Found found, Double bound) {
        CapacityPrices prices = found.prices();
        Certificate.Multipliers multipliers =
                prices == null ? null : new Certificate.Multipliers(prices.alpha.clone(), prices.beta.clone());
        Long searchNodes = found.searchNodes() > 0 ? found.searchNodes() : null;
        if (bound == null) {
            return new Certificate("none", options.tolerance(), multipliers, null, null, searchNodes, null, null, null);
        }
        boolean byTree = found.proof() != null
                && !(prices != null && prices.bound <= found.proof().provenBound());
        List<Certificate.ProofStep> tree = byTree ? found.proof().steps(problem, bound, PROOF_NUMBERS) : null;
        boolean byPrices = prices != null && bound >= prices.trueBound() - SolveOptions.PROVEN * Math.abs(bound);
        String kind = byTree ? "search-tree" : byPrices ? "node-prices" : method + "-bound";
        return new Certificate(kind, options.tolerance(), multipliers, tree, null, searchNodes, null, null, null);
    }

    private int exits(int device) {
        return problem.instance().devices().get(device).trace().scores()[0].length;
    }

    /** The thresholds per exit that devices could have had; null where all have pairs. */
    private Certificate.Rules rules() {
        if (!perExit()) {
            return null;
        }
        List<Certificate.DeviceRules> devices = new ArrayList<>();
        for (int n = 0; n < problem.devices(); n++) {
            List<ExitThresholds> found = Arrays.stream(problem.staircase(n).thresholds())
                    .filter(ExitThresholds.class::isInstance)
                    .map(ExitThresholds.class::cast)
                    .toList();
            if (!found.isEmpty()) {
                devices.add(new Certificate.DeviceRules(problem.user(n).id(), found));
            }
        }
        return new Certificate.Rules(AMONG, devices);
    }

    /** With the bandwidth and power of {@code radio}, and exactly the compute that its thresholds load. */
    private Plan.Device device(int n, Assignment assignment, RadioPlan radio) {
        UserDevice user = problem.user(n);
        Staircase stairs = problem.staircase(n);
        int node = assignment.node()[n];
        int step = assignment.step()[n];
        double hz = radio.hz()[n];
        double watts = radio.watts()[n];
        double rate = problem.link(n, node).bitsPerSecond(hz, watts);
        return new Plan.Device(
                user.id(),
                problem.instance().nodes().get(node).id(),
                perExit() ? stairs.thresholds()[step].perExit(exits(n)) : stairs.thresholds()[step],
                hz,
                watts,
                problem.instance().nodes().get(node).unitsOf(stairs.loads()[step]),
                stairs.truePositives()[step],
                stairs.falsePositives()[step],
                stairs.utility(step),
                null,
                Energy.offloadSeconds(user.featureBits(), rate),
                stairs.loads()[step] * Energy.offloadJoules(user.featureBits(), rate, watts));
    }
}
