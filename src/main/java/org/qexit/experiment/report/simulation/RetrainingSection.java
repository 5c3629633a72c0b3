package org.qexit.experiment.report.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qexit.common.plot.Chart;
import org.qexit.common.plot.Scale;
import org.qexit.experiment.report.Markup;
import org.qexit.experiment.report.Table;
import org.qexit.tier.cloud.Evidence;
import org.qexit.tier.result.SimulationResult;

/** The part of a simulation's page on the nodes' retrained model. */
final class RetrainingSection {
    private static final double PERCENT = 100;

    private final SimulationResult result;

    RetrainingSection(SimulationResult result) {
        this.result = result;
    }

    /** Whether a policy retrains. */
    boolean applies() {
        return result.variants().stream().anyMatch(variant -> variant.candidates() != null);
    }

    Markup[] parts() {
        List<Markup> parts = new ArrayList<>();
        parts.add(Markup.tag(
                "figure",
                "class=\"plot\"",
                Markup.tag("figcaption", Markup.text("Class accuracy over time")),
                Markup.trusted(chart().svg())));
        parts.add(phases().markup());
        parts.add(candidates().markup());
        parts.add(Markup.caption(
                "Class accuracy is the share of all critical events whose right class a node named in time. A candidate is put"
                        + " in force only if the exact test on labelled events that were never used before shows it fit; p is McNemar's,"
                        + " the level what the candidate may spend of delta."));
        return parts.toArray(Markup[]::new);
    }

    private Chart chart() {
        List<Chart.Series> series = new ArrayList<>();
        for (SimulationResult.Variant variant : result.variants()) {
            List<double[]> points = new ArrayList<>();
            for (int bin = 0; bin < variant.classAccuracy().size(); bin++) {
                Double value = variant.classAccuracy().get(bin);
                if (value != null) {
                    points.add(new double[] {(bin + 0.5) * result.timeline().binSeconds(), PERCENT * value});
                }
            }
            series.add(new Chart.Series(variant.plan() + ", " + variant.policy(), Chart.Style.LINE, points));
        }
        Chart chart = new Chart("Class accuracy over time", 1, false);
        chart.add(new Chart.Panel(
                "Critical events named right in time",
                new Chart.Axis("time [s]", Scale.Kind.LINEAR),
                new Chart.Axis("share [%]", Scale.Kind.LINEAR),
                series));
        return chart;
    }

    private Table phases() {
        Table table = new Table("Class accuracy by phase")
                .text("phase", "plan", "policy")
                .numbers("critical events named right [%]");
        for (SimulationResult.Variant variant : result.variants()) {
            for (SimulationResult.Phase phase : variant.phases()) {
                table.row(
                        phase.name(),
                        variant.plan(),
                        variant.policy(),
                        SimulationPage.number(
                                phase.classAccuracy() == null ? null : (Double) (PERCENT * phase.classAccuracy())));
            }
        }
        return table;
    }

    private Table candidates() {
        Table table = new Table("Retrained models")
                .text("plan")
                .numbers("replication", "candidate")
                .text("reason")
                .numbers("ordered [s]", "trained", "tested", "won", "lost", "p", "level")
                .text("verdict")
                .numbers("in force [s]");
        for (SimulationResult.Variant variant : result.variants()) {
            if (variant.candidates() == null) {
                continue;
            }
            for (SimulationResult.Candidate one : variant.candidates()) {
                Evidence evidence = one.evidence();
                table.row(
                        variant.plan(),
                        one.replication(),
                        evidence.candidate(),
                        evidence.reason().word(),
                        SimulationPage.number(evidence.orderedSeconds()),
                        evidence.trained(),
                        evidence.tested(),
                        evidence.result().pair().won(),
                        evidence.result().pair().lost(),
                        String.format(Locale.ROOT, "%.3g", evidence.result().pBetter()),
                        String.format(Locale.ROOT, "%.3g", evidence.result().level()),
                        evidence.result().verdict().word(),
                        SimulationPage.number(one.inForceSeconds()));
            }
        }
        return table;
    }
}
