package org.qexit.experiment.study;

import java.util.List;
import java.util.Locale;
import org.qexit.common.Svg;

/** Differences with their intervals, one row each, as SVG: a dot per seed, the mean and its interval, a line at zero. */
final class ForestPlot {
    private static final int LABELS = 230;
    private static final int WIDTH = 330;
    private static final int GAP = 30;
    private static final int TOP = 44;
    private static final int ROW = 22;
    private static final int BOTTOM = 46;
    private static final String[] COLOURS = {"#1b6ca8", "#c0392b", "#2e8b57", "#8e5ea2"};

    private ForestPlot() {}

    /**
     * @param group rows of one group follow each other, under its name
     * @param label of the row
     * @param low end of the interval; null for none
     * @param high end of the interval; null for none
     * @param dots single values
     */
    record Row(String group, String label, double mean, Double low, Double high, List<Double> dots) {}

    /** Panels share their rows' groups and labels. */
    record Panel(String title, String axis, List<Row> rows) {}

    static String svg(List<Panel> panels) {
        List<Row> labels = panels.get(0).rows();
        long groups = labels.stream().map(Row::group).distinct().count();
        int height = TOP + (int) (labels.size() + groups) * ROW + BOTTOM;
        int width = LABELS + panels.size() * (WIDTH + GAP);
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                width,
                height,
                width,
                height));
        String group = "";
        int y = TOP;
        for (Row row : labels) {
            if (!row.group().equals(group)) {
                group = row.group();
                text(svg, 10, y + 15, "start\" font-weight=\"bold", group);
                y += ROW;
            }
            text(svg, LABELS - 10, y + 15, "end", row.label());
            y += ROW;
        }
        for (int p = 0; p < panels.size(); p++) {
            panel(svg, panels.get(p), LABELS + p * (WIDTH + GAP), height);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void panel(StringBuilder svg, Panel panel, int left, int height) {
        double most = 0.1;
        for (Row row : panel.rows()) {
            for (double dot : row.dots()) {
                most = Math.max(most, Math.abs(dot));
            }
        }
        // Intervals of few seeds may be vast; they are cut at one and a half times the farthest seed.
        double step = step(1.5 * most);
        double end = Math.ceil(1.5 * most / step) * step;
        text(svg, left + WIDTH / 2.0, 20, "middle\" font-weight=\"bold", panel.title());
        int bottom = height - BOTTOM;
        for (int i = (int) Math.round(-end / step); i <= Math.round(end / step); i++) {
            double x = left + WIDTH / 2.0 * (1 + i * step / end);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\"/>%n",
                    x,
                    TOP - 6,
                    x,
                    bottom,
                    i == 0 ? "#444444" : "#e4e4e4"));
            text(svg, x, bottom + 15, "middle", number(i * step));
        }
        text(svg, left + WIDTH / 2.0, bottom + 34, "middle", panel.axis());
        String group = "";
        int y = TOP;
        int colour = 0;
        for (Row row : panel.rows()) {
            if (!row.group().equals(group)) {
                group = row.group();
                y += ROW;
                colour = 0;
            }
            row(svg, row, left, end, y + ROW / 2.0, COLOURS[colour++ % COLOURS.length]);
            y += ROW;
        }
    }

    private static void row(StringBuilder svg, Row row, int left, double end, double y, String colour) {
        for (double dot : row.dots()) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\" fill-opacity=\"0.5\"/>%n",
                    x(dot, left, end),
                    y,
                    colour));
        }
        if (row.low() != null) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"1.6\"/>%n",
                    x(row.low(), left, end),
                    y,
                    x(row.high(), left, end),
                    y,
                    colour));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"8\" height=\"8\" fill=\"%s\"/>%n",
                x(row.mean(), left, end) - 4,
                y - 4,
                colour));
    }

    private static double x(double value, int left, double end) {
        return left + WIDTH / 2.0 * (1 + Math.max(-end, Math.min(end, value)) / end);
    }

    /** About three steps of 1, 2 or 5 times a power of ten to each side. */
    private static double step(double end) {
        double power = Math.pow(10, Math.floor(Math.log10(end / 3)));
        double rough = end / 3 / power;
        return power * (rough < 1.5 ? 1 : rough < 3.5 ? 2 : rough < 7.5 ? 5 : 10);
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value).replaceAll("\\.?0+$", "");
        return text.equals("-0") ? "0" : text.replace("-", "−");
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                Svg.escaped(text)));
    }
}
