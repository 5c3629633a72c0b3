package org.qexit.experiment.report.simulation;

import static org.qexit.experiment.report.Markup.tag;
import static org.qexit.experiment.report.Markup.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.qexit.common.Version;
import org.qexit.common.plot.Chart;
import org.qexit.common.plot.Scale;
import org.qexit.common.statistics.MeanInterval;
import org.qexit.experiment.report.Markup;
import org.qexit.experiment.report.Report;
import org.qexit.experiment.report.Table;
import org.qexit.tier.result.SimulationResult;
import org.qexit.tier.result.SimulationResult.DeviceSeries;
import org.qexit.tier.result.SimulationResult.Phase;
import org.qexit.tier.result.SimulationResult.Variant;

/** A simulation as one HTML page that fetches nothing: what was promised and what happened, in tables, over time, and played back. */
public final class SimulationPage {
    /** More devices than this are not told apart in pictures; the tables have them all. */
    static final int MOST_NAMED = 40;

    static final String UNDEFINED = "–";

    private final SimulationResult result;
    private final StringBuilder sections = new StringBuilder();
    private final List<String[]> links = new ArrayList<>();

    private SimulationPage(SimulationResult result) {
        this.result = result;
    }

    /** The page; the same result gives the same bytes. */
    public static String html(SimulationResult result) {
        SimulationPage page = new SimulationPage(result);
        page.promises();
        page.overTime();
        page.delays();
        Playback playback = new Playback(result);
        page.section("playback", "The system, played back", playback.markup());
        page.phases();
        page.variants();
        RetrainingSection retraining = new RetrainingSection(result);
        if (retraining.applies()) {
            page.section("retraining", "The nodes' model, retrained", retraining.parts());
        }
        return page.whole(Report.playbackScript());
    }

    private void section(String id, String title, Markup... parts) {
        links.add(new String[] {id, title});
        sections.append(tag("section", "id=\"" + id + "\"", tag("h2", text(title)), Markup.join(parts))
                        .html())
                .append('\n');
    }

    private String whole(String script) {
        long events = result.devices().stream()
                .mapToLong(SimulationResult.Device::events)
                .sum();
        String title = "qexit simulate: " + result.instance();
        List<Markup> top = new ArrayList<>();
        top.add(tag("p", "class=\"eyebrow\"", text("plan " + result.plan() + " · policy " + result.policy())));
        top.add(tag("h1", text(title)));
        top.add(tag(
                "p",
                "class=\"headline\"",
                text(String.format(
                        Locale.ROOT,
                        "%,d events in %d replications of %s s. Σ ρ ln U: promised %s, happened %s.",
                        events,
                        result.replications(),
                        number(result.time().horizonSeconds()),
                        number(result.system().promisedLogUtility()),
                        number(result.system().happenedLogUtility())))));
        if (!result.complete()) {
            top.add(tag(
                    "p", "class=\"caption\"", text("Stopped early: these are the replications that were complete.")));
        }
        if (!result.warnings().isEmpty()) {
            top.add(tag(
                    "ul",
                    "class=\"notes\"",
                    Markup.join(result.warnings().stream()
                            .map(warning -> tag("li", text(warning)))
                            .toList())));
        }
        Markup bar = Markup.join(links.stream()
                .map(link -> tag("li", tag("a", "href=\"#" + link[0] + "\"", text(capital(link[0])))))
                .toList());
        return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"" + Report.policy(List.of(script)) + "\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + tag("title", text(title)).html() + "\n<style>\n" + Report.style()
                + "</style>\n</head>\n<body>\n"
                + tag("header", "class=\"top\"", Markup.join(top)).html()
                + tag("nav", "aria-label=\"Sections\"", tag("ul", bar)).html()
                + "\n<main>\n" + sections + "</main>\n"
                + tag("footer", text("Made by qexit " + Version.current() + ". This page fetches nothing."))
                        .html()
                + "\n<script>" + script + "</script>\n</body>\n</html>\n";
    }

    private void promises() {
        Table table = new Table("Promised and happened, by device")
                .text("device", "node")
                .numbers(
                        "events",
                        "critical",
                        "utility promised",
                        "happened",
                        "TPR promised",
                        "decided",
                        "FPR promised",
                        "decided",
                        "lost",
                        "late",
                        "energy [J]");
        for (SimulationResult.Device device : result.devices()) {
            SimulationResult.Rates promised =
                    device.promised() == null ? new SimulationResult.Rates(null, null, null, null) : device.promised();
            table.row(
                    device.id(),
                    device.node() == null ? UNDEFINED : device.node(),
                    device.events(),
                    device.critical(),
                    percent(promised.utility()),
                    percent(device.happened().utility()),
                    percent(promised.tpr()),
                    percent(device.happened().tpr()),
                    percent(promised.fpr()),
                    percent(device.happened().fpr()),
                    device.lost(),
                    device.missedDeadlines(),
                    number(device.energyJoules()));
        }
        List<Markup> parts = new ArrayList<>();
        if (result.devices().size() <= MOST_NAMED) {
            parts.add(picture("Promised and happened", promiseChart()));
        }
        parts.add(table.markup());
        parts.add(
                Markup.caption(
                        "Utility is the share of a device's critical events that a node answered in time; the promise is the"
                                + " plan's, on the events that it was made with. Late means after the deadline of the transmission."));
        section("promises", "What was promised, and what happened", parts.toArray(Markup[]::new));
    }

