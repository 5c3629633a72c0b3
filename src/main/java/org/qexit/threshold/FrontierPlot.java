package org.qexit.threshold;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.qexit.common.Svg;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/**
 * Frontiers as an SVG picture: for each device the staircase of true-positive rate over offload rate, its concave envelope, and
 * the chosen step. A device with few distinct scores also gets the plane of (l, u), each cell with its counts.
 */
public final class FrontierPlot {
    private static final int WIDTH = 460;
    private static final int HEIGHT = 360;
    private static final int LEFT = 56;
    private static final int TOP = 44;
    private static final int SIDE_X = WIDTH - LEFT - 20;
    private static final int SIDE_Y = HEIGHT - TOP - 48;
    /** More gaps than this leave no room for the counts in the cells of the plane. */
    private static final int MOST_GAPS = 13;

    private final StringBuilder svg = new StringBuilder();
    private int panels;

    /** Number of panels so far. */
    public int panels() {
        return panels;
    }

    /**
     * Adds a device.
     *
     * @param budget offloads allowed, or null
     * @param chosen the chosen point, or null
     */
    public void add(DeviceTrace trace, Frontier frontier, Long budget, Point chosen) {
        float[] scores = distinct(trace);
        if (scores.length <= MOST_GAPS) {
            begin(
                    trace.device() + ": true positives / false positives for each (l, u)",
                    "lower threshold l",
                    "upper threshold u");
            plane(trace, scores, budget, chosen);
            end();
        }
        String size = trace.device() + ": " + trace.size() + " events, " + trace.positives() + " critical";
        begin(size, "offload rate (TP+FP)/K", "true-positive rate TP/|P|");
        ticks();
        if (trace.positives() == 0) {
            text(LEFT + SIDE_X / 2.0, TOP + SIDE_Y / 2.0, "middle", "no critical events: undefined");
        } else {
            staircase(frontier, budget, chosen);
        }
        end();
    }

    /** The whole picture. */
    public String svg() {
        int columns = Math.min(2, Math.max(1, panels));
        int rows = Math.max(1, (panels + columns - 1) / columns);
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + columns * WIDTH + "\" height=\"" + rows * HEIGHT
                + "\" viewBox=\"0 0 " + columns * WIDTH + " " + rows * HEIGHT
                + "\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
                + svg + "</svg>\n";
    }

    private void begin(String title, String x, String y) {
        svg.append(String.format(
                Locale.ROOT, "<g transform=\"translate(%d,%d)\">\n", panels % 2 * WIDTH, panels / 2 * HEIGHT));
        panels++;
        text(LEFT, 24, "start", title);
        text(LEFT + SIDE_X / 2.0, HEIGHT - 12, "middle", x);
        svg.append(String.format(
                Locale.ROOT,
                "<text transform=\"translate(16,%d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n",
                TOP + SIDE_Y / 2,
                Svg.escaped(y)));
    }

    private void end() {
        svg.append("</g>\n");
    }

    private void ticks() {
        rectangle(LEFT, TOP, SIDE_X, SIDE_Y, "none", "#444");
        for (int i = 0; i <= 4; i++) {
            String label = i % 4 == 0 ? String.valueOf(i / 4) : String.valueOf(i / 4.0);
            text(x(i / 4.0), TOP + SIDE_Y + 16, "middle", label);
            text(LEFT - 6, y(i / 4.0) + 4, "end", label);
            svg.append(String.format(
                    Locale.ROOT,
                    "<path d=\"M%.1f %d v%d M%d %.1f h%d\" stroke=\"#ddd\" fill=\"none\"/>\n",
                    x(i / 4.0),
                    TOP,
                    SIDE_Y,
                    LEFT,
                    y(i / 4.0),
                    SIDE_X));
        }
    }

