package org.qexit.experiment.study;

import java.util.List;
import java.util.Locale;

/** A study's tables in Markdown; rates in per cent, differences in percentage points with 95 % intervals over seeds. */
final class StudyTables {
    private StudyTables() {}

    static String markdown(StudySummary summary) {
        StringBuilder text = new StringBuilder(
                "# " + summary.study() + "\n\nWritten by `qexit study`. Rates in %,"
                        + " differences in percentage points; intervals are 95 %, of Student's t over seeds, then bootstrap.\n\n");
        text.append("## Means over seeds\n\n"
                + "| data | head | loss | budget | seeds | TPR | OFR | TPR at exactly the budget | cross-entropy | calibration error |\n"
                + "|---|---|---|---:|---:|---:|---:|---:|---:|---:|\n");
        for (StudySummary.Means m : summary.means()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %d | %.1f | %.2f | %.1f | %.4f | %.4f |%n",
                    m.data(),
                    m.head(),
                    m.loss(),
                    percent(m.budget()),
                    m.seeds(),
                    100 * m.tpr(),
                    100 * m.ofr(),
                    100 * m.frontierTpr(),
                    m.crossEntropy(),
                    m.calibrationError()));
        }
        table(text, "Losses, each minus the reference", "head", summary.losses());
        table(text, "The hybrid head minus its twins", "loss", summary.heads());
        return text.toString();
    }

    private static void table(StringBuilder text, String title, String at, List<StudySummary.Comparison> comparisons) {
        if (comparisons.isEmpty()) {
            return;
        }
        text.append("\n## " + title + "\n\n| data | " + at
                + " | budget | difference | seeds | TPR | bootstrap | better/worse | TPR at exactly the budget | bootstrap | OFR |\n"
                + "|---|---|---:|---|---:|---|---|---|---|---|---:|\n");
        for (StudySummary.Comparison c : comparisons) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s − %s | %d | %s | %s | %d/%d | %s | %s | %+.2f |%n",
                    c.pair().data(),
                    c.pair().at(),
                    percent(c.pair().budget()),
                    c.pair().first(),
                    c.pair().second(),
                    c.tpr().interval().count(),
                    interval(c.tpr().mean(), c.tpr().low(), c.tpr().high()),
                    interval(null, c.tpr().bootstrapLow(), c.tpr().bootstrapHigh()),
                    c.tpr().wins(),
                    c.tpr().losses(),
                    interval(
                            c.frontierTpr().mean(),
                            c.frontierTpr().low(),
                            c.frontierTpr().high()),
                    interval(
                            null,
                            c.frontierTpr().bootstrapLow(),
                            c.frontierTpr().bootstrapHigh()),
                    100 * c.ofr().mean()));
        }
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    private static String interval(Double mean, Double low, Double high) {
        String first = mean == null ? "" : String.format(Locale.ROOT, "%+.2f ", 100 * mean);
        return low == null
                ? first.strip()
                : first + String.format(Locale.ROOT, "[%+.2f, %+.2f]", 100 * low, 100 * high);
    }
}
