package org.qexit.experiment.report;

import java.util.ArrayList;
import java.util.List;
import org.qexit.experiment.report.ReportData.EdgeNodeRow;
import org.qexit.threshold.node.ChainFigures;
import org.qexit.threshold.node.ConfusionPlot;
import org.qexit.trace.Thresholds;

/** The edge nodes' models: what they are sent, what they make of it, and what becomes of events on the whole way. */
final class EdgeNodeSection {
    private EdgeNodeSection() {}

    static void add(Page page, View view) {
        List<EdgeNodeRow> rows = view.data().edgeNodes();
        if (rows.isEmpty()) {
            return;
        }
        EdgeNodeRow deployed = rows.get(0);
        page.section(
                "edge-node",
                "What the edge nodes make of what they are sent",
                models(rows),
                Markup.caption(
                        "Accuracy by exit is that of the most probable of all classes, on the test events that the"
                                + " deployed plan’s devices offload. Thresholds were chosen on validation events;"
                                + " <i>units</i> is the mean over the whole computation of an event with them."),
                chain(rows),
                Markup.caption(
                        "A critical event missed by its device counts as wrong. An operator hears of every event that a"
                                + " node names a critical class of."),
                modes(rows),
                byClass(deployed),
                Markup.tag(
                        "figure",
                        Markup.tag("figcaption", Markup.text("From device to operator, model " + deployed.model())),
                        Markup.tag("div", "class=\"plot\"", Markup.trusted(ConfusionPlot.svg(deployed.chain())))));
    }

    private static Markup models(List<EdgeNodeRow> rows) {
        List<String> exits = new ArrayList<>();
        for (int q = 1; q <= rows.get(0).accuracies().size(); q++) {
            exits.add("Exit " + q);
        }
        Table table = new Table("Edge nodes’ models")
                .text("Model", "Sent")
                .numbers("Bits per event")
                .numbers(exits.toArray(String[]::new))
                .numbers("l′", "u′", "Mean MACs", "Units", "Training");
        for (EdgeNodeRow row : rows) {
            List<Object> cells = new ArrayList<>(List.of(row.model(), row.payload(), Figures.count(row.bits())));
            row.accuracies().forEach(accuracy -> cells.add(Table.rate(accuracy)));
            float upper = row.choice().upper().value();
            cells.add(Figures.confidence(row.choice().lower()));
            cells.add(upper == Thresholds.NEVER ? "never" : Figures.confidence(upper));
            cells.add(Figures.count(Math.round(row.choice().meanMacs())));
            cells.add(Figures.decimal(row.choice().unitsPerEvent(), 3));
            cells.add(Figures.decimal(row.seconds(), 3) + " s");
            table.row(cells.toArray());
        }
        return table.markup();
    }

    private static Markup chain(List<EdgeNodeRow> rows) {
        Table table = new Table("Device and edge node together, test events")
                .text("Model")
                .numbers(
                        "Critical, right end to end",
                        "Critical, found",
                        "Node’s accuracy",
                        "False alarms",
                        "Wrong alerts");
        for (EdgeNodeRow row : rows) {
            ChainFigures chain = row.chain();
            table.row(
                    row.model(),
                    Table.rate(Interval.of(chain.rightEndToEnd())),
                    Table.rate(Interval.of(chain.foundEndToEnd())),
                    Table.rate(Interval.of(chain.nodeAccuracy())),
                    Table.rate(Interval.of(chain.falseAlarms())),
                    Table.rate(Interval.of(chain.wrongAlerts())));
        }
        return table.markup();
    }

    /** Nothing where there is no plan. */
    private static Markup modes(List<EdgeNodeRow> rows) {
        if (rows.stream().allMatch(row -> row.modes().isEmpty())) {
            return Markup.join();
        }
        Table table = new Table("Who is offloaded, test events")
                .text("Model", "Offloaded")
                .numbers("Critical, found", "False positives", "Offload rate");
        for (EdgeNodeRow row : rows) {
            row.modes()
                    .forEach(mode -> table.row(
                            row.model(),
                            mode.offload(),
                            Table.rate(mode.tpr()),
                            Table.rate(mode.fpr()),
                            Table.rate(mode.ofr())));
        }
        return Markup.join(
                table.markup(),
                Markup.caption(
                        "Who is offloaded: critical events, as deployed; undecided ones, the devices settling the"
                                + " others; or both. For each, every device’s best pair on validation events at as many"
                                + " offloads as the plan’s thresholds have there, with no more false positives than"
                                + " offloading critical events has. Found and false positives are by the final answers of"
                                + " device and edge node together, on test events."));
    }

    private static Markup byClass(EdgeNodeRow row) {
        Table table = new Table("Critical classes, right end to end, model " + row.model())
                .text("Class")
                .numbers("Events", "Right end to end");
        for (int id : row.chain().critical()) {
            table.row(
                    row.chain().classes().get(id),
                    Figures.count(row.chain().rightEndToEnd(id).of()),
                    Table.rate(Interval.of(row.chain().rightEndToEnd(id))));
        }
        return table.markup();
    }
}
