package org.qexit.experiment.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qexit.common.Version;
import org.qexit.experiment.report.Interval;
import org.qexit.experiment.report.Report;

/** A comparison as one page that fetches nothing, and as lines of text. */
public final class ComparisonPage {
    private ComparisonPage() {}

    /** The page. */
    public static String html(Comparison comparison) {
        StringBuilder out =
                new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        out.append("<meta http-equiv=\"Content-Security-Policy\" content=\"")
                .append(Report.policy(List.of()))
                .append("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        out.append("<title>qexit compare</title>\n<style>\n")
                .append(Report.style())
                .append("</style>\n</head>\n<body>\n");
        out.append(
                "<header class=\"top\"><p class=\"eyebrow\">qexit compare</p><h1>Runs beside each other</h1></header>\n<main>\n");
        out.append("<section><h2>On test events, 95 % Wilson intervals</h2>\n");
        table(out, HEADINGS, rows(comparison));
        out.append("</section>\n");
        if (!comparison.paired().isEmpty()) {
            out.append("<section><h2>Against ")
                    .append(escaped(comparison.reference()))
                    .append(", paired</h2>\n");
            table(out, PAIRED_HEADINGS, pairedRows(comparison));
            out.append(
                    "<p class=\"caption\">Differences in percentage points on the events that both were tested on, with 95 %"
                            + " intervals (Agresti and Min); p of McNemar’s exact test.</p></section>\n");
        }
        out.append("</main>\n<footer>Made by qexit ")
                .append(Version.current())
                .append(". This page fetches nothing.</footer>\n");
        return out.append("</body>\n</html>\n").toString();
    }

    /** The same as text, columns aligned. */
    public static List<String> lines(Comparison comparison) {
        List<String> lines = new ArrayList<>(aligned(HEADINGS, rows(comparison)));
        if (!comparison.paired().isEmpty()) {
            lines.add("");
            lines.add("Against " + comparison.reference()
                    + ", on the same events, in percentage points (95 % intervals):");
            lines.addAll(aligned(PAIRED_HEADINGS, pairedRows(comparison)));
        }
        return lines;
    }

    private static final List<String> HEADINGS =
            List.of("run", "seed", "model", "method", "events", "TPR", "FPR", "CAR", "OFR", "min TPR");
    private static final List<String> PAIRED_HEADINGS =
            List.of("run", "model", "method", "events", "TPR difference", "p", "FPR difference");

    private static List<List<String>> rows(Comparison comparison) {
        return comparison.rows().stream()
                .map(row -> List.of(
                        row.run(),
                        Long.toString(row.seed()),
                        row.model(),
                        row.method(),
                        Long.toString(row.events()),
                        percent(row.tpr()),
                        percent(row.fpr()),
                        percent(row.car()),
                        percent(row.ofr()),
                        row.worstDeviceTpr() == null ? "-" : percent(row.worstDeviceTpr())))
                .toList();
    }

    private static List<List<String>> pairedRows(Comparison comparison) {
        return comparison.paired().stream()
                .map(pair -> List.of(
                        pair.run(),
                        pair.model(),
                        pair.method(),
                        Long.toString(pair.events()),
                        points(pair.tprDifference()),
                        pair.tprPValue() == null ? "-" : String.format(Locale.ROOT, "%.3g", pair.tprPValue()),
                        points(pair.fprDifference())))
                .toList();
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * value);
    }

    private static String percent(Interval rate) {
        return rate.value() == null
                ? "-"
                : String.format(
                        Locale.ROOT, "%.1f%% (%.1f-%.1f)", 100 * rate.value(), 100 * rate.low(), 100 * rate.high());
    }

    private static String points(Interval difference) {
        return difference == null
                ? "-"
                : String.format(
                        Locale.ROOT,
                        "%+.1f (%+.1f to %+.1f)",
                        100 * difference.value(),
                        100 * difference.low(),
                        100 * difference.high());
    }

    private static List<String> aligned(List<String> headings, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>(List.of(headings));
        all.addAll(rows);
        int[] widths = new int[headings.size()];
        all.forEach(row -> {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        });
        return all.stream()
                .map(row -> {
                    StringBuilder line = new StringBuilder();
                    for (int c = 0; c < widths.length; c++) {
                        line.append(row.get(c))
                                .append(" ".repeat(widths[c] - row.get(c).length() + 2));
                    }
                    return line.toString().stripTrailing();
                })
                .toList();
    }

    private static void table(StringBuilder out, List<String> headings, List<List<String>> rows) {
        out.append("<table><thead><tr>");
        headings.forEach(cell -> out.append("<th>").append(cell).append("</th>"));
        out.append("</tr></thead><tbody>\n");
        for (List<String> row : rows) {
            out.append("<tr>");
            row.forEach(cell -> out.append("<td>").append(escaped(cell)).append("</td>"));
            out.append("</tr>\n");
        }
        out.append("</tbody></table>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
