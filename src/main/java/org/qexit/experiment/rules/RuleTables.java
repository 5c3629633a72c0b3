package org.qexit.experiment.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.qexit.common.plot.Chart;
import org.qexit.common.plot.Scale;
import org.qexit.common.statistics.MeanInterval;

/** A study of rules as a table in Markdown and as a picture. */
final class RuleTables {
    private RuleTables() {}

    static String markdown(RuleSummary summary) {
        StringBuilder text = new StringBuilder("# " + summary.study()
                + "\n\nWritten by `qexit study`. Means over seeds in %; differences to the pair in percentage points with 95 % intervals"
                + " of Student's t, paired over seeds. At the budget: along the path through the rule, as far as the test events'"
                + " budget allows. Cost: mean local cost there, to the pair's.\n\n"
                + "| set | budget | rule | TPR planned | TPR | OFR | TPR at the budget | to the pair | cost |\n"
                + "|---|---:|---|---:|---:|---:|---:|---|---:|\n");
        for (RuleSummary.Line line : summary.lines()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %.1f %% | %s | %.1f | %.1f | %.2f | %.1f | %s | %.2f |%n",
                    line.set(),
                    100 * line.budget(),
                    line.rule(),
                    100 * line.planned(),
                    100 * line.tpr(),
                    100 * line.ofr(),
                    100 * line.tprAtRate(),
                    points(line.difference()),
                    line.relativeCost()));
        }
        return text.toString();
    }

    private static String points(MeanInterval d) {
        if (d == null) {
            return "";
        }
        return d.low() == null
                ? String.format(Locale.ROOT, "%+.1f", 100 * d.mean())
                : String.format(Locale.ROOT, "%+.1f [%+.1f, %+.1f]", 100 * d.mean(), 100 * d.low(), 100 * d.high());
    }

    /** Differences to the pair, a panel for each set. */
    static String svg(RuleSummary summary) {
        List<String> sets =
                summary.lines().stream().map(RuleSummary.Line::set).distinct().toList();
        Chart chart = new Chart("True-positive rate at equal offload rate, to one pair", sets.size(), true);
        for (String set : sets) {
            List<RuleSummary.Line> own = summary.lines().stream()
                    .filter(line -> line.set().equals(set) && line.difference() != null)
                    .toList();
            List<String> rules =
                    own.stream().map(RuleSummary.Line::rule).distinct().toList();
            Map<Integer, String> names = new TreeMap<>();
            for (int i = 0; i < rules.size(); i++) {
                names.put(i, rules.get(i).replace(RuleChoice.AT_PAIRS_COST, "pair’s cost"));
            }
            List<Double> budgets =
                    own.stream().map(RuleSummary.Line::budget).distinct().toList();
            List<Chart.Series> series = new ArrayList<>();
            for (int b = 0; b < budgets.size(); b++) {
                List<double[]> means = new ArrayList<>();
                List<double[]> ends = new ArrayList<>();
                double beside = budgets.size() == 1 ? 0 : 0.5 * b / (budgets.size() - 1) - 0.25;
                for (RuleSummary.Line line : own) {
                    if (line.budget() == budgets.get(b)) {
                        double x = rules.indexOf(line.rule()) + beside;
                        means.add(new double[] {x, 100 * line.difference().mean()});
                        if (line.difference().low() != null) {
                            ends.add(new double[] {x, 100 * line.difference().low()});
                            ends.add(new double[] {x, 100 * line.difference().high()});
                        }
                    }
                }
                String name = String.format(Locale.ROOT, "budget %.3g %%", 100 * budgets.get(b));
                series.add(new Chart.Series(name, Chart.Style.POINTS, means));
                series.add(new Chart.Series(name, Chart.Style.INTERVALS, ends));
            }
            chart.add(new Chart.Panel(
                    set,
                    new Chart.Axis("rule", Scale.Kind.LINEAR, names),
                    new Chart.Axis("difference of TPR [points]", Scale.Kind.LINEAR),
                    series));
        }
        return chart.svg();
    }
}
