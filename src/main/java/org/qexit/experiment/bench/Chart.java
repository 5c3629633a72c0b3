package org.qexit.experiment.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.qexit.common.Svg;

/** Panels of lines and points side by side as one SVG picture, for the figures of studies. */
final class Chart {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 360;
    private static final int LEFT = 64;
    private static final int TOP = 40;
    /** Room for the legend. */
    private static final int RIGHT = 140;

    private static final int BOTTOM = 74;
    /** Okabe and Ito's palette, which colour-blind readers can tell apart. */
    private static final String[] COLOURS = {
        "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999"
    };

    private final List<Panel> panels = new ArrayList<>();

    /**
     * One set of points.
     *
     * @param name in the legend
     * @param x {@code [point]}
     * @param y {@code [point]}
     * @param line whether points are joined, in their order
     */
    record Series(String name, double[] x, double[] y, boolean line) {}

    /**
     * One panel.
     *
     * @param title above it
     * @param xLabel with unit
     * @param yLabel with unit
     * @param logX decades on x
     * @param logY decades on y
     * @param xNames names at whole values of x instead of numbers, or empty
     * @param series in the order of the legend
     */
    record Panel(
            String title,
            String xLabel,
            String yLabel,
            boolean logX,
            boolean logY,
            Map<Integer, String> xNames,
            List<Series> series) {}

    void add(Panel panel) {
        panels.add(panel);
    }

