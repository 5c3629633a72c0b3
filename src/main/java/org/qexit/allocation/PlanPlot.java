package org.qexit.allocation;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.qexit.common.plot.Box;
import org.qexit.common.plot.Canvas;
import org.qexit.common.plot.Font;
import org.qexit.common.plot.Frame;
import org.qexit.common.plot.Path;
import org.qexit.common.plot.Pen;
import org.qexit.common.plot.Scale;

/** A plan as an SVG picture: every device's utility in the colour of its node, every node's load, and the gap over time. */
public final class PlanPlot {
    private static final int WIDTH = 980;
    private static final int LEFT = 70;
    private static final int SIDE = 880;
    private static final int MOST_DEVICES = 400;
    private static final int MOST_NODES = 60;
    /** More devices leave no room for their names. */
    private static final int MOST_NAMES = 60;

    private static final Font HEADING = Font.PLAIN.size(13);
    private static final Font NAME = Font.PLAIN.size(10).end().turned(-60);
    private static final Scale SHARE = new Scale(Scale.Kind.LINEAR, 0, 1);
    private static final String[] COLOURS = {
        "#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#76b7b2", "#edc948", "#b07aa1", "#ff9da7", "#9c755f", "#86bcb6"
    };

    private final Plan plan;
    private final Canvas canvas = new Canvas();
    private double top = 60;

    private PlanPlot(Plan plan) {
        this.plan = plan;
    }

    /** @param history progress of the search in the order of time, may be empty */
    public static String svg(Plan plan, List<SolveOptions.ProgressNote> history) {
        PlanPlot plot = new PlanPlot(plan);
        plot.title();
        plot.utilities();
        if (plan.nodes() != null) {
            plot.loads();
        }
        plot.gapOverTime(history);
        return plot.canvas.svg(WIDTH, plot.top + 10, "Plan of " + plan.instance());
    }

    private void title() {
        String gap = plan.bound() == null
                ? "no bound"
                : String.format(Locale.ROOT, "bound %.6f, gap %.3g %%", plan.bound(), 100 * plan.relativeGap());
        String title = String.format(
                Locale.ROOT,
                "%s, method %s: %s, objective %.6f, %s",
                plan.instance(),
                plan.method(),
                plan.status().json(),
                plan.objective(),
                gap);
        canvas.text(LEFT, 28, Font.PLAIN.size(15), title);
    }

    /** Begins a part of the picture. */
    private Box part(String heading, double height) {
        canvas.text(LEFT, top, HEADING, heading);
        top += 14;
        return new Box(LEFT, top, SIDE, height);
    }

    private String colour(String node) {
        List<Plan.NodeUse> nodes = plan.nodes();
        for (int j = 0; nodes != null && j < nodes.size(); j++) {
            if (nodes.get(j).id().equals(node)) {
                return COLOURS[j % COLOURS.length];
            }
        }
        return COLOURS[0];
    }

    private void utilities() {
        List<Plan.Device> sorted = plan.devices().stream()
                .sorted(Comparator.comparingDouble(Plan.Device::utility))
                .limit(MOST_DEVICES)
                .toList();
        String which = sorted.size() < plan.devices().size() ? "the " + MOST_DEVICES + " lowest" : "sorted";
        Box box = part("Utility U (share of the critical events found) per device, " + which + ", colour = node", 200);
        Frame frame = new Frame(box, SHARE, SHARE);
        frame.drawY(canvas, "");
        double step = box.width() / sorted.size();
        double lowest = 34;
        for (int i = 0; i < sorted.size(); i++) {
            Plan.Device device = sorted.get(i);
            double y = frame.y(device.utility());
            canvas.rectangle(
                    new Box(box.x() + i * step, y, Math.max(0.5, step * 0.86), box.bottom() - y),
                    Pen.fill(colour(device.node())),
                    String.format(Locale.ROOT, "%s at %s: U %.4f", device.id(), device.node(), device.utility()));
            if (sorted.size() <= MOST_NAMES) {
                String name = NAME.fitting(device.id(), 120);
                canvas.text(box.x() + (i + 0.45) * step, box.bottom() + 8, NAME, name);
                lowest = Math.max(lowest, 30 + NAME.widthOf(name));
            }
        }
        top = box.bottom() + lowest;
    }

