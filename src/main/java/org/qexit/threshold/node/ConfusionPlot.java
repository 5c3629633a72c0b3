package org.qexit.threshold.node;

import java.util.List;
import org.qexit.common.plot.Box;
import org.qexit.common.plot.Canvas;
import org.qexit.common.plot.Font;
import org.qexit.common.plot.Pen;

/** Draws a joint confusion matrix: a row per true class, a column per answer, shaded by the share of the row's events. */
public final class ConfusionPlot {
    private static final double LEFT = 130;
    private static final double TOP = 96;
    private static final double CELL_WIDTH = 78;
    private static final double CELL_HEIGHT = 30;
    private static final double MARGIN = 14;
    private static final int TEXT = 12;

    private ConfusionPlot() {}

    /** The picture as SVG. */
    public static String svg(ChainFigures figures) {
        Canvas canvas = new Canvas();
        List<String> answers = figures.answers();
        for (int a = 0; a < answers.size(); a++) {
            canvas.text(
                    LEFT + (a + 0.5) * CELL_WIDTH,
                    TOP - 8,
                    Font.of(TEXT).turned(-30),
                    shortened(answers.get(a)));
        }
        for (int c = 0; c < figures.classes().size(); c++) {
            double y = TOP + c * CELL_HEIGHT;
            boolean critical = figures.critical().contains(c);
            canvas.text(
                    LEFT - 8,
                    y + CELL_HEIGHT / 2 + TEXT / 3.0,
                    critical ? Font.of(TEXT).end().heavy() : Font.of(TEXT).end(),
                    shortened(figures.classes().get(c)));
            row(canvas, figures, c, y);
        }
        double width = LEFT + answers.size() * CELL_WIDTH + 4 * MARGIN;
        double height = TOP + figures.classes().size() * CELL_HEIGHT + MARGIN;
        return canvas.svg(width, height, "Joint confusion matrix: rows are true classes, critical ones bold");
    }

    private static void row(Canvas canvas, ChainFigures figures, int trueClass, double y) {
        List<Long> counts = figures.counts().get(trueClass);
        long events = counts.stream().mapToLong(Long::longValue).sum();
        for (int a = 0; a < counts.size(); a++) {
            double share = events == 0 ? 0 : counts.get(a) / (double) events;
            double x = LEFT + a * CELL_WIDTH;
            canvas.rectangle(
                    new Box(x, y, CELL_WIDTH - 2, CELL_HEIGHT - 2),
                    Pen.fill(shade(share)),
                    figures.classes().get(trueClass) + ", " + figures.answers().get(a) + ": " + counts.get(a) + " of "
                            + events);
            Font font = Font.of(TEXT).middle();
            canvas.text(
                    x + CELL_WIDTH / 2 - 1,
                    y + CELL_HEIGHT / 2 + TEXT / 3.0,
                    share > 0.5 ? font.in("#fff") : font,
                    Long.toString(counts.get(a)));
        }
    }

    /** From near white to dark blue, in proportion. */
    private static String shade(double share) {
        int red = (int) Math.round(240 - 216 * share);
        int green = (int) Math.round(244 - 164 * share);
        int blue = (int) Math.round(248 - 98 * share);
        return String.format(java.util.Locale.ROOT, "#%02x%02x%02x", red, green, blue);
    }

    private static String shortened(String name) {
        return name.length() <= 18 ? name : name.substring(0, 17) + "…";
    }
}