    private Chart promiseChart() {
        Map<Integer, String> names = new TreeMap<>();
        List<double[]> promised = new ArrayList<>();
        List<double[]> happened = new ArrayList<>();
        for (int n = 0; n < result.devices().size(); n++) {
            SimulationResult.Device device = result.devices().get(n);
            names.put(n, device.id());
            if (device.promised() != null) {
                promised.add(new double[] {n, percentValue(device.promised().utility())});
            }
            happened.add(new double[] {n, percentValue(device.happened().utility())});
        }
        Chart chart = new Chart("Promised and happened", 1, false);
        chart.add(new Chart.Panel(
                "Critical events answered in time",
                new Chart.Axis("device", Scale.Kind.LINEAR, names),
                new Chart.Axis("share [%]", Scale.Kind.LINEAR),
                List.of(
                        new Chart.Series("promised", Chart.Style.POINTS, promised),
                        new Chart.Series("happened", Chart.Style.POINTS, happened))));
        return chart;
    }

    private void overTime() {
        SimulationResult.Timeline timeline = result.timeline();
        Chart chart = new Chart("Over time", 2, false);
        chart.add(panel(
                "Critical events answered in time",
                "share [%]",
                Map.of("all devices", share(DeviceSeries::found, DeviceSeries::critical))));
        Map<String, List<Double>> bad = new LinkedHashMap<>();
        bad.put("lost", sums(DeviceSeries::lost));
        bad.put("late", sums(DeviceSeries::missed));
        chart.add(panel("Events lost and late", "events per bin, all replications", bad));
        chart.add(panel("From an event to its answer", "mean [s]", Map.of("all devices", timeline.meanDelaySeconds())));
        Map<String, List<Double>> load = new LinkedHashMap<>();
        timeline.nodes().stream()
                .limit(MOST_NAMED)
                .forEach(node -> load.put(
                        node.id(),
                        node.utilisation().stream()
                                .map(u -> u == null ? null : (Double) (100 * u))
                                .toList()));
        chart.add(panel("Compute in use at the nodes", "share [%]", load));
        Map<String, List<Double>> queue = new LinkedHashMap<>();
        timeline.nodes().stream().limit(MOST_NAMED).forEach(node -> queue.put(node.id(), node.present()));
        chart.add(panel("Events at the nodes", "mean number", queue));
        section(
                "time",
                "Over time",
                picture("Over time", chart),
                Markup.caption(
                        "An event counts where it came. The warm-up is shown here and counts nowhere else: the first "
                                + text(number(result.time().warmUpSeconds())).html() + " s."));
    }

    private Chart.Panel panel(String title, String unit, Map<String, List<Double>> series) {
        List<Chart.Series> drawn = new ArrayList<>();
        series.forEach((name, values) -> {
            List<double[]> points = new ArrayList<>();
            for (int bin = 0; bin < values.size(); bin++) {
                if (values.get(bin) != null) {
                    points.add(new double[] {(bin + 0.5) * result.timeline().binSeconds(), values.get(bin)});
                }
            }
            drawn.add(new Chart.Series(name, Chart.Style.LINE, points));
        });
        return new Chart.Panel(
                title, new Chart.Axis("time [s]", Scale.Kind.LINEAR), new Chart.Axis(unit, Scale.Kind.LINEAR), drawn);
    }

    private List<Double> sums(Function<DeviceSeries, List<Long>> counts) {
        List<Double> sums = new ArrayList<>();
        for (int bin = 0; bin < result.timeline().meanDelaySeconds().size(); bin++) {
            double sum = 0;
            for (DeviceSeries device : result.timeline().devices()) {
                sum += counts.apply(device).get(bin);
            }
            sums.add(sum);
        }
        return sums;
    }

    private List<Double> share(Function<DeviceSeries, List<Long>> part, Function<DeviceSeries, List<Long>> of) {
        List<Double> parts = sums(part);
        List<Double> all = sums(of);
        List<Double> shares = new ArrayList<>();
        for (int bin = 0; bin < parts.size(); bin++) {
            shares.add(all.get(bin) == 0 ? null : (Double) (100 * parts.get(bin) / all.get(bin)));
        }
        return shares;
    }