    String svg() {
        StringBuilder svg = new StringBuilder();
        int width = WIDTH * panels.size();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\""
                        + " fill=\"white\"/>%n",
                width,
                HEIGHT,
                width,
                HEIGHT));
        for (int i = 0; i < panels.size(); i++) {
            svg.append(String.format(Locale.ROOT, "<g transform=\"translate(%d,0)\">%n", i * WIDTH));
            new Drawing(panels.get(i), svg).draw();
            svg.append("</g>\n");
        }
        return svg.append("</svg>\n").toString().replace("\r\n", "\n");
    }

    /** Scales and marks of one panel. */
    private static final class Drawing {
        private final Panel panel;
        private final StringBuilder svg;
        private double x0 = Double.POSITIVE_INFINITY;
        private double x1 = Double.NEGATIVE_INFINITY;
        private double y0 = Double.POSITIVE_INFINITY;
        private double y1 = Double.NEGATIVE_INFINITY;

        Drawing(Panel panel, StringBuilder svg) {
            this.panel = panel;
            this.svg = svg;
            for (Series series : panel.series()) {
                for (int i = 0; i < series.x().length; i++) {
                    if (shown(series, i)) {
                        double x = scaled(series.x()[i], panel.logX());
                        double y = scaled(series.y()[i], panel.logY());
                        x0 = Math.min(x0, x);
                        x1 = Math.max(x1, x);
                        y0 = Math.min(y0, y);
                        y1 = Math.max(y1, y);
                    }
                }
            }
            if (x0 > x1) {
                x0 = x1 = y0 = y1 = 0;
            }
            double padX = panel.xNames().isEmpty() ? 0.03 * (x1 - x0) : 0.5;
            double padY = 0.05 * (y1 - y0);
            x0 -= padX + (x0 == x1 ? 0.5 : 0);
            x1 += padX + (padX == 0 ? 0.5 : 0);
            y1 += padY + (y0 == y1 ? 0.5 : 0);
            y0 -= padY + (padY == 0 ? 0.5 : 0);
        }

        private boolean shown(Series series, int i) {
            return Double.isFinite(scaled(series.x()[i], panel.logX()))
                    && Double.isFinite(scaled(series.y()[i], panel.logY()));
        }

        private static double scaled(double value, boolean log) {
            return log ? Math.log10(value) : value;
        }

        private double px(double x) {
            return LEFT + (scaled(x, panel.logX()) - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT);
        }

        private double py(double y) {
            return HEIGHT - BOTTOM - (scaled(y, panel.logY()) - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM);
        }

        void draw() {
            text(LEFT, 22, "start", "14", panel.title());
            text(LEFT + (WIDTH - LEFT - RIGHT) / 2.0, HEIGHT - 10, "middle", "12", panel.xLabel());
            svg.append(String.format(
                    Locale.ROOT,
                    "<text transform=\"translate(16,%d) rotate(-90)\" text-anchor=\"middle\">%s</text>%n",
                    TOP + (HEIGHT - TOP - BOTTOM) / 2,
                    Svg.escaped(panel.yLabel())));
            axes();
            for (int s = 0; s < panel.series().size(); s++) {
                marks(panel.series().get(s), COLOURS[s % COLOURS.length]);
            }
            legend();
        }

        private void axes() {
            for (double y : ticks(y0, y1, panel.logY())) {
                line(LEFT, py(y), WIDTH - RIGHT, py(y), "#dddddd");
                text(LEFT - 6, py(y) + 4, "end", "11", number(y));
            }
            if (panel.xNames().isEmpty()) {
                for (double x : ticks(x0, x1, panel.logX())) {
                    line(px(x), HEIGHT - BOTTOM, px(x), HEIGHT - BOTTOM + 4, "#444444");
                    text(px(x), HEIGHT - BOTTOM + 18, "middle", "11", number(x));
                }
            } else {
                panel.xNames().forEach((x, name) -> {
                    svg.append(String.format(
                            Locale.ROOT,
                            "<text transform=\"translate(%.1f,%d) rotate(-18)\" text-anchor=\"end\""
                                    + " font-size=\"11\">%s</text>%n",
                            px(x) + 10,
                            HEIGHT - BOTTOM + 14,
                            Svg.escaped(name)));
                });
            }
            line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, "#444444");
            line(LEFT, TOP, LEFT, HEIGHT - BOTTOM, "#444444");
        }

        /** Decades, with 2 and 5 between them where there are few; else multiples of a round step. */
        private static List<Double> ticks(double from, double to, boolean log) {
            List<Double> ticks = new ArrayList<>();
            if (log) {
                double[] inner = to - from < 2.5 ? new double[] {1, 2, 5} : new double[] {1};
                for (int e = (int) Math.floor(from); e <= to; e++) {
                    for (double m : inner) {
                        double at = e + Math.log10(m);
                        if (at >= from && at <= to) {
                            ticks.add(m * Math.pow(10, e));
                        }
                    }
                }
                return ticks;
            }
            double raw = (to - from) / 5;
            double power = Math.pow(10, Math.floor(Math.log10(raw)));
            double step = raw / power < 1.5
                    ? power
                    : raw / power < 3.5 ? 2 * power : raw / power < 7.5 ? 5 * power : 10 * power;
            for (double at = Math.ceil(from / step) * step; at <= to + 1e-9 * step; at += step) {
                ticks.add(Math.abs(at) < 1e-9 * step ? 0 : at);
            }
            return ticks;
        }

        private static String number(double value) {
            String plain = String.format(Locale.ROOT, "%.4g", value);
            return Double.toString(Double.parseDouble(plain))
                    .replaceAll("\\.0$", "")
                    .replaceAll("\\.0E", "E");
        }

        private void marks(Series series, String colour) {
            StringBuilder path = new StringBuilder();
            for (int i = 0; i < series.x().length; i++) {
                if (shown(series, i)) {
                    double x = px(series.x()[i]);
                    double y = py(series.y()[i]);
                    path.append(String.format(Locale.ROOT, "%s%.1f %.1f", path.length() == 0 ? "M" : " L", x, y));
                    svg.append(String.format(
                            Locale.ROOT,
                            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%s\" fill=\"%s\" fill-opacity=\"0.75\"/>%n",
                            x,
                            y,
                            series.line() ? "2.2" : "3.2",
                            colour));
                }
            }
            if (series.line() && path.length() > 0) {
                svg.append(String.format(
                        Locale.ROOT,
                        "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\"/>%n",
                        path,
                        colour));
            }
        }

        private void legend() {
            TreeSet<String> seen = new TreeSet<>();
            int row = 0;
            for (int s = 0; s < panel.series().size(); s++) {
                String name = panel.series().get(s).name();
                if (!name.isEmpty() && seen.add(name)) {
                    double y = TOP + 8 + 15 * row++;
                    svg.append(String.format(
                            Locale.ROOT,
                            "<circle cx=\"%d\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>%n",
                            WIDTH - RIGHT + 14,
                            y,
                            COLOURS[s % COLOURS.length]));
                    text(WIDTH - RIGHT + 22, y + 4, "start", "11", name);
                }
            }
        }

        private void line(double xa, double ya, double xb, double yb, String colour) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
                    xa,
                    ya,
                    xb,
                    yb,
                    colour));
        }

        private void text(double x, double y, String anchor, String size, String content) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%s\">%s</text>%n",
                    x,
                    y,
                    anchor,
                    size,
                    Svg.escaped(content)));
        }
    }
}
