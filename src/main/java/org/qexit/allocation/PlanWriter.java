package org.qexit.allocation;

import java.util.ArrayList;
import java.util.List;
import org.qexit.common.Provenance;
import org.qexit.common.Version;
import org.qexit.edge.Energy;
import org.qexit.edge.UserDevice;
import org.qexit.trace.UpperThreshold;

/** Turns assignments into plans. */
final class PlanWriter {
    /** A longer proof makes an unwieldy file: some ten megabytes. */
    private static final long PROOF_NUMBERS = 500_000;

    private PlanWriter() {}

    static Plan plan(PlanningProblem problem, String method, Outcome outcome, SolveOptions options, double seconds) {
        if (outcome.assignment() == null) {
            return infeasible(
                    problem,
                    method,
                    outcome.infeasible() ? Plan.Status.INFEASIBLE : Plan.Status.UNKNOWN,
                    outcome.reasons(),
                    options,
                    seconds);
        }
        RadioPlan radio = RadioPlan.of(problem, outcome.assignment());
        if (!radio.fits()) {
            List<String> reasons = new ArrayList<>();
            reasons.add("the choice of method " + method + " does not fit; another method may find a plan");
            reasons.addAll(radio.obstacles());
            return infeasible(problem, method, Plan.Status.UNKNOWN, reasons, options, seconds);
        }
        List<Plan.Device> devices = new ArrayList<>();
        double objective = 0;
        for (int n = 0; n < problem.devices(); n++) {
            Plan.Device device = device(problem, n, outcome.assignment(), radio);
            devices.add(device);
            objective += problem.user(n).weight() * Math.log(device.utility());
        }
        EnergyFacts energy = radio.facts(problem, objective, devices);
        return plan(problem, method, objective, devices, energy, outcome, options, seconds);
    }

    private static Plan plan(
            PlanningProblem problem,
            String method,
            double objective,
            List<Plan.Device> devices,
            EnergyFacts energy,
            Outcome outcome,
            SolveOptions options,
            double seconds) {
        Double bound = outcome.bound() == Double.POSITIVE_INFINITY ? null : Math.max(outcome.bound(), objective);
        Double gap = bound == null ? null : bound - objective;
        boolean optimal = gap != null
                && gap <= Math.max(options.gap(), SolveOptions.PROVEN) * Math.abs(objective) + SolveOptions.PROVEN;
        Certificate certificate = certificate(problem, method, outcome, bound, options);
        return new Plan(
                Plan.FORMAT,
                problem.instance().name(),
                method,
                optimal ? Plan.Status.OPTIMAL : Plan.Status.FEASIBLE,
                objective,
                bound,
                gap,
                seconds,
                null,
                devices,
                certificate,
                null,
                null,
                PaperBounds.of(problem, objective, bound),
                energy,
                null,
                null,
                provenance(options));
    }

    private static Certificate certificate(
            PlanningProblem problem, String method, Outcome outcome, Double bound, SolveOptions options) {
        CapacityPrices prices = outcome.prices();
        Certificate.Multipliers multipliers =
                prices == null ? null : new Certificate.Multipliers(prices.alpha.clone(), prices.beta.clone());
        Long searchNodes = outcome.searchNodes() > 0 ? outcome.searchNodes() : null;
        double tolerance = Math.max(options.gap(), SolveOptions.PROVEN);
        if (bound == null) {
            return new Certificate("none", tolerance, multipliers, null, null, searchNodes, null, null);
        }
        boolean byTree = outcome.proof() != null
                && !(prices != null && prices.bound <= outcome.proof().provenBound());
        List<Certificate.ProofStep> tree = byTree ? outcome.proof().steps(problem, bound, PROOF_NUMBERS) : null;
        boolean byPrices = prices != null && bound >= prices.trueBound() - SolveOptions.PROVEN * Math.abs(bound);
        String kind = byTree ? "search-tree" : byPrices ? "node-prices" : method + "-bound";
        return new Certificate(kind, tolerance, multipliers, tree, null, searchNodes, null, null);
    }

    static Plan infeasible(
            PlanningProblem problem,
            String method,
            Plan.Status status,
            List<String> reasons,
            SolveOptions options,
            double seconds) {
        return new Plan(
                Plan.FORMAT,
                problem.instance().name(),
                method,
                status,
                null,
                null,
                null,
                seconds,
                reasons,
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                provenance(options));
    }

    private static Provenance provenance(SolveOptions options) {
        return new Provenance(Version.current(), options.seed(), null, null);
    }

    /** With the bandwidth and power of {@code radio}, and exactly the compute that its thresholds load. */
    private static Plan.Device device(PlanningProblem problem, int n, Assignment assignment, RadioPlan radio) {
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
                stairs.thresholds()[step].lower(),
                new UpperThreshold(stairs.thresholds()[step].upper()),
                hz,
                watts,
                stairs.loads()[step],
                stairs.truePositives()[step],
                stairs.falsePositives()[step],
                stairs.utility(step),
                Energy.offloadSeconds(user.featureBits(), rate),
                stairs.loads()[step] * Energy.offloadJoules(user.featureBits(), rate, watts));
    }
}
