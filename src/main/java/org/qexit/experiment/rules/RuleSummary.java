package org.qexit.experiment.rules;

import java.util.ArrayList;
import java.util.List;
import org.qexit.common.statistics.MeanInterval;
import org.qexit.experiment.results.ResultTable;

/**
 * A study of rules over its seeds.
 *
 * @param study its name
 * @param lines one per set, budget and rule
 */
public record RuleSummary(String study, List<Line> lines) {
    /**
     * One kind of rule.
     *
     * @param planned true-positive rate on the validation events that it was chosen on, mean over seeds
     * @param tpr on the test events, as chosen
     * @param ofr offload rate on the test events, as chosen
     * @param tprAtRate on the test events at exactly the budget, along the path through the rule
     * @param cost mean local cost per test event at exactly the budget
     * @param relativeCost of that, to the pair's
     * @param difference of tprAtRate to the pair's, paired over seeds; null for the pair
     */
    public record Line(
            String set,
            double budget,
            String rule,
            double planned,
            double tpr,
            double ofr,
            double tprAtRate,
            double cost,
            double relativeCost,
            MeanInterval difference) {}

    static RuleSummary of(RuleStudyConfig config, List<ResultTable.Row> rows) {
        List<Line> lines = new ArrayList<>();
        for (RuleStudyConfig.EventSet set : config.sets()) {
            for (double budget : config.budgets()) {
                List<ResultTable.Row> own = rows.stream()
                        .filter(row -> row.text("set").equals(set.name()) && row.number("budget") == budget)
                        .toList();
                List<ResultTable.Row> pairs = of(own, RuleChoice.PAIR);
                own.stream()
                        .map(row -> row.text("rule"))
                        .distinct()
                        .forEach(rule -> lines.add(line(set.name(), budget, rule, of(own, rule), pairs)));
            }
        }
        return new RuleSummary(config.name(), lines);
    }

    private static List<ResultTable.Row> of(List<ResultTable.Row> rows, String rule) {
        return rows.stream().filter(row -> row.text("rule").equals(rule)).toList();
    }

    private static Line line(
            String set, double budget, String rule, List<ResultTable.Row> rows, List<ResultTable.Row> pairs) {
        double[] differences = new double[rows.size()];
        for (int i = 0; i < differences.length; i++) {
            ResultTable.Row row = rows.get(i);
            ResultTable.Row pair = pairs.stream()
                    .filter(other -> other.number("seed") == row.number("seed"))
                    .findFirst()
                    .orElseThrow();
            differences[i] = share(row, "found_at_rate", "critical") - share(pair, "found_at_rate", "critical");
        }
        double cost = mean(rows, row -> row.number("mean_cost_at_rate"));
        return new Line(
                set,
                budget,
                rule,
                mean(rows, row -> share(row, "planned_found", "planned_critical")),
                mean(rows, row -> share(row, "found", "critical")),
                mean(rows, row -> share(row, "offloads", "events")),
                mean(rows, row -> share(row, "found_at_rate", "critical")),
                cost,
                cost / mean(pairs, row -> row.number("mean_cost_at_rate")),
                rule.equals(RuleChoice.PAIR) ? null : MeanInterval.student(differences));
    }

    private static double share(ResultTable.Row row, String count, String of) {
        return row.number(of) == 0 ? 0 : row.number(count) / row.number(of);
    }

    private static double mean(
            List<ResultTable.Row> rows, java.util.function.ToDoubleFunction<ResultTable.Row> figure) {
        return rows.stream().mapToDouble(figure).average().orElseThrow();
    }
}
