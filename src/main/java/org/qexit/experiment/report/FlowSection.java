package org.qexit.experiment.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qexit.experiment.report.Decisions.FlowRow;

/** Where events go: from all of them to the exits that they leave at, and on to what is decided there, right or wrong. */
final class FlowSection {
    private FlowSection() {}

    static void add(Page page, View view) {
        List<FlowRow> flows = view.data().decisions().flows();
        if (flows.isEmpty()) {
            return;
        }
        page.data("flow", flows.stream().map(FlowSection::row).toList());
        Set<String> devices = new LinkedHashSet<>(List.of(ReportData.ALL));
        devices.addAll(view.devices());
        devices.retainAll(flows.stream().map(FlowRow::device).toList());
        Map<String, List<String>> controls = new LinkedHashMap<>();
        controls.put("model", view.models());
        controls.put("device", List.copyOf(devices));
        controls.put("method", view.methods());
        page.section(
                "flow",
                "From events to decisions",
                Page.controls(controls),
                Markup.trusted(
                        "<figure><figcaption>Where the test events go</figcaption><div class=\"flow\" id=\"flow-picture\""
                                + " role=\"img\" aria-label=\"Flow of test events to exits and decisions; the table below has its"
                                + " figures\"></div></figure>"),
                Markup.caption(
                        "Widths are numbers of events, all in one scale. <b>Hatched is wrong</b>: a critical event that was"
                                + " dropped, or a normal one that was offloaded. Every event that stops early saves the blocks behind its exit."),
                table(view, flows));
    }

    private static Map<String, Object> row(FlowRow r) {
        return Page.row(
                "model",
                r.model(),
                "method",
                r.method(),
                "device",
                r.device(),
                "exit",
                r.exit(),
                "found",
                r.found(),
                "falseAlarms",
                r.falseAlarms(),
                "missed",
                r.missed(),
                "dropped",
                r.dropped());
    }

    /** All devices, by the method that is deployed. */
    private static Markup table(View view, List<FlowRow> flows) {
        String method = view.methods().get(0);
        Table table = new Table("Test events by exit and decision, all devices, method " + method)
                .text("Model", "Leaves at")
                .numbers("Events", "Found", "False alarms", "Missed", "Rightly dropped");
        List<FlowRow> shown = new ArrayList<>(flows);
        shown.removeIf(r -> !r.method().equals(method) || !r.device().equals(ReportData.ALL));
        shown.forEach(r -> table.row(
                r.model(),
                "exit " + r.exit(),
                Figures.count(r.events()),
                Figures.count(r.found()),
                Figures.count(r.falseAlarms()),
                Figures.count(r.missed()),
                Figures.count(r.dropped())));
        return shown.isEmpty() ? Markup.NOTHING : table.markup();
    }
}
