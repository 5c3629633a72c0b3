package org.qexit.allocation;

import java.util.ArrayList;
import java.util.List;
import org.qexit.common.Provenance;
import org.qexit.common.Version;
import org.qexit.edge.Energy;
import org.qexit.edge.UserDevice;

/** Turns assignments into plans. */
final class PlanWriter {
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
        Assignment assignment = outcome.assignment();
        List<Plan.Device> devices = new ArrayList<>();
        double objective = 0;
        for (int n = 0; n < problem.devices(); n++) {
            Plan.Device device =
                    device(problem, n, assignment.node()[n], assignment.step()[n]);
            devices.add(device);
            objective += problem.user(n).weight() * Math.log(device.utility());
        }
        return plan(problem, method, objective, devices, outcome, options, seconds);
    }

    private static Plan plan(
            PlanningProblem problem,
            String method,
            double objective,
            List<Plan.Device> devices,
            Outcome outcome,
            SolveOptions options,
            double seconds) {
        Double bound = outcome.bound() == Double.POSITIVE_INFINITY ? null : Math.max(outcome.bound(), objective);
        Double gap = bound == null ? null : bound - objective;
        boolean optimal =
                gap != null && gap <= Math.max(options.gap(), SolveOptions.PROVEN) * Math.abs(objective) + 1e-12;
        CapacityPrices prices = outcome.prices();
        Plan.Multipliers multipliers = prices == null
                ? null
                : new Plan.Multipliers(prices.alpha.clone(), prices.beta.clone(), outcome.devicePrices());
        Plan.Certificate certificate = new Plan.Certificate(
                bound == null ? "none" : kind(method, outcome),
                multipliers,
                null,
                outcome.searchNodes() > 0 ? outcome.searchNodes() : null,
                null,
                null);
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
                null,
                provenance(options));
    }

    private static String kind(String method, Outcome outcome) {
        if (outcome.prices() == null) {
            return method + "-bound";
        }
        if (outcome.searchNodes() > 0) {
            return "search-tree";
        }
        return outcome.devicePrices() != null ? "device-prices" : "node-prices";
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
                provenance(options));
    }

    private static Provenance provenance(SolveOptions options) {
        return new Provenance(Version.current(), options.seed(), null, null);
    }

    /** At full power and least bandwidth, with exactly the compute that its thresholds load. */
    static Plan.Device device(PlanningProblem problem, int n, int node, int step) {
        UserDevice user = problem.user(n);
        Staircase stairs = problem.staircase(n);
        double hz = problem.needHz(n, node);
        double watts = user.powerMaxWatts();
        double rate = problem.link(n, node).bitsPerSecond(hz, watts);
        double seconds = Energy.offloadSeconds(user.featureBits(), rate);
        return new Plan.Device(
                user.id(),
                problem.instance().nodes().get(node).id(),
                stairs.thresholds()[step].lower(),
                new Plan.Upper(stairs.thresholds()[step].upper()),
                hz,
                watts,
                stairs.loads()[step],
                stairs.truePositives()[step],
                stairs.falsePositives()[step],
                stairs.utility(step),
                seconds,
                stairs.loads()[step] * Energy.offloadJoules(user.featureBits(), rate, watts));
    }
}