    private void loads() {
        List<Plan.NodeUse> nodes = plan.nodes();
        List<Plan.NodeUse> shown = nodes.stream().limit(MOST_NODES).toList();
        String which = shown.size() < nodes.size() ? ", the first " + MOST_NODES : "";
        Box box = part("Load of each node: bandwidth (dark) and compute (light), share used" + which, 140);
        Frame frame = new Frame(box, SHARE, SHARE);
        frame.drawY(canvas, "");
        double step = box.width() / shown.size();
        for (int j = 0; j < shown.size(); j++) {
            Plan.NodeUse node = shown.get(j);
            double bar = Math.min(60, step * 0.4);
            double x = box.x() + j * step + (step - 2 * bar) / 2;
            double hz = frame.y(share(node.bandwidthHz(), node.bandwidthFreeHz()));
            double units = frame.y(share(node.computeUnits(), node.computeFreeUnits()));
            Pen pen = Pen.fill(COLOURS[j % COLOURS.length]);
            canvas.rectangle(new Box(x, hz, bar, box.bottom() - hz), pen, about(node));
            canvas.rectangle(new Box(x + bar, units, bar, box.bottom() - units), pen.opacity(0.5), about(node));
            String name = Font.SMALL.fitting(node.id() + " (" + node.devices() + ")", step);
            if (shown.size() <= MOST_NODES / 2) {
                canvas.text(x + bar, box.bottom() + 16, Font.SMALL.middle(), name);
            }
        }
        top = box.bottom() + 46;
    }

    private static String about(Plan.NodeUse node) {
        return String.format(
                Locale.ROOT,
                "%s: %d devices, %.4g of %.4g kHz, %.4g of %.4g events",
                node.id(),
                node.devices(),
                node.bandwidthHz() / 1e3,
                (node.bandwidthHz() + node.bandwidthFreeHz()) / 1e3,
                node.computeUnits(),
                node.computeUnits() + node.computeFreeUnits());
    }

    private static double share(double used, double free) {
        return used + free > 0 ? Math.max(0, Math.min(1, used / (used + free))) : 0;
    }

    private void gapOverTime(List<SolveOptions.ProgressNote> history) {
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
        double end = Math.max(notes.get(notes.size() - 1).seconds(), plan.seconds() == null ? 0 : plan.seconds());
        Box box = part("Objective of the incumbent (blue) and proven bound (red) over seconds", 160);
        Frame frame = new Frame(
                box,
                new Scale(Scale.Kind.LINEAR, 0, Math.max(1e-9, end)),
                new Scale(Scale.Kind.LINEAR, low - room, high + room));
        frame.drawX(canvas, "seconds");
        frame.drawY(canvas, "");
        canvas.path(
                steps(frame, notes, SolveOptions.ProgressNote::bound, plan.bound()),
                Pen.line("#e15759").width(2));
        canvas.path(
                steps(frame, notes, SolveOptions.ProgressNote::objective, plan.objective()),
                Pen.line("#4e79a7").width(2));
        top = box.bottom() + 40;
    }

    /** A value from each note on until the next, the last one to the end. */
    private static Path steps(
            Frame frame,
            List<SolveOptions.ProgressNote> notes,
            ToDoubleFunction<SolveOptions.ProgressNote> of,
            double last) {
        Path path = new Path();
        notes.forEach(note -> path.stepTo(frame.x(note.seconds()), frame.y(of.applyAsDouble(note))));
        return path.stepTo(frame.box().right(), frame.y(last));
    }
}
