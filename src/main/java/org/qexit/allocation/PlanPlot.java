package org.qexit.allocation;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.qexit.common.Svg;

/** A plan as an SVG picture: every device's utility in the colour of its node, every node's load, and the gap over time. */
public final class PlanPlot {
    private static final int WIDTH = 980;
    private static final int LEFT = 70;
    private static final int SIDE = 880;
    private static final int MOST_DEVICES = 400;
    private static final int MOST_NODES = 60;
    private static final String[] COLOURS = {
        "#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#76b7b2", "#edc948", "#b07aa1", "#ff9da7", "#9c755f", "#86bcb6"
    };

    private final StringBuilder svg = new StringBuilder();
    private double top;

    private PlanPlot() {}

    /** @param history progress of the search in the order of time, may be empty */
    public static String svg(Plan plan, List<SolveOptions.ProgressNote> history) {
        PlanPlot plot = new PlanPlot();
        plot.title(plan);
        plot.utilities(plan);
        if (plan.nodes() != null) {
            plot.loads(plan.nodes());
        }
        plot.gapOverTime(plan, history);
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" font-family=\"sans-serif\""
                                + " font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                        WIDTH,
                        plot.top + 10)
                + plot.svg + "</svg>\n";
    }

    private void title(Plan plan) {
        String gap = plan.bound() == null
                ? "no bound"
                : String.format(Locale.ROOT, "bound %.6f, gap %.3g %%", plan.bound(), 100 * plan.relativeGap());
        text(
                LEFT,
                28,
                "start",
                String.format(
                        Locale.ROOT,
                        "%s, method %s: %s, objective %.6f, %s",
                        plan.instance(),
                        plan.method(),
                        plan.status().json(),
                        plan.objective(),
                        gap),
                15);
        top = 60;
    }

    private static String colour(Plan plan, String node) {
        List<Plan.NodeUse> nodes = plan.nodes();
        for (int j = 0; nodes != null && j < nodes.size(); j++) {
            if (nodes.get(j).id().equals(node)) {
                return COLOURS[j % COLOURS.length];
            }
        }
        return COLOURS[0];
    }

    private void utilities(Plan plan) {
        List<Plan.Device> sorted = plan.devices().stream()
                .sorted(Comparator.comparingDouble(Plan.Device::utility))
                .limit(MOST_DEVICES)
                .toList();
        boolean cut = sorted.size() < plan.devices().size();
        double height = 200;
        text(
                LEFT,
                top,
                "start",
                "Utility U (share of the critical events found) per device, "
                        + (cut ? "the " + MOST_DEVICES + " lowest" : "sorted") + ", colour = node",
                13);
        top += 14;
        axis(height, 0, 1, "%.2f");
        double step = (double) SIDE / sorted.size();
        for (int i = 0; i < sorted.size(); i++) {
            Plan.Device device = sorted.get(i);
            double h = height * device.utility();
            rectangle(
                    LEFT + i * step,
                    top + height - h,
                    Math.max(0.5, step * 0.86),
                    h,
                    colour(plan, device.node()),
                    String.format(Locale.ROOT, "%s at %s: U %.4f", device.id(), device.node(), device.utility()));
            if (sorted.size() <= 60) {
                double x = LEFT + (i + 0.45) * step;
                double y = top + height + 8;
                svg.append(String.format(
                        Locale.ROOT,
                        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\" font-size=\"10\""
                                + " transform=\"rotate(-60 %.1f %.1f)\">%s</text>%n",
                        x,
                        y,
                        x,
                        y,
                        Svg.escaped(device.id())));
            }
        }
        top += height + (sorted.size() <= 60 ? 64 : 34);
    }

    private void loads(List<Plan.NodeUse> nodes) {
        List<Plan.NodeUse> shown = nodes.stream().limit(MOST_NODES).toList();
        text(
                LEFT,
                top,
                "start",
                "Load of each node: bandwidth (dark) and compute (light), share used"
                        + (shown.size() < nodes.size() ? ", the first " + MOST_NODES : ""),
                13);
        top += 14;
        double height = 140;
        axis(height, 0, 1, "%.2f");
        double step = (double) SIDE / shown.size();
        for (int j = 0; j < shown.size(); j++) {
            Plan.NodeUse node = shown.get(j);
            double hz = share(node.bandwidthHz(), node.bandwidthFreeHz());
            double units = share(node.computeUnits(), node.computeFreeUnits());
            String about = String.format(
                    Locale.ROOT,
                    "%s: %d devices, %.4g of %.4g kHz, %.4g of %.4g events",
                    node.id(),
                    node.devices(),
                    node.bandwidthHz() / 1e3,
                    (node.bandwidthHz() + node.bandwidthFreeHz()) / 1e3,
                    node.computeUnits(),
                    node.computeUnits() + node.computeFreeUnits());
            String colour = COLOURS[j % COLOURS.length];
            double bar = Math.min(60, step * 0.4);
            double x = LEFT + j * step + (step - 2 * bar) / 2;
            rectangle(x, top + height * (1 - hz), bar, height * hz, colour, about);
            svg.append("<g opacity=\"0.5\">");
            rectangle(x + bar, top + height * (1 - units), bar, height * units, colour, about);
            svg.append("</g>\n");
            if (shown.size() <= 30) {
                text(x + bar, top + height + 16, "middle", node.id() + " (" + node.devices() + ")", 11);
            }
        }
        top += height + 46;
    }

    private static double share(double used, double free) {
        return used + free > 0 ? Math.max(0, Math.min(1, used / (used + free))) : 0;
    }

    private void gapOverTime(Plan plan, List<SolveOptions.ProgressNote> history) {
        List<SolveOptions.ProgressNote> notes = history.stream()
                .filter(note -> Double.isFinite(note.objective()) && Double.isFinite(note.bound()))
                .toList();
        if (notes.size() < 2 || plan.bound() == null) {
            return;
        }
        double low = notes.stream()
                .mapToDouble(SolveOptions.ProgressNote::objective)
                .min()
                .orElse(0);
        double high = notes.stream()
                .mapToDouble(SolveOptions.ProgressNote::bound)
                .max()
                .orElse(0);
        double room = Math.max(1e-9, 0.05 * (high - low));
        low -= room;
        high += room;
        double end = Math.max(notes.get(notes.size() - 1).seconds(), plan.seconds() == null ? 0 : plan.seconds());
        text(LEFT, top, "start", "Objective of the incumbent (blue) and proven bound (red) over seconds", 13);
        top += 14;
        double height = 160;
        axis(height, low, high, "%.3f");
        steps(notes, SolveOptions.ProgressNote::bound, plan.bound(), low, high, end, height, "#e15759");
        steps(notes, SolveOptions.ProgressNote::objective, plan.objective(), low, high, end, height, "#4e79a7");
        for (int i = 0; i <= 4; i++) {
            text(
                    LEFT + SIDE * i / 4.0,
                    top + height + 16,
                    "middle",
                    String.format(Locale.ROOT, "%.3g s", end * i / 4),
                    11);
        }
        top += height + 30;
    }

    private void steps(
            List<SolveOptions.ProgressNote> notes,
            java.util.function.ToDoubleFunction<SolveOptions.ProgressNote> of,
            double last,
            double low,
            double high,
            double end,
            double height,
            String colour) {
        StringBuilder path = new StringBuilder();
        for (SolveOptions.ProgressNote note : notes) {
            double x = LEFT + SIDE * note.seconds() / end;
            double y = top + height * (high - of.applyAsDouble(note)) / (high - low);
            path.append(String.format(Locale.ROOT, path.isEmpty() ? "M%.1f %.1f" : "H%.1fV%.1f", x, y));
        }
        double y = top + height * (high - last) / (high - low);
        path.append(String.format(Locale.ROOT, "H%dV%.1f", LEFT + SIDE, y));
        svg.append("<path d=\"").append(path).append("\" fill=\"none\" stroke-width=\"2\" stroke=\"");
        svg.append(colour).append("\"/>\n");
    }

    private void axis(double height, double low, double high, String format) {
        for (int i = 0; i <= 4; i++) {
            double y = top + height * (1 - i / 4.0);
            svg.append(String.format(
                    Locale.ROOT, "<path d=\"M%d %.1fH%d\" stroke=\"#ddd\" fill=\"none\"/>%n", LEFT, y, LEFT + SIDE));
            text(LEFT - 8, y + 4, "end", String.format(Locale.ROOT, format, low + (high - low) * i / 4), 11);
        }
    }

    private void rectangle(double x, double y, double width, double height, String fill, String about) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\"><title>%s</title></rect>%n",
                x,
                y,
                width,
                height,
                fill,
                Svg.escaped(about)));
    }

    private void text(double x, double y, String anchor, String text, int size) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\">%s</text>%n",
                x,
                y,
                anchor,
                size,
                Svg.escaped(text)));
    }
}
