package org.qexit.common.plot;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Panels of lines and points as one SVG picture, each with its axes and legend. */
public final class Chart {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 360;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    /** Room for names that stand slanted under an axis. */
    private static final int NAMES = 24;
    /** Room between the values and the legend's names. */
    private static final int LEGEND = 30;

    private static final double SLANT = -18;

    /** Okabe and Ito's palette, which colour-blind readers can tell apart. */
    private static final String[] COLOURS = {
        "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999"
    };

    private final String title;
    private final int columns;
    private final boolean comparable;
    private final List<Panel> panels = new ArrayList<>();

    /**
     * An empty chart.
     *
     * @param title what it shows
     * @param columns panels side by side
     * @param comparable whether all panels have the same scales
     */
    public Chart(String title, int columns, boolean comparable) {
        this.title = title;
        this.columns = columns;
        this.comparable = comparable;
    }

    /** How the points of a series are drawn. */
    public enum Style {
        /** Points only. */
        POINTS,
        /** Points, joined in their order. */
        LINE,
        /** A dashed grey line, to compare with. */
        REFERENCE,
        /** Points in pairs, the ends of an interval each, joined by a thin line. */
        INTERVALS
    }

    /**
     * One set of points.
     *
     * @param name in the legend; series of one name share a place there
     * @param style how they are drawn
     * @param points {@code {x, y}} each; those that an axis cannot show are left out
     */
    public record Series(String name, Style style, List<double[]> points) {}

    /**
     * One axis.
     *
     * @param label with unit
     * @param kind of scale
     * @param names names at whole values instead of numbers, or empty
     */
    public record Axis(String label, Scale.Kind kind, Map<Integer, String> names) {
        public Axis(String label, Scale.Kind kind) {
            this(label, kind, Map.of());
        }
    }

    /**
     * One panel.
     *
     * @param title above it
     * @param series in the order of the legend
     */
    public record Panel(String title, Axis x, Axis y, List<Series> series) {
        private Stream<double[]> points() {
            return series.stream().flatMap(s -> s.points().stream()).filter(this::shown);
        }

        private static Scale scale(Axis axis, DoubleSummaryStatistics values) {
            double low = values.getCount() == 0 ? 1 : values.getMin();
            double high = values.getCount() == 0 ? 1 : values.getMax();
            if (axis.kind() == Scale.Kind.LOGARITHMIC) {
                double room = low == high ? 2 : Math.pow(high / low, 0.05);
                return new Scale(axis.kind(), low / room, high * room);
            }
            double room = !axis.names().isEmpty() || low == high ? 0.5 : 0.05 * (high - low);
            return new Scale(axis.kind(), low - room, high + room);
        }

        private boolean shown(double[] point) {
            return shown(x, point[0]) && shown(y, point[1]);
        }

        private static boolean shown(Axis axis, double value) {
            return Double.isFinite(value) && (axis.kind() != Scale.Kind.LOGARITHMIC || value > 0);
        }
    }

    public void add(Panel panel) {
        panels.add(panel);
    }

    /** The picture; panels of a chart have the same size. */
    public String svg() {
        Canvas canvas = new Canvas();
        for (int i = 0; i < panels.size(); i++) {
            draw(canvas, panels.get(i), new Box(i % columns * WIDTH, i / columns * HEIGHT, WIDTH, HEIGHT));
        }
        int across = Math.min(columns, panels.size());
        int down = (panels.size() + columns - 1) / columns;
        return canvas.svg(across * WIDTH, down * HEIGHT, title);
    }

    private DoubleSummaryStatistics values(Panel panel, int coordinate) {
        return (comparable ? panels.stream() : Stream.of(panel))
                .flatMap(Panel::points)
                .mapToDouble(point -> point[coordinate])
                .summaryStatistics();
    }

    private void draw(Canvas canvas, Panel panel, Box whole) {
        Map<String, Pen> legend = legend(panel);
        double names =
                legend.keySet().stream().mapToDouble(Font.SMALL::widthOf).max().orElse(0);
        Scale x = Panel.scale(panel.x(), values(panel, 0));
        Scale y = Panel.scale(panel.y(), values(panel, 1));
        double left = Frame.margin(y);
        double below = BOTTOM + (panel.x().names().isEmpty() ? 0 : NAMES);
        Frame frame = new Frame(
                new Box(whole.x() + left, whole.y() + TOP, WIDTH - left - LEGEND - names, HEIGHT - TOP - below), x, y);
        canvas.text(
                frame.box().x(),
                whole.y() + 24,
                Font.PLAIN.size(14),
                Font.PLAIN
                        .size(14)
                        .fitting(panel.title(), whole.right() - frame.box().x()));
        frame.drawY(canvas, panel.y().label());
        if (panel.x().names().isEmpty()) {
            frame.drawX(canvas, panel.x().label());
        } else {
            new TreeMap<>(panel.x().names())
                    .forEach((at, name) -> canvas.text(
                            frame.x(at) + 10,
                            frame.box().bottom() + 14,
                            Font.SMALL.end().turned(SLANT),
                            name));
            canvas.text(
                    frame.box().middleX(),
                    whole.bottom() - 8,
                    Font.PLAIN.middle(),
                    panel.x().label());
        }
        frame.drawEdges(canvas);
        for (Series series : panel.series()) {
            marks(
                    canvas,
                    frame,
                    series.points().stream().filter(panel::shown).toList(),
                    series.style(),
                    legend.get(series.name()));
        }
        double at = frame.box().y() + 8;
        for (Map.Entry<String, Pen> entry : legend.entrySet()) {
            canvas.line(
                    frame.box().right() + 8,
                    at,
                    frame.box().right() + 20,
                    at,
                    entry.getValue().width(2.5));
            canvas.text(frame.box().right() + 24, at + 4, Font.SMALL, entry.getKey());
            at += 15;
        }
    }

    private static Map<String, Pen> legend(Panel panel) {
        Map<String, Pen> pens = new LinkedHashMap<>();
        for (Series series : panel.series()) {
            pens.computeIfAbsent(
                    series.name(),
                    name -> series.style() == Style.REFERENCE
                            ? Pen.line("#777").dashed("4 3")
                            : Pen.line(COLOURS[pens.size() % COLOURS.length]));
        }
        return pens;
    }

    private static void marks(Canvas canvas, Frame frame, List<double[]> points, Style style, Pen pen) {
        if (style == Style.INTERVALS) {
            for (int i = 0; i + 1 < points.size(); i += 2) {
                canvas.path(
                        new Path()
                                .to(frame.x(points.get(i)[0]), frame.y(points.get(i)[1]))
                                .to(frame.x(points.get(i + 1)[0]), frame.y(points.get(i + 1)[1])),
                        pen.width(1));
            }
            return;
        }
        if (style != Style.POINTS) {
            Path path = new Path();
            points.forEach(point -> path.to(frame.x(point[0]), frame.y(point[1])));
            canvas.path(path, pen.width(1.6));
        }
        if (style != Style.REFERENCE) {
            Pen dot = Pen.fill(pen.stroke()).opacity(0.75);
            points.forEach(
                    point -> canvas.circle(frame.x(point[0]), frame.y(point[1]), style == Style.LINE ? 2.4 : 3.2, dot));
        }
    }
}