    private void delays() {
        List<Markup> parts = new ArrayList<>(delays(result.devices()));
        Table table = new Table("Delays by device")
                .text("device")
                .numbers(
                        "sent",
                        "radio p50 [s]",
                        "p95 [s]",
                        "p99 [s]",
                        "deadline [s]",
                        "late",
                        "answers",
                        "answer p50 [s]",
                        "p95 [s]",
                        "p99 [s]",
                        "limit [s]",
                        "late");
        for (SimulationResult.Device device : result.devices()) {
            SimulationResult.Distribution radio = device.radio();
            SimulationResult.Distribution answer = device.answer();
            table.row(
                    device.id(),
                    radio.count(),
                    number(quantile(radio, 0.5)),
                    number(quantile(radio, 0.95)),
                    number(quantile(radio, 0.99)),
                    number(device.deadlineSeconds()),
                    late(radio),
                    answer.count(),
                    number(quantile(answer, 0.5)),
                    number(quantile(answer, 0.95)),
                    number(quantile(answer, 0.99)),
                    number(answer.limitSeconds()),
                    answer.limitSeconds() == null ? UNDEFINED : late(answer));
        }
        parts.add(table.markup());
        section("delays", "Delays and deadlines", parts.toArray(Markup[]::new));
    }

    /** A picture of the devices' delays and how to read it; only the words where there are too many devices. */
    static List<Markup> delays(List<SimulationResult.Device> devices) {
        List<Markup> parts = new ArrayList<>();
        if (devices.size() <= MOST_NAMED) {
            parts.add(new DelayBands(devices).markup());
            parts.add(
                    Markup.caption(
                            "Bands are quantiles: 1 to 99 %, 5 to 95 % and, darkest, 20 to 80 %; the gap is the median, the thin line"
                                    + " goes from the least to the greatest. The scale is logarithmic. Radio: from the decision to offload, waiting"
                                    + " for the radio included, until the event was sent or given up, and its limit is the deadline of the"
                                    + " transmission. Whole way: from the event to its node’s answer, with waiting at the node. Quantiles are"
                                    + " within 0.4 %, counts exact: a plan uses deadlines up, so a band may end on its limit."));
        }
        return parts;
    }

    private static String late(SimulationResult.Distribution times) {
        return times.count() == 0
                ? UNDEFINED
                : String.format(Locale.ROOT, "%,d (%s)", times.late(), percent((double) times.late() / times.count()));
    }

    static Double quantile(SimulationResult.Distribution times, double share) {
        return times.count() == 0 ? null : times.seconds().get(SimulationResult.QUANTILE_SHARES.indexOf(share));
    }

    private void phases() {
        Table table = new Table("Phases")
                .text("phase", "plan", "policy")
                .numbers("from [s]", "to [s]", "events", "lost", "late", "p50 [s]", "p95 [s]", "answered", "Σ ρ ln U");
        for (Variant variant : result.variants()) {
            for (Phase phase : variant.phases()) {
                table.row(
                        phase.name(),
                        variant.plan(),
                        variant.policy(),
                        number(phase.fromSeconds()),
                        number(phase.toSeconds()),
                        phase.events(),
                        phase.lost(),
                        phase.missedDeadlines(),
                        number(phase.delaySeconds().p50()),
                        number(phase.delaySeconds().p95()),
                        percent(phase.utility()),
                        number(phase.logUtility()));
            }
        }
        section("phases", "Before, during and after what happens", table.markup());
    }

    private void variants() {
        Table table = new Table("Plans and policies")
                .text("plan", "policy")
                .numbers(
                        "Σ ρ ln U, smoothed",
                        "answered",
                        "lost",
                        "late",
                        "changes",
                        "less the reference: Σ ρ ln U",
                        "answered");
        for (Variant variant : result.variants()) {
            table.row(
                    variant.plan(),
                    variant.policy(),
                    interval(variant.figures().logUtility()),
                    interval(variant.figures().utility()),
                    interval(variant.figures().lostShare()),
                    interval(variant.figures().missedShare()),
                    number(variant.changes()),
                    variant.difference() == null
                            ? UNDEFINED
                            : interval(variant.difference().logUtility()),
                    variant.difference() == null
                            ? UNDEFINED
                            : interval(variant.difference().utility()));
        }
        section(
                "comparison",
                "Plans and policies compared",
                table.markup(),
                Markup.caption(
                        "Means over the replications with 95 % intervals; differences are of pairs of replications with the same"
                                + " random numbers. Smoothed: (found + ½) / (critical + 1), which is finite whatever is found."));
    }

    static Object interval(MeanInterval interval) {
        return interval == null
                ? UNDEFINED
                : Markup.join(
                        text(number(interval.mean())),
                        tag("small", text(number(interval.low()) + " to " + number(interval.high()))));
    }

    private static Markup picture(String title, Chart chart) {
        return tag("figure", "class=\"plot\"", tag("figcaption", text(title)), Markup.trusted(chart.svg()));
    }

    private static double percentValue(Double share) {
        return share == null ? Double.NaN : 100 * share;
    }

    static String percent(Double share) {
        return share == null ? UNDEFINED : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String number(Double value) {
        if (value == null || !Double.isFinite(value)) {
            return UNDEFINED;
        }
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.4g", value);
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
