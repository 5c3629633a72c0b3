package org.qexit.experiment.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qexit.common.Version;
import org.qexit.common.statistics.MeanInterval;
import org.qexit.experiment.report.Markup;
import org.qexit.experiment.report.Report;
import org.qexit.experiment.report.Table;

/** Several seeds of a run as one page that fetches nothing, and as lines of text. */
public final class SeedsPage {
    private SeedsPage() {}

    /** The page. */
    public static String html(String name, Seeds seeds) {
        Table rates = new Table("True-positive rates on test events").text("Seed");
        seeds.models().forEach(model -> rates.numbers(model.model()));
        seeds.differences().forEach(each -> rates.numbers(each.first() + " − " + each.second()));
        for (int i = 0; i < seeds.seeds().size(); i++) {
            List<Object> row =
                    new ArrayList<>(List.of(Long.toString(seeds.seeds().get(i))));
            for (Seeds.Model model : seeds.models()) {
                row.add(percent(model.tpr().get(i)));
            }
            for (Seeds.Difference each : seeds.differences()) {
                row.add(points(each.points().get(i)));
            }
            rates.row(row.toArray());
        }
        List<Object> means = new ArrayList<>(List.of("mean"));
        seeds.models().forEach(model -> means.add(interval(model.mean(), false)));
        seeds.differences().forEach(each -> means.add(interval(each.mean(), true)));
        rates.row(means.toArray());
        return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"" + Report.policy(List.of()) + "\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<title>" + Markup.text(name).html() + ", " + seeds.seeds().size() + " seeds</title>\n<style>\n"
                + Report.style()
                + "</style>\n</head>\n<body>\n<header class=\"top\"><p class=\"eyebrow\">qexit run, "
                + seeds.seeds().size() + " seeds</p><h1>" + Markup.text(name).html() + "</h1><p class=\"headline\">"
                + Markup.text(seeds.headline()).html() + "</p></header>\n<main>\n<section><h2>Seed by seed</h2>\n"
                + rates.markup().html()
                + Markup.caption(
                                "True-positive rates on test events, by the method that each run deploys, in per cent; differences"
                                        + " in percentage points, <b>paired within a seed</b>, whose streams, devices and splits are the"
                                        + " same for all models. Intervals: 95 %, Student’s t over the seeds, so they cover trainings"
                                        + " and draws of events.")
                        .html()
                + "</section>\n</main>\n<footer>Made by qexit " + Version.current()
                + ". This page fetches nothing.</footer>\n</body>\n</html>\n";
    }

    /** The same as text. */
    public static List<String> lines(Seeds seeds) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < seeds.seeds().size(); i++) {
            StringBuilder line = new StringBuilder(
                    String.format(Locale.ROOT, "seed %-8d", seeds.seeds().get(i)));
            for (Seeds.Model model : seeds.models()) {
                line.append(String.format(
                        Locale.ROOT,
                        "%s %s   ",
                        model.model(),
                        percent(model.tpr().get(i))));
            }
            lines.add(line + seeds.runs().get(i));
        }
        lines.add("");
        lines.add(seeds.headline());
        return lines;
    }

    private static String percent(Double rate) {
        return rate == null ? "-" : String.format(Locale.ROOT, "%.1f%%", 100 * rate);
    }

    private static String points(Double difference) {
        return difference == null ? "-" : String.format(Locale.ROOT, "%+.1f", 100 * difference);
    }

    private static Object interval(MeanInterval mean, boolean signed) {
        if (mean == null) {
            return "-";
        }
        String number = signed ? "%+.1f" : "%.1f";
        Markup value = Markup.text(String.format(Locale.ROOT, number, 100 * mean.mean()));
        return mean.low() == null
                ? value
                : Markup.join(
                        value,
                        Markup.tag(
                                "small",
                                Markup.text(String.format(
                                        Locale.ROOT, number + " to " + number, 100 * mean.low(), 100 * mean.high()))));
    }
}
