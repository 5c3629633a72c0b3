package org.qexit.experiment.report;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ExitThresholds;

/** Other budgets and thresholds, tried in the page on the events that it holds. */
final class WhatIfSection {
    private WhatIfSection() {}

    static void add(Page page, View view) {
        WhatIf whatIf = view.data().whatIf();
        if (whatIf.scores().isEmpty() || view.methods().isEmpty()) {
            return;
        }
        double share = whatIf.share();
        page.island("events", events(view, whatIf, share));
        page.island("rules", rules(view));
        Set<String> devices = new LinkedHashSet<>(view.devices());
        devices.add(ReportData.ALL);
        Map<String, List<String>> controls = new LinkedHashMap<>();
        controls.put("model", view.models());
        controls.put("device", List.copyOf(devices));
        controls.put("method", view.methods());
        page.data("plane", List.of());
        page.data("planeFrontier", List.of());
        page.data("planeChosen", List.of());
        String cut = share >= 1
                ? ""
                : " <b>This run has more events than a page can hold</b>: here are the first " + Figures.percent(share)
                        + " of each device's.";
        page.section(
                "whatif",
                "What if?",
                Page.controls(controls),
                Markup.tag(
                        "div",
                        "class=\"grid wide\"",
                        Markup.trusted("<div id=\"whatif-panel\"></div>"),
                        page.chart("plane", "plane", "Every pair of thresholds, validation events", Map.of())),
                Markup.caption(
                        "<b>Budget</b>: the best pair of thresholds that offloads no more of the device's validation events, as"
                                + " the exact staircase has it; for all devices, the same share for each. <b>Thresholds</b>: whatever you set, one pair for"
                                + " all exits or a pair for each. Everything is counted anew on the events in this page; test events choose nothing,"
                                + " but who looks at them while moving a slider does. Bandwidth, delays and nodes are not decided anew: that is"
                                + " what <code>qexit optimize</code> is for. <b>The picture</b>: each cell is a pair (l, u), its colour the share of"
                                + " critical validation events that it finds; pale cells offload more than the budget; the line is the"
                                + " staircase from no offload upwards, the cross the pair in use." + cut),
                worth(whatIf, view.methods().get(0)));
    }

    /** By model: cost of each exit, and by device and split the labels, a digit each, and scores as base64 of floats, exit after exit. */
    private static Map<String, Object> events(View view, WhatIf whatIf, double share) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (ModelSection model : view.data().models()) {
            Map<String, Map<String, Object>> devices = new LinkedHashMap<>();
            for (WhatIf.ScoreRow row : whatIf.scores()) {
                if (row.model().equals(model.name())) {
                    devices.computeIfAbsent(row.trace().device(), id -> new LinkedHashMap<>())
                            .put(row.split(), packed(row.trace(), share));
                }
            }
            devices.forEach((id, parts) -> parts.put("corners", corners(whatIf, model.name(), id)));
            all.put(
                    model.name(),
                    Page.row(
                            "macs",
                            model.exits().stream()
                                    .map(ModelSection.ExitSection::cumulativeMacs)
                                    .toList(),
                            "devices",
                            devices));
        }
        return all;
    }

    private static Map<String, Object> packed(DeviceTrace trace, double share) {
        int kept = share >= 1 ? trace.size() : (int) Math.max(1, share * trace.size());
        StringBuilder labels = new StringBuilder();
        ByteBuffer scores =
                ByteBuffer.allocate(Float.BYTES * kept * trace.exits()).order(ByteOrder.LITTLE_ENDIAN);
        for (int k = 0; k < kept; k++) {
            labels.append(trace.labels()[k]);
        }
        for (float[] exit : trace.scores()) {
            for (int k = 0; k < kept; k++) {
                scores.putFloat(exit[k]);
            }
        }
        return Page.row(
                "of",
                trace.size(),
                "labels",
                labels.toString(),
                "scores",
                Base64.getEncoder().encodeToString(scores.array()));
    }

    /** Rows of offloads, true positives, l and u; null for "never". */
    private static List<List<Object>> corners(WhatIf whatIf, String model, String device) {
        List<List<Object>> rows = new ArrayList<>();
        for (WhatIf.CornerRow corner : whatIf.corners()) {
            if (corner.model().equals(model) && corner.device().equals(device)) {
                List<Object> row = new ArrayList<>();
                row.add(corner.offloads());
                row.add(corner.truePositives());
                row.add(corner.lower());
                row.add(corner.upper());
                rows.add(row);
            }
        }
        return rows;
    }

    /** By model, method and device: the kind of rule, and l and u of every exit, as files write them. */
    private static Map<String, Object> rules(View view) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (ModelSection model : view.data().models()) {
            Map<String, Map<String, Object>> methods = new LinkedHashMap<>();
            for (Decisions.ThresholdRow row : view.data().decisions().thresholds()) {
                if (row.model().equals(model.name())) {
                    ExitThresholds each = row.rule().perExit(model.exits().size());
                    methods.computeIfAbsent(row.method(), name -> new LinkedHashMap<>())
                            .put(
                                    row.device(),
                                    Page.row(
                                            "kind",
                                            row.rule().kind().word(),
                                            "lower",
                                            each.lowerEntry(),
                                            "upper",
                                            each.upperEntry()));
                }
            }
            all.put(model.name(), methods);
        }
        return all;
    }

    /** Of the plans that are deployed; the others' plan files have theirs. */
    private static Markup worth(WhatIf whatIf, String method) {
        List<WhatIf.WorthRow> rows =
                whatIf.worth().stream().filter(w -> w.method().equals(method)).toList();
        if (rows.isEmpty()) {
            return Markup.NOTHING;
        }
        Table table = new Table("What more of a node would be worth")
                .text("Model", "Node", "Worth, in Σ ρ ln U, method " + method);
        rows.forEach(
                w -> table.row(w.model(), w.node(), Markup.tag("span", "class=\"words\"", Markup.text(w.words()))));
        return Markup.join(Markup.tag("h3", Markup.text("What more of a node would be worth")), table.markup());
    }
}
