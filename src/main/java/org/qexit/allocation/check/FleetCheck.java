package org.qexit.allocation.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.qexit.allocation.FleetFile;
import org.qexit.allocation.FleetPlan;
import org.qexit.allocation.FleetRows;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.common.Progress;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;

/**
 * {@link PlanCheck} of a fleet that does not fit into memory: some devices at a time, in any order; what nodes give and what the prices
 * prove is summed up.
 */
public final class FleetCheck {
    private static final double TOLERANCE = 1e-7;
    private static final double CLAIM = 1e-6;
    private static final int BLOCK = 500;
    /** Violations told one by one; others are counted. */
    private static final int TOLD = 100;

    private final FleetFile fleet;
    private final FleetPlan plan;
    private final List<String> violations = new ArrayList<>();
    private final Map<String, double[]> used = new HashMap<>();
    private long untold;
    private long devices;
    private double objective;
    private double heaviest;
    private Double bound;

    private FleetCheck(FleetFile fleet, FleetPlan plan) {
        this.fleet = fleet;
        this.plan = plan;
    }

    /**
     * Checks.
     *
     * @param rows gives device after device with its part, null after the last
     */
    public static PlanCheck.Report check(FleetFile fleet, FleetPlan plan, Supplier<FleetRows.Entry> rows) {
        return new FleetCheck(fleet, plan).run(rows);
    }

    private PlanCheck.Report run(Supplier<FleetRows.Entry> rows) {
        if (!plan.fleet().equals(fleet.name())) {
            violation("the plan is for fleet " + plan.fleet() + ", not for " + fleet.name());
        }
        boolean priced = arePrices(plan.prices().bandwidthPerHz())
                & arePrices(plan.prices().computePerUnit());
        bound = priced ? (Double) capacities() : null;
        try (Progress progress = Progress.start("check", plan.devices())) {
            List<FleetRows.Entry> block = new ArrayList<>();
            for (FleetRows.Entry entry = rows.get(); entry != null; entry = rows.get()) {
                if (entry.device() == null) {
                    violation("device " + entry.part().id() + ": unknown");
                    continue;
                }
                if (entry.part() == null) {
                    violation("device " + entry.device().id() + ": not in the plan");
                }
                block.add(entry);
                if (block.size() == BLOCK) {
                    some(block);
                    progress.step(BLOCK);
                    block.clear();
                }
            }
            if (!block.isEmpty()) {
                some(block);
            }
        }
        nodes();
        claims();
        if (untold > 0) {
            violations.add("and " + untold + " more violations");
        }
        return new PlanCheck.Report(
                Double.isFinite(objective) ? (Double) objective : null,
                bound,
                null,
                List.copyOf(violations),
                bound != null && bound <= plan.bound() + 1e-9 * Math.max(heaviest, Math.abs(plan.bound())));
    }

    private void violation(String what) {
        if (violations.size() < TOLD) {
            violations.add(what);
        } else {
            untold++;
        }
    }

    private boolean arePrices(double[] prices) {
        boolean fit = prices != null
                && prices.length == fleet.nodes().size()
                && Arrays.stream(prices).allMatch(price -> price >= 0 && price < Double.POSITIVE_INFINITY);
        if (!fit) {
            violation("the prices are not one number >= 0 for each of the "
                    + fleet.nodes().size() + " nodes");
        }
        return fit;
    }

    /** Σ_j (α_j B_j + β_j W_j). */
    private double capacities() {
        double sum = 0;
        for (int j = 0; j < fleet.nodes().size(); j++) {
            EdgeNode node = fleet.nodes().get(j);
            sum += plan.prices().bandwidthPerHz()[j] * node.bandwidthHz()
                    + plan.prices().computePerUnit()[j] * BoundCheck.events(node);
        }
        return sum;
    }

    private void some(List<FleetRows.Entry> block) {
        List<Instance.Device> own = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        List<Plan.Device> parts = new ArrayList<>();
        Map<String, Map<String, Double>> gains = new HashMap<>();
        double value = 0;
        for (FleetRows.Entry entry : block) {
            own.add(entry.device());
            links.addAll(entry.links());
            entry.links()
                    .forEach(link -> gains.computeIfAbsent(link.device(), key -> new HashMap<>())
                            .put(link.node(), link.gain()));
            heaviest = Math.max(heaviest, entry.device().weight());
            Plan.Device part = entry.part();
            if (part != null) {
                parts.add(part);
                int positives = Arrays.stream(entry.device().trace().labels()).sum();
                value += entry.device().weight() * Math.log((double) part.truePositives() / positives);
                double[] sums = used.computeIfAbsent(part.node(), key -> new double[2]);
                sums[0] += part.bandwidthHz();
                sums[1] += part.computeUnits();
            }
        }
        Instance instance = fleet.instance(own, links);
        Plan ofThem = Plan.of(fleet.name(), "fleet", Plan.Status.FEASIBLE, null).withResult(parts, value, null);
        PlanCheck.Report report = PlanCheck.check(instance, ofThem);
        report.violations().stream()
                // Said already, or of sums of a part of the devices.
                .filter(what -> !what.endsWith(": not in the plan"))
                .forEach(this::violation);
        objective += report.objective() == null ? Double.NaN : report.objective();
        if (bound != null) {
            BoundCheck prices = new BoundCheck(instance, gains, ListedRules.of(instance, ofThem, new ArrayList<>()));
            bound += prices.byNodePrices(
                            plan.prices().bandwidthPerHz(), plan.prices().computePerUnit())
                    - capacities();
        }
        devices += block.size();
    }

    private void nodes() {
        for (EdgeNode node : fleet.nodes()) {
            double[] sums = used.getOrDefault(node.id(), new double[2]);
            atMost("node " + node.id() + ": bandwidth [Hz]", sums[0], node.bandwidthHz());
            atMost("node " + node.id() + ": compute", sums[1], node.computeUnits());
            if (node.powerWatts() != null) {
                violation("node " + node.id() + ": has a power budget, which plans of this kind do not heed");
            }
        }
    }

    private void atMost(String what, double value, double limit) {
        if (!(value >= 0 && value <= limit * (1 + TOLERANCE))) {
            violation(String.format(Locale.ROOT, "%s: %.9g is outside 0 to %.9g", what, value, limit));
        }
    }

    private void claims() {
        if (devices != plan.devices()) {
            violation("the plan claims " + plan.devices() + " devices; the fleet has " + devices);
        }
        if (!(Math.abs(plan.objective() - objective) <= CLAIM * Math.abs(objective))) {
            violation("objective claimed " + plan.objective() + ", recomputed " + objective);
        }
        if (!(plan.objective() <= plan.bound() + CLAIM * Math.abs(plan.objective()))) {
            violation("bound " + plan.bound() + " is below the objective " + plan.objective());
        }
        if (bound != null && !(bound <= plan.bound() + CLAIM * Math.max(heaviest, Math.abs(plan.bound())))) {
            violation("bound claimed " + plan.bound() + ", its prices prove only " + bound);
        }
        double gap = 100 * (plan.bound() - plan.objective()) / Math.abs(plan.objective());
        if (plan.objective() != 0 && !(Math.abs(gap - plan.gapPercent()) <= 1e-4 + CLAIM * Math.abs(gap))) {
            violation("gap claimed " + plan.gapPercent() + " %, bound and objective give " + gap + " %");
        }
    }
}
