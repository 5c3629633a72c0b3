package org.qexit.experiment.tabular;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.qexit.common.statistics.MeanInterval;

/** A study's results as Markdown. */
final class TabularTables {
    private TabularTables() {}

    static String markdown(TabularSummary summary) {
        StringBuilder text = new StringBuilder("# " + summary.name() + "\n\n");
        boolean fresh = summary.protocol() == TabularConfig.Protocol.FRESH;
        text.append(
                fresh
                        ? "Fresh sets by the published recipes, 240 training and 1,000 test samples, scaled after the split.\n"
                        : "Published sets and protocol: 240 training and 60 test samples; one test sample is 1.7 points.\n");
        text.append("Test accuracy in per cent, mean of the refits of the best point of the grid.\n\n");
        standings(text, summary.models());
        pairs(text, summary.pairs());
        agreement(text, summary.agreement());
        measured(text, summary.measured());
        accuracies(text, summary);
        skipped(text, summary.skipped());
        return text.toString();
    }

    private static void standings(StringBuilder text, List<TabularSummary.Standing> models) {
        if (models.isEmpty()) {
            return;
        }
        text.append("## Standings\n\nOver the ")
                .append(models.get(0).sets())
                .append(" sets where all of these models are there.\n\n");
        text.append("| Model | Mean | Mean rank | First, or among the first |\n|---|---|---|---|\n");
        models.stream()
                .sorted((a, b) -> Double.compare(a.rank(), b.rank()))
                .forEach(model -> text.append(String.format(
                        Locale.ROOT,
                        "| %s | %.1f | %.2f | %d |%n",
                        model.model(),
                        100 * model.accuracy(),
                        model.rank(),
                        model.first())));
        text.append('\n');
    }

    private static void pairs(StringBuilder text, List<TabularSummary.Pair> pairs) {
        if (pairs.isEmpty()) {
            return;
        }
        text.append(
                "## Entanglers and twins\n\nDifferences in points, a set a value, with the 95 % interval of Student's"
                        + " distribution over sets.\n\n");
        text.append("| First | Second | Family | Difference | Sets won, lost, tied |\n|---|---|---|---|---|\n");
        for (TabularSummary.Pair pair : pairs) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %+.1f%s | %d, %d, %d |%n",
                    pair.first(),
                    pair.second(),
                    pair.family() == null ? "all" : pair.family(),
                    100 * pair.difference().mean(),
                    interval(pair.difference()),
                    pair.wins(),
                    pair.losses(),
                    pair.ties()));
        }
        text.append('\n');
    }

    private static void agreement(StringBuilder text, TabularSummary.Agreement agreement) {
        if (agreement == null) {
            return;
        }
        text.append(String.format(
                Locale.ROOT,
                "## Against the published figures%n%n%d of %d set and model pairs (%.0f %%) agree: no farther apart than a test"
                        + " sample or half of Welch's 95 %% interval.%n%n",
                agreement.within(),
                agreement.pairs(),
                100.0 * agreement.within() / agreement.pairs()));
        if (agreement.onTraining() > 0) {
            text.append(agreement.onTraining())
                    .append(
                            " more are not compared: there the published figure is the accuracy on the training samples.\n\n");
        }
        if (!agreement.outliers().isEmpty()) {
            text.append("| Set | Model | Here | Published | Tolerated |\n|---|---|---|---|---|\n");
            for (TabularSummary.Outlier outlier : agreement.outliers()) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %.1f | %.1f | %.1f |%n",
                        outlier.dataset(),
                        outlier.model(),
                        100 * outlier.accuracy(),
                        100 * outlier.published(),
                        100 * outlier.tolerance()));
            }
            text.append('\n');
        }
    }

    private static void measured(StringBuilder text, List<TabularSummary.Measured> measured) {
        if (measured.isEmpty()) {
            return;
        }
        text.append(
                "## Machines with shots and noise\n\nThe best points of the search, trained and tested on each machine; differences to exact"
                        + " expectation values in points, with the 95 % interval of Student's distribution over sets.\n\n");
        text.append("| Model | Machine | Sets | Exact | Here | Difference | Failed |\n|---|---|---|---|---|---|---|\n");
        for (TabularSummary.Measured one : measured) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %d | %.1f | %.1f | %+.1f%s | %d |%n",
                    one.model(),
                    one.machine().replace(";", ", ").replace("=", " "),
                    one.sets(),
                    100 * one.exact(),
                    100 * one.accuracy(),
                    100 * one.difference().mean(),
                    interval(one.difference()),
                    one.failed()));
        }
        text.append('\n');
    }

    private static String interval(MeanInterval difference) {
        return difference.low() == null
                ? ""
                : String.format(Locale.ROOT, " [%+.1f, %+.1f]", 100 * difference.low(), 100 * difference.high());
    }

    private static void accuracies(StringBuilder text, TabularSummary summary) {
        List<String> models = summary.sets().stream()
                .map(TabularSummary.Line::model)
                .distinct()
                .toList();
        Map<String, List<TabularSummary.Line>> sets = new LinkedHashMap<>();
        summary.sets()
                .forEach(line -> sets.computeIfAbsent(
                                line.dataset() + (line.dataSeed() == 0 ? "" : ", seed " + line.dataSeed()),
                                key -> new ArrayList<>())
                        .add(line));
        text.append("## Every set\n\n| Set | ")
                .append(String.join(" | ", models))
                .append(" |\n|---");
        text.append("|---".repeat(models.size())).append("|\n");
        sets.forEach((name, lines) -> {
            text.append("| ").append(name);
            for (String model : models) {
                String cell = lines.stream()
                        .filter(line -> line.model().equals(model))
                        .findFirst()
                        .map(line -> line.accuracy() == null
                                ? "failed"
                                : String.format(Locale.ROOT, "%.1f", 100 * line.accuracy()))
                        .orElse("");
                text.append(" | ").append(cell);
            }
            text.append(" |\n");
        });
        text.append('\n');
    }

    private static void skipped(StringBuilder text, List<TabularStudy.Skipped> skipped) {
        if (skipped.isEmpty()) {
            return;
        }
        text.append(
                "## Left out\n\nNot trained yet, with the processor time it would take on the machine that looked last.\n\n");
        text.append("| Set | Model | Minutes |\n|---|---|---|\n");
        for (TabularStudy.Skipped one : skipped) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %.1f |%n",
                    one.dataset() + (one.dataSeed() == 0 ? "" : ", seed " + one.dataSeed()),
                    one.model(),
                    60 * one.hours()));
        }
        text.append('\n');
    }
}
