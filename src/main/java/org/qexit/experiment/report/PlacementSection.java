package org.qexit.experiment.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.qexit.experiment.report.Cell.DeviceRow;
import org.qexit.experiment.report.Cell.NodeRow;
import org.qexit.experiment.report.Decisions.AssignmentRow;
import org.qexit.experiment.report.Decisions.PlanRow;

/** Which device uses which node, and how full the nodes are. */
final class PlacementSection {
    /** More labels than this would hide the map. */
    private static final int MAX_LABELS = 40;

    private static final String BANDWIDTH = "bandwidth";
    private static final String COMPUTE = "compute";

    private PlacementSection() {}

    static void add(Page page, View view) {
        List<NodeRow> nodes = view.data().cell().nodes();
        if (nodes.isEmpty() || view.methods().isEmpty()) {
            return;
        }
        Map<String, Object> frame = new LinkedHashMap<>();
        frame(view.data(), frame);
        MapLabels labels = MapLabels.place(view.data(), frame);
        page.data("nodes", nodes.stream().map(n -> node(n, labels.of(n))).toList());
        page.data(
                "devices",
                view.data().cell().devices().stream()
                        .map(d -> device(d, labels.of(d)))
                        .toList());
        page.data("links", links(view));
        page.data("loads", loads(view));
        Map<String, List<String>> controls = controls(view);
        Map<String, Object> values = new LinkedHashMap<>();
        controls.forEach((name, options) -> values.put(name, options.get(0)));
        values.put("nodes", nodes.stream().map(NodeRow::id).toList());
        values.put(
                "levels",
                nodes.stream().map(NodeRow::securityLevel).distinct().sorted().toList());
        values.put("deviceLabels", view.data().cell().devices().size() <= MAX_LABELS ? 1 : 0);
        values.putAll(frame);

        Map<String, Object> bandwidth = new LinkedHashMap<>(values);
        bandwidth.put("resource", BANDWIDTH);
        Map<String, Object> compute = new LinkedHashMap<>(values);
        compute.put("resource", COMPUTE);
        Markup loads = Markup.tag(
                "div",
                page.chart("load-bandwidth", "load", "Bandwidth in use", bandwidth),
                page.chart("load-compute", "load", "Compute in use (offloaded events per period)", compute));
        page.section(
                "placement",
                "Which device uses which node",
                Page.controls(controls),
                Markup.tag(
                        "div",
                        "class=\"grid wide\"",
                        page.chart("map", "map", "Map, with each device’s node", values),
                        loads),
                Markup.caption(
                        "Large marks are nodes, their shape is the node’s security level; circles are devices, the figure inside is "
                                + "the device’s level. <b>Level 1 is the highest; a device may use a node of its own level or "
                                + "higher</b> (a smaller or equal figure). East and north are in the same scale. Bars: what the plan uses of each node’s "
                                + "capacity (light: 100 %)."));
    }

    static Map<String, List<String>> controls(View view) {
        Map<String, List<String>> controls = new LinkedHashMap<>();
        controls.put("model", view.models());
        controls.put("method", view.methods());
        return controls;
    }

    private static Map<String, Object> node(NodeRow n, Map<String, Object> label) {
        Map<String, Object> row = Page.row(
                "node",
                n.id(),
                "x",
                n.xMetres(),
                "y",
                n.yMetres(),
                "level",
                n.securityLevel(),
                "position",
                position(n.xMetres(), n.yMetres()),
                BANDWIDTH,
                Figures.si(n.bandwidthHz(), "Hz"),
                COMPUTE,
                Figures.quantity(n.computeUnits()));
        row.putAll(label);
        return row;
    }

    private static Map<String, Object> device(DeviceRow d, Map<String, Object> label) {
        Map<String, Object> row = Page.row(
                "device",
                d.id(),
                "x",
                d.xMetres(),
                "y",
                d.yMetres(),
                "level",
                d.securityLevel(),
                "position",
                position(d.xMetres(), d.yMetres()));
        row.putAll(label);
        return row;
    }

    private static String position(double x, double y) {
        return String.format(Locale.ROOT, "(%.1f m, %.1f m)", x, y);
    }

