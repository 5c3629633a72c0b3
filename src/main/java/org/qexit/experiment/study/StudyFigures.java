package org.qexit.experiment.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.qexit.common.AtomicFiles;
import org.qexit.common.plot.ForestPlot;

/** A study's tables in Markdown and its figures in SVG. */
final class StudyFigures {
    private StudyFigures() {}

    static void write(StudySummary summary, Path out) {
        AtomicFiles.writeString(out.resolve("summary.md"), StudyTables.markdown(summary));
        String unit = " [percentage points]";
        if (!summary.losses().isEmpty()) {
            String reference = summary.losses().get(0).pair().second();
            AtomicFiles.writeString(
                    out.resolve("losses.svg"),
                    ForestPlot.svg(List.of(
                            panel(
                                    "Thresholds from validation events",
                                    "test TPR − that of " + reference + unit,
                                    summary.losses(),
                                    StudySummary.Comparison::tpr,
                                    StudySummary.Comparison::seedTpr),
                            panel(
                                    "Exactly the budget on the test events",
                                    "test TPR − that of " + reference + unit,
                                    summary.losses(),
                                    StudySummary.Comparison::frontierTpr,
                                    StudySummary.Comparison::seedFrontierTpr))));
        }
        if (!summary.heads().isEmpty()) {
            AtomicFiles.writeString(
                    out.resolve("heads.svg"),
                    ForestPlot.svg(List.of(
                            panel(
                                    "Thresholds from validation events",
                                    "test TPR of hybrid − that of its twin" + unit,
                                    summary.heads(),
                                    StudySummary.Comparison::tpr,
                                    StudySummary.Comparison::seedTpr),
                            panel(
                                    "Exactly the budget on the test events",
                                    "test TPR of hybrid − that of its twin" + unit,
                                    summary.heads(),
                                    StudySummary.Comparison::frontierTpr,
                                    StudySummary.Comparison::seedFrontierTpr))));
        }
    }

    private static ForestPlot.Panel panel(
            String title,
            String axis,
            List<StudySummary.Comparison> comparisons,
            Function<StudySummary.Comparison, PairedDifferences> difference,
            Function<StudySummary.Comparison, List<Double>> seeds) {
        boolean twins = comparisons.get(0).pair().first().equals(Head.HYBRID.word());
        List<ForestPlot.Row> rows = comparisons.stream()
                .map(c -> {
                    PairedDifferences d = difference.apply(c);
                    String label = twins
                            ? c.pair().second() + ", " + c.pair().at()
                            : c.pair().first() + ", " + c.pair().at();
                    String group = String.format(
                            Locale.ROOT,
                            "%s, budget %.0f %%",
                            c.pair().data(),
                            100 * c.pair().budget());
                    return new ForestPlot.Row(
                            group,
                            label,
                            100 * d.mean(),
                            d.low() == null ? null : 100 * d.low(),
                            d.high() == null ? null : 100 * d.high(),
                            seeds.apply(c).stream().map(s -> 100 * s).toList());
                })
                .toList();
        return new ForestPlot.Panel(title, axis, rows);
    }
}
