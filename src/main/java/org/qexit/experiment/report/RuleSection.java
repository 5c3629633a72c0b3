package org.qexit.experiment.report;

import java.util.Comparator;
import java.util.List;
import org.qexit.common.Checks;
import org.qexit.trace.Confusion;

/** The deployed rule beside the others that the same offloads allow: a pair, thresholds per exit, each single exit alone. */
public final class RuleSection {
    /** The rule of the network without early exits. */
    public static final String STATIC = "static twin";

    private RuleSection() {}

    /**
     * What a kind of rule does, all devices pooled.
     *
     * @param rule "plan" or "chosen", "pair", "per-exit", "exit 1 alone" or {@link #STATIC}
     * @param test counts on test events
     * @param macs mean multiply-accumulates of an event, blocks and heads up to the exit taken
     * @param memoryAccesses mean of an event, blocks up to the exit taken
     */
    public record Row(String model, String rule, Confusion test, double macs, double memoryAccesses) {
        public Row {
            Checks.notBlank("rule", rule);
            Checks.present("test", test);
            ReportData.finite("macs", macs);
            ReportData.finite("memoryAccesses", memoryAccesses);
        }
    }

    /** @param rows at least one */
    public static ReportData.Section of(List<Row> rows) {
        Table table = new Table("Rules side by side, all devices, test events")
                .text("Model", "Rule")
                .numbers("TPR", "FPR", "Offload rate", "Mean multiply-accumulates", "Mean memory accesses");
        for (Row row : rows) {
            table.row(
                    row.model(),
                    row.rule(),
                    Table.rate(Interval.of(row.test().tpr())),
                    Table.rate(Interval.of(row.test().fpr())),
                    Table.rate(Interval.of(row.test().ofr())),
                    Figures.count(Math.round(row.macs())),
                    Figures.count(Math.round(row.memoryAccesses())));
        }
        return new ReportData.Section(
                "rules",
                "One pair, thresholds per exit, or a single exit",
                card(rows),
                Markup.join(
                        table.markup(),
                        Markup.caption("<b>Each device has the offloads that the rule of the first row uses on its"
                                + " validation events</b>; the thresholds of every other row are the best within them there (per exit: the best found), and"
                                + " are tried on test events. A single exit decides every event by one threshold, and costs all"
                                + " blocks up to it. The static twin is another network, trained in the same way: all blocks, narrower,"
                                + " one exit, as many multiply-accumulates for every event as the rule of the first row spends in"
                                + " the mean. Multiply-accumulates count the classical layers only.")));
    }

    /** The first model's plan, and the single exit that finds most. */
    private static Markup card(List<Row> rows) {
        Row plan = rows.get(0);
        Row single = rows.stream()
                .filter(row -> row.model().equals(plan.model()) && row.rule().endsWith("alone"))
                .max(Comparator.comparingInt(row -> row.test().truePositives()))
                .orElse(plan);
        String chosen = plan.rule().equals("plan") ? "plan" : "rule chosen";
        String words = "of critical test events by the " + chosen + "; " + percent(single) + " by " + single.rule()
                + rows.stream()
                        .filter(row ->
                                row.model().equals(plan.model()) && row.rule().equals(STATIC))
                        .map(row -> "; " + percent(row) + " without early exits at the same mean cost")
                        .findFirst()
                        .orElse("");
        return Markup.tag(
                "div",
                "class=\"card\"",
                Markup.tag("h3", Markup.text("Rules"), Markup.tag("span", Markup.text("same offloads"))),
                Markup.tag("p", "class=\"big\"", Markup.text(percent(plan))),
                Markup.tag("p", "class=\"sub\"", Markup.text(words)));
    }

    private static String percent(Row row) {
        return Figures.percent(Interval.of(row.test().tpr()).value());
    }
}
