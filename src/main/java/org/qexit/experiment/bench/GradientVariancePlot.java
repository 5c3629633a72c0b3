package org.qexit.experiment.bench;

import java.util.List;
import java.util.Locale;
import org.qexit.experiment.bench.GradientVariance.Cell;
import org.qexit.experiment.bench.GradientVariance.Measured;
import org.qexit.experiment.bench.GradientVariance.Start;

/**
 * Mean gradient variances over the number of qubits as an SVG picture, logarithmic: a panel for each observable and start, a line per
 * depth.
 */
public final class GradientVariancePlot {
    private static final int WIDTH = 440;
    private static final int HEIGHT = 330;
    private static final int LEFT = 62;
    private static final int TOP = 40;
    private static final int SIDE_X = WIDTH - LEFT - 90;
    private static final int SIDE_Y = HEIGHT - TOP - 50;
    private static final String[] COLOURS = {"#1b6ca8", "#d1495b", "#2e933c", "#8a4fbf", "#c27c0e", "#3a3a3a", "#1aa6a6"
    };

    private final GradientVariance.Report report;
    private final StringBuilder svg = new StringBuilder();
    private final List<Integer> depths;
    private final int least;
    private final int most;
    /** Decades. */
    private final int bottom;

    private final int top;

    private GradientVariancePlot(GradientVariance.Report report) {
        this.report = report;
        this.depths =
                report.cells().stream().map(c -> c.at().layers()).distinct().toList();
        this.least =
                report.cells().stream().mapToInt(c -> c.at().qubits()).min().orElse(1);
        this.most = Math.max(
                least + 1,
                report.cells().stream().mapToInt(c -> c.at().qubits()).max().orElse(2));
        this.bottom = (int) Math.floor(report.cells().stream()
                .filter(c -> c.mean() > 0)
                .mapToDouble(c -> Math.log10(c.mean()))
                .min()
                .orElse(-1));
        this.top = Math.max(bottom + 1, (int) Math.ceil(report.cells().stream()
                .filter(c -> c.mean() > 0)
                .mapToDouble(c -> Math.log10(c.mean()))
                .max()
                .orElse(0)));
    }

    /** The picture of a report. */
    public static String svg(GradientVariance.Report report) {
        GradientVariancePlot plot = new GradientVariancePlot(report);
        for (Measured measured : Measured.values()) {
            for (Start start : Start.values()) {
                plot.panel(measured, start);
            }
        }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + 2 * WIDTH + "\" height=\"" + 2 * HEIGHT
                + "\" viewBox=\"0 0 " + 2 * WIDTH + " " + 2 * HEIGHT
                + "\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
                + plot.svg + "</svg>\n";
    }

    private void panel(Measured measured, Start start) {
        add("<g transform=\"translate(%d,%d)\">", start.ordinal() * WIDTH, measured.ordinal() * HEIGHT);
        String title = (measured == Measured.LOCAL ? "Z of one qubit" : "Z of all qubits")
                + (start == Start.UNIFORM ? ", uniform angles" : ", angles as models start");
        text(LEFT, 22, "start", title);
        axes();
        List<Cell> cells = report.cells().stream()
                .filter(c -> c.at().observable() == measured && c.at().start() == start && c.mean() > 0)
                .toList();
        reference(cells);
        for (int d = 0; d < depths.size(); d++) {
            int layers = depths.get(d);
            String colour = COLOURS[d % COLOURS.length];
            StringBuilder path = new StringBuilder();
            for (Cell cell :
                    cells.stream().filter(c -> c.at().layers() == layers).toList()) {
                path.append(String.format(
                        Locale.ROOT,
                        "%s%.1f %.1f",
                        path.isEmpty() ? "M" : "L",
                        x(cell.at().qubits()),
                        y(cell.mean())));
                add(
                        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.6\" fill=\"%s\"/>",
                        x(cell.at().qubits()), y(cell.mean()), colour);
            }
            if (!path.isEmpty()) {
                add("<path d=\"%s\" stroke=\"%s\" fill=\"none\" stroke-width=\"1.5\"/>", path, colour);
            }
            int at = TOP + 8 + 18 * d;
            add("<path d=\"M%d %d h16\" stroke=\"%s\" stroke-width=\"2\"/>", LEFT + SIDE_X + 8, at, colour);
            text(LEFT + SIDE_X + 28, at + 4, "start", layers + (layers == 1 ? " layer" : " layers"));
        }
        int at = TOP + 8 + 18 * depths.size();
        add("<path d=\"M%d %d h16\" stroke=\"#777\" stroke-dasharray=\"4 3\"/>", LEFT + SIDE_X + 8, at);
        text(LEFT + SIDE_X + 28, at + 4, "start", "2^-n");
        add("</g>");
    }

    private void axes() {
        add(
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#444\"/>",
                LEFT, TOP, SIDE_X, SIDE_Y);
        int every = Math.max(1, (top - bottom + 5) / 6);
        for (int decade = bottom; decade <= top; decade += every) {
            double at = y(Math.pow(10, decade));
            add("<path d=\"M%d %.1f h%d\" stroke=\"#ddd\"/>", LEFT, at, SIDE_X);
            text(LEFT - 6, at + 4, "end", decade == 0 ? "1" : "1e" + decade);
        }
        int step = Math.max(1, (most - least + 6) / 7);
        for (int n = least; n <= most; n += step) {
            text(x(n), TOP + SIDE_Y + 16, "middle", String.valueOf(n));
        }
        text(LEFT + SIDE_X / 2.0, TOP + SIDE_Y + 36, "middle", "qubits n");
        add(
                "<text transform=\"translate(16,%d) rotate(-90)\" text-anchor=\"middle\">mean variance of a derivative</text>",
                TOP + SIDE_Y / 2);
    }

    /** 2^-n from the largest variance at the fewest qubits on. */
    private void reference(List<Cell> cells) {
        double from = cells.stream()
                .filter(c -> c.at().qubits() == least)
                .mapToDouble(Cell::mean)
                .max()
                .orElse(Double.NaN);
        if (from > 0) {
            double lowest = Math.max(Math.pow(10, bottom), from * Math.pow(2, least - most));
            double end = least + (Math.log(from) - Math.log(lowest)) / Math.log(2);
            add(
                    "<path d=\"M%.1f %.1f L%.1f %.1f\" stroke=\"#777\" stroke-dasharray=\"4 3\"/>",
                    x(least), y(from), x(end), y(lowest));
        }
    }

    private double x(double qubits) {
        return LEFT + 10 + (SIDE_X - 20) * (qubits - least) / (most - least);
    }

    private double y(double variance) {
        return TOP + SIDE_Y * (top - Math.log10(variance)) / (top - bottom);
    }

    private void text(double x, double y, String anchor, String text) {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, text);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