    private static List<Map<String, Object>> links(View view) {
        Map<String, NodeRow> nodes = new LinkedHashMap<>();
        view.data().cell().nodes().forEach(n -> nodes.put(n.id(), n));
        Map<String, DeviceRow> devices = new LinkedHashMap<>();
        view.data().cell().devices().forEach(d -> devices.put(d.id(), d));
        List<Map<String, Object>> rows = new ArrayList<>();
        for (AssignmentRow a : view.data().decisions().assignments()) {
            DeviceRow d = devices.get(a.device());
            NodeRow n = nodes.get(a.node());
            rows.add(Page.row(
                    "model",
                    a.model(),
                    "method",
                    a.method(),
                    "device",
                    a.device(),
                    "node",
                    a.node(),
                    "x",
                    d.xMetres(),
                    "y",
                    d.yMetres(),
                    "x2",
                    n.xMetres(),
                    "y2",
                    n.yMetres(),
                    "distance",
                    Figures.decimal(Math.hypot(d.xMetres() - n.xMetres(), d.yMetres() - n.yMetres()), 3) + " m",
                    BANDWIDTH,
                    Figures.si(a.bandwidthHz(), "Hz"),
                    "power",
                    Figures.si(a.powerWatts(), "W"),
                    COMPUTE,
                    Figures.quantity(a.computeUnits())));
        }
        return rows;
    }

    private static List<Map<String, Object>> loads(View view) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (PlanRow plan : view.data().decisions().plans()) {
            for (NodeRow node : view.data().cell().nodes()) {
                List<AssignmentRow> here = view.data().decisions().assignments().stream()
                        .filter(a -> a.model().equals(plan.model())
                                && a.method().equals(plan.method())
                                && a.node().equals(node.id()))
                        .toList();
                double hertz =
                        here.stream().mapToDouble(AssignmentRow::bandwidthHz).sum();
                double units =
                        here.stream().mapToDouble(AssignmentRow::computeUnits).sum();
                String ids = String.join(
                        ", ", here.stream().map(AssignmentRow::device).toList());
                boolean infeasible = view.infeasible(plan.model(), plan.method());
                rows.add(load(
                        plan,
                        node,
                        BANDWIDTH,
                        hertz,
                        node.bandwidthHz(),
                        ids,
                        infeasible
                                ? "infeasible"
                                : Figures.si(hertz, "Hz") + " of " + Figures.si(node.bandwidthHz(), "Hz")));
                rows.add(load(
                        plan,
                        node,
                        COMPUTE,
                        units,
                        node.computeUnits(),
                        ids,
                        infeasible
                                ? "infeasible"
                                : Figures.quantity(units) + " of " + Figures.quantity(node.computeUnits())));
            }
        }
        return rows;
    }

    private static Map<String, Object> load(
            PlanRow plan, NodeRow node, String resource, double used, double capacity, String devices, String text) {
        return Page.row(
                "model",
                plan.model(),
                "method",
                plan.method(),
                "node",
                node.id(),
                "resource",
                resource,
                "value",
                capacity > 0 ? Page.percent(used / capacity) : null,
                "full",
                100,
                "text",
                text,
                "devices",
                devices.isEmpty() ? "none" : devices);
    }

    /** Axis ranges around everything on the map, with a margin, not flatter than 2:5 nor taller than square. */
    private static void frame(ReportData data, Map<String, Object> values) {
        double[] x = extent(
                data.cell().nodes().stream().map(NodeRow::xMetres).toList(),
                data.cell().devices().stream().map(DeviceRow::xMetres).toList());
        double[] y = extent(
                data.cell().nodes().stream().map(NodeRow::yMetres).toList(),
                data.cell().devices().stream().map(DeviceRow::yMetres).toList());
        double margin = Math.max(1, 0.09 * Math.max(x[1] - x[0], y[1] - y[0]));
        double width = x[1] - x[0] + 2 * margin;
        double height = y[1] - y[0] + 2 * margin;
        double wantedHeight = Math.max(height, 0.4 * width);
        double wantedWidth = Math.max(width, wantedHeight);
        double moreX = margin + (wantedWidth - width) / 2;
        double moreY = margin + (wantedHeight - height) / 2;
        values.put("xDomain", List.of(Figures.rounded(x[0] - moreX), Figures.rounded(x[1] + moreX)));
        values.put("yDomain", List.of(Figures.rounded(y[0] - moreY), Figures.rounded(y[1] + moreY)));
        values.put("aspect", Figures.rounded(wantedHeight / wantedWidth));
    }

    private static double[] extent(List<Double> some, List<Double> others) {
        List<Double> both = new ArrayList<>(some);
        both.addAll(others);
        return new double[] {
            both.stream().mapToDouble(v -> v).min().orElse(0),
            both.stream().mapToDouble(v -> v).max().orElse(1)
        };
    }
}
