package org.qexit.nn.calibration;

import java.util.List;
import java.util.Locale;
import org.qexit.common.Svg;

/**
 * Reliability diagrams as one SVG picture, a panel per exit: the share of critical events over the mean confidence of each bin, before (hollow)
 * and after (full) calibration; on the diagonal confidences can be taken at their word. Areas of dots grow with the events in them.
 */
public final class ReliabilityPlot {
    private static final int SIDE = 240;
    private static final int LEFT = 56;
    private static final int TOP = 64;
    private static final int WIDTH = LEFT + SIDE + 24;
    private static final int HEIGHT = TOP + SIDE + 52;
    private static final double SMALLEST = 2.5;
    private static final double LARGEST = 11;
    private static final String FULL = "#1f6feb";
    private static final String HOLLOW = "#c2410c";

    private final StringBuilder svg = new StringBuilder();

    private ReliabilityPlot() {}

    /**
     * @param before per exit
     * @param after per exit; null where nothing was calibrated
     */
    public static String of(String model, List<Reliability> before, List<Reliability> after) {
        return new ReliabilityPlot().draw(model, before, after);
    }

    private String draw(String model, List<Reliability> before, List<Reliability> after) {
        int width = WIDTH * before.size();
        line(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " font-family=\"sans-serif\" font-size=\"11\">",
                width, HEIGHT, width, HEIGHT);
        line("<title>Reliability of %s</title>", Svg.escaped(model));
        line("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", width, HEIGHT);
        for (int q = 0; q < before.size(); q++) {
            line("<g transform=\"translate(%d,0)\">", q * WIDTH);
            text(LEFT, 20, "start", "Exit " + (q + 1) + ", " + before.get(q).events() + " events", true);
            figures(36, after == null ? "\u25cf" : "\u25cb", before.get(q), after == null);
            axes();
            dots(before.get(q), after == null);
            if (after != null) {
                figures(52, "\u25cf", after.get(q), true);
                dots(after.get(q), true);
            }
            line("</g>");
        }
        line("</svg>");
        return svg.toString();
    }

    private void figures(int y, String dot, Reliability exit, boolean full) {
        line(
                "<text x=\"%d\" y=\"%d\" font-size=\"10\" fill=\"%s\">%s ECE %.2f %%, equal mass %.2f %%, log loss %.4f</text>",
                LEFT, y, full ? FULL : HOLLOW, dot, 100 * exit.ece(), 100 * exit.equalMassEce(), exit.logLoss());
    }

    private void axes() {
        for (int i = 0; i <= 4; i++) {
            double share = i / 4.0;
            line(
                    "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#e4e4e4\"/>",
                    x(share), TOP, x(share), TOP + SIDE);
            line(
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#e4e4e4\"/>",
                    LEFT, y(share), LEFT + SIDE, y(share));
            text(x(share), TOP + SIDE + 16, "middle", String.format(Locale.ROOT, "%.2f", share), false);
            text(LEFT - 6, y(share) + 4, "end", String.format(Locale.ROOT, "%.2f", share), false);
        }
        line(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#888\" stroke-dasharray=\"4 3\"/>",
                x(0), y(0), x(1), y(1));
        text(LEFT + SIDE / 2.0, TOP + SIDE + 36, "middle", "mean confidence \"critical\"", false);
        line(
                "<text transform=\"translate(14,%.1f) rotate(-90)\" text-anchor=\"middle\">share of critical events</text>",
                TOP + SIDE / 2.0);
    }

    private void dots(Reliability exit, boolean full) {
        StringBuilder path = new StringBuilder();
        exit.bins()
                .forEach(bin -> path.append(path.isEmpty() ? 'M' : 'L')
                        .append(String.format(Locale.ROOT, "%.1f %.1f", x(bin.confidence()), y(bin.critical()))));
        String colour = full ? FULL : HOLLOW;
        line("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1\" stroke-opacity=\"0.6\"/>", path, colour);
        for (Reliability.Bin bin : exit.bins()) {
            double radius = SMALLEST + (LARGEST - SMALLEST) * Math.sqrt((double) bin.events() / exit.events());
            line(
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\" fill-opacity=\"0.7\" stroke=\"%s\"><title>%d events in"
                            + " [%.3f, %.3f]: confidence %.3f, critical %.3f</title></circle>",
                    x(bin.confidence()),
                    y(bin.critical()),
                    radius,
                    full ? colour : "none",
                    colour,
                    bin.events(),
                    bin.low(),
                    bin.high(),
                    bin.confidence(),
                    bin.critical());
        }
    }

    private static double x(double share) {
        return LEFT + SIDE * share;
    }

    private static double y(double share) {
        return TOP + SIDE * (1 - share);
    }

    private void text(double x, double y, String anchor, String text, boolean bold) {
        line(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>",
                x, y, anchor, bold ? " font-weight=\"bold\"" : "", Svg.escaped(text));
    }

    private void line(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