    private void staircase(Frontier frontier, Long budget, Point chosen) {
        double events = frontier.events();
        double positives = frontier.positives();
        StringBuilder path = new StringBuilder();
        double lastX = Double.NEGATIVE_INFINITY;
        double lastY = 0;
        List<Frontier.Step> steps = frontier.steps();
        for (int i = 0; i < steps.size(); i++) {
            double x = x(steps.get(i).offloads() / events);
            double y = y(steps.get(i).truePositives() / positives);
            // Corners closer than a tenth of a pixel cannot be told apart.
            if (i == 0) {
                path.append(String.format(Locale.ROOT, "M%.1f %.1f", x, y));
            } else if (Math.abs(x - lastX) + Math.abs(y - lastY) >= 0.1 || i == steps.size() - 1) {
                path.append(String.format(Locale.ROOT, "H%.1fV%.1f", x, y));
            } else {
                continue;
            }
            lastX = x;
            lastY = y;
        }
        path.append(String.format(Locale.ROOT, "H%.1f", x(1)));
        StringBuilder hull = new StringBuilder();
        for (Frontier.Step step : frontier.envelope()) {
            hull.append(String.format(
                    Locale.ROOT,
                    "%s%.1f %.1f",
                    hull.isEmpty() ? "M" : "L",
                    x(step.offloads() / events),
                    y(step.truePositives() / positives)));
        }
        line(hull.toString(), "#c60", "4 3");
        line(path.toString(), "#06c", "none");
        if (budget != null) {
            double x = x(Math.min(1, budget / events));
            line(String.format(Locale.ROOT, "M%.1f %d V%d", x, TOP, TOP + SIDE_Y), "#888", "2 3");
        }
        if (chosen != null) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#c00\"/>\n",
                    x(chosen.offloads() / events),
                    y(chosen.truePositives() / positives)));
        }
        text(x(1) - 6, y(0) - 24, "end", "blue: exact staircase, orange: concave envelope");
        if (chosen != null) {
            text(x(1) - 6, y(0) - 8, "end", "grey: budget, red: chosen");
        }
    }

    /** One cell for each pair of gaps; gap i lies under the score i, the last one above all scores. */
    private void plane(DeviceTrace trace, float[] scores, Long budget, Point chosen) {
        int gaps = scores.length + 1;
        double w = SIDE_X / (double) gaps;
        double h = SIDE_Y / (double) gaps;
        for (int l = 0; l < gaps; l++) {
            for (int u = l; u < gaps; u++) {
                Thresholds pair =
                        new Thresholds(l == 0 ? 0 : scores[l - 1], u == scores.length ? Thresholds.NEVER : scores[u]);
                Confusion c = Confusion.of(trace, pair);
                boolean allowed = budget == null || c.offloads() <= budget;
                double shade = trace.positives() == 0 ? 0 : c.truePositives() / (double) trace.positives();
                String fill = allowed ? String.format(Locale.ROOT, "hsl(210,80%%,%.0f%%)", 97 - 45 * shade) : "#ddd";
                boolean best = chosen != null
                        && c.truePositives() == chosen.truePositives()
                        && c.falsePositives() == chosen.falsePositives();
                double x = LEFT + l * w;
                double y = TOP + SIDE_Y - (u + 1) * h;
                rectangle(x, y, w, h, fill, best ? "#c00" : "#fff");
                svg.append(String.format(
                        Locale.ROOT,
                        "<text x=\"%.1f\" y=\"%.1f\" font-size=\"9\" text-anchor=\"middle\"%s>%d/%d</text>\n",
                        x + w / 2,
                        y + h / 2 + 3,
                        best ? " font-weight=\"bold\" fill=\"#c00\"" : allowed ? "" : " fill=\"#999\"",
                        c.truePositives(),
                        c.falsePositives()));
            }
        }
        for (int i = 0; i < scores.length; i++) {
            String label = String.format(Locale.ROOT, "%.3g", scores[i]).replaceFirst("0+$", "");
            text(LEFT + (i + 1) * w, TOP + SIDE_Y + 14, "middle", label);
            text(LEFT - 4, TOP + SIDE_Y - (i + 1) * h + 4, "end", label);
        }
        text(LEFT - 4, TOP + h / 2 + 4, "end", "never");
        if (budget != null) {
            text(LEFT + SIDE_X, TOP + SIDE_Y - 22, "end", "grey: more than " + budget + " offloads");
        }
        if (chosen != null) {
            text(LEFT + SIDE_X, TOP + SIDE_Y - 6, "end", "red: chosen counts");
        }
    }

    private static float[] distinct(DeviceTrace trace) {
        TreeSet<Float> values = new TreeSet<>();
        for (float[] exit : trace.scores()) {
            for (float c : exit) {
                if (c > 0) {
                    values.add(c);
                }
                if (values.size() > MOST_GAPS) {
                    return new float[MOST_GAPS + 1];
                }
            }
        }
        float[] scores = new float[values.size()];
        int i = 0;
        for (float value : values) {
            scores[i++] = value;
        }
        return scores;
    }

    private static double x(double rate) {
        return LEFT + SIDE_X * rate;
    }

    private static double y(double rate) {
        return TOP + SIDE_Y * (1 - rate);
    }

    private void line(String path, String colour, String dashes) {
        svg.append("<path d=\"")
                .append(path)
                .append("\" fill=\"none\" stroke=\"")
                .append(colour);
        svg.append("\" stroke-width=\"1.5\" stroke-dasharray=\"").append(dashes).append("\"/>\n");
    }

    private void rectangle(double x, double y, double width, double height, String fill, String stroke) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\" stroke=\"%s\"/>\n",
                x,
                y,
                width,
                height,
                fill,
                stroke));
    }

    private void text(double x, double y, String anchor, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
                x,
                y,
                anchor,
                Svg.escaped(text)));
    }
}
