package org.qexit.common.plot;

import java.util.List;

/** Differences with their intervals, one row each, as SVG: a dot per value, the mean and its interval, a line at zero. */
public final class ForestPlot {
    private static final int WIDTH = 330;
    private static final int GAP = 30;
    private static final int TOP = 44;
    private static final int ROW = 22;
    private static final int BOTTOM = 46;
    private static final String[] COLOURS = {"#1b6ca8", "#c0392b", "#2e8b57", "#8e5ea2"};

    private ForestPlot() {}

    /**
     * One difference.
     *
     * @param group rows of one group follow each other, under its name
     * @param label of the row
     * @param mean null for a row without values
     * @param low end of the interval; null for none
     * @param high end of the interval; null for none
     * @param dots single values
     */
    public record Row(String group, String label, Double mean, Double low, Double high, List<Double> dots) {}

    /** Panels share their rows' groups and labels. */
    public record Panel(String title, String axis, List<Row> rows) {}

    /** The picture; panels stand side by side. */
    public static String svg(List<Panel> panels) {
        List<Row> labels = panels.get(0).rows();
        long groups = labels.stream().map(Row::group).distinct().count();
        double height = TOP + (labels.size() + groups) * ROW + BOTTOM;
        double left = 20
                + labels.stream()
                        .mapToDouble(row -> Math.max(
                                Font.PLAIN.widthOf(row.label()),
                                Font.PLAIN.heavy().widthOf(row.group())))
                        .max()
                        .orElse(0);
        Canvas canvas = new Canvas();
        String group = "";
        int y = TOP;
        for (Row row : labels) {
            if (!row.group().equals(group)) {
                group = row.group();
                canvas.text(10, y + 15, Font.PLAIN.heavy(), group);
                y += ROW;
            }
            canvas.text(left - 10, y + 15, Font.PLAIN.end(), row.label());
            y += ROW;
        }
        for (int p = 0; p < panels.size(); p++) {
            Box box = new Box(left + p * (WIDTH + GAP), TOP - 6, WIDTH, height - BOTTOM - TOP + 6);
            draw(canvas, panels.get(p), box);
        }
        return canvas.svg(
                left + panels.size() * (WIDTH + GAP), height, panels.get(0).axis());
    }

    private static void draw(Canvas canvas, Panel panel, Box box) {
        double farthest = panel.rows().stream()
                .flatMap(row -> row.dots().stream())
                .mapToDouble(Math::abs)
                .max()
                .orElse(0);
        // Intervals of few values may be vast; they are cut at one and a half times the farthest.
        double end = 1.5 * Math.max(0.1, farthest);
        Frame frame = new Frame(box, new Scale(Scale.Kind.LINEAR, -end, end), new Scale(Scale.Kind.LINEAR, 0, 1));
        canvas.text(box.middleX(), 20, Font.PLAIN.middle().heavy(), panel.title());
        frame.drawX(canvas, panel.axis());
        canvas.line(frame.x(0), box.y(), frame.x(0), box.bottom(), Pen.line("#444"));
        String group = "";
        double y = TOP;
        int colour = 0;
        for (Row row : panel.rows()) {
            if (!row.group().equals(group)) {
                group = row.group();
                y += ROW;
                colour = 0;
            }
            draw(canvas, row, frame, y + ROW / 2.0, COLOURS[colour++ % COLOURS.length]);
            y += ROW;
        }
    }

    private static void draw(Canvas canvas, Row row, Frame frame, double y, String colour) {
        Pen dot = Pen.fill(colour).opacity(0.5);
        row.dots().forEach(value -> canvas.circle(x(frame, value), y, 3, dot));
        if (row.low() != null) {
            canvas.line(
                    x(frame, row.low()),
                    y,
                    x(frame, row.high()),
                    y,
                    Pen.line(colour).width(1.6));
        }
        if (row.mean() != null) {
            canvas.rectangle(new Box(x(frame, row.mean()) - 4, y - 4, 8, 8), Pen.fill(colour));
        }
    }

    private static double x(Frame frame, double value) {
        return frame.x(Math.max(frame.x().from(), Math.min(frame.x().to(), value)));
    }
}
