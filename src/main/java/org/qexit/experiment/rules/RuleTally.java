package org.qexit.experiment.rules;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.QuantilePath;
import org.qexit.trace.Rule;
import org.qexit.trace.RulePath;

/** Sums over the devices of one set and seed that follow one kind of rule within one budget. */
final class RuleTally {
    static final List<String> COLUMNS = List.of(
            "set",
            "seed",
            "budget",
            "rule",
            "events",
            "critical",
            "planned_found",
            "planned_critical",
            "found",
            "offloads",
            "mean_cost",
            "found_at_rate",
            "offloads_at_rate",
            "mean_cost_at_rate");

    static final List<String> NUMBERS = COLUMNS.stream()
            .filter(column -> !List.of("set", "rule").contains(column))
            .toList();

    private final String rule;
    private final double budget;
    private final List<BigDecimal> costs;
    private long plannedFound;
    private long plannedCritical;
    private final Sum asChosen = new Sum();
    private final Sum atRate = new Sum();

    RuleTally(String rule, double budget, List<BigDecimal> costs) {
        this.rule = rule;
        this.budget = budget;
        this.costs = costs;
    }

    private final class Sum {
        private long events;
        private long critical;
        private long found;
        private long offloads;
        private double cost;

        void add(Confusion counts) {
            events += counts.events();
            critical += counts.truePositives() + counts.falseNegatives();
            found += counts.truePositives();
            offloads += counts.offloads();
            for (int q = 0; q < costs.size(); q++) {
                cost += costs.get(q).doubleValue() * counts.exits().get(q);
            }
        }
    }

    void add(DeviceEvents.Device device, Rule chosen) {
        Confusion planned = Confusion.of(device.validation(), chosen);
        plannedFound += planned.truePositives();
        plannedCritical += planned.truePositives() + planned.falseNegatives();
        asChosen.add(Confusion.of(device.test(), chosen));
        atRate.add(atBudget(QuantilePath.of(device.validation(), chosen), device.test()));
    }

    /**
     * The counts of the rule of the path that offloads as much of the test events as the budget allows, and no more. No label is looked at: a
     * device that follows the budget would come there.
     */
    private Confusion atBudget(RulePath path, DeviceTrace test) {
        long most = (long) Math.floor(budget * test.size() + 1e-9);
        Confusion best = Confusion.of(test, path.at(1));
        List<ExitThresholds> rules = path.rules();
        int low = 0;
        int high = rules.size();
        // Nested rules: the offloads fall along the path.
        while (low < high) {
            int middle = (low + high) >>> 1;
            Confusion counts = Confusion.of(test, rules.get(middle));
            if (counts.offloads() <= most) {
                best = counts;
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return best;
    }

    List<Object> row(String set, long seed) {
        List<Object> row = new ArrayList<>(List.of(set, seed, budget, rule));
        row.addAll(List.of(asChosen.events, asChosen.critical, plannedFound, plannedCritical));
        for (Sum sum : List.of(asChosen, atRate)) {
            row.add(sum.found);
            row.add(sum.offloads);
            row.add(String.format(Locale.ROOT, "%.6g", sum.events == 0 ? 0 : sum.cost / sum.events));
        }
        return row;
    }
}
