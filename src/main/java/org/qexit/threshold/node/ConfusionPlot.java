package org.qexit.threshold.node;

import java.util.List;
import java.util.Locale;
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
    private static final double TEXT = Font.PLAIN.size();

    private ConfusionPlot() {}

    /** The picture as SVG. */
    public static String svg(ChainFigures figures) {
        Canvas canvas = new Canvas();
        List<String> answers = figures.answers();
        for (int a = 0; a < answers.size(); a++) {
            canvas.text(
                    LEFT + (a + 0.5) * CELL_WIDTH,
                    TOP - 8,
                    Font.PLAIN.turned(-30),
                    Font.PLAIN.fitting(answers.get(a), LEFT));
        }
        for (int c = 0; c < figures.classes().size(); c++) {
            double y = TOP + c * CELL_HEIGHT;
            boolean critical = figures.critical().contains(c);
            canvas.text(
                    LEFT - 8,
                    y + CELL_HEIGHT / 2 + TEXT / 3,
                    critical ? Font.PLAIN.end().heavy() : Font.PLAIN.end(),
                    Font.PLAIN.fitting(figures.classes().get(c), LEFT - 8));
            row(canvas, figures, c, y);
        }
        double width = LEFT + answers.size() * CELL_WIDTH + LEFT - CELL_WIDTH;
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
            Font font = Font.PLAIN.middle();
            canvas.text(
                    x + CELL_WIDTH / 2 - 1,
                    y + CELL_HEIGHT / 2 + TEXT / 3,
                    share > 0.5 ? font.colour("#fff") : font,
                    Long.toString(counts.get(a)));
        }
    }

    /** From near white to dark blue, in proportion. */
    private static String shade(double share) {
        int red = (int) Math.round(240 - 216 * share);
        int green = (int) Math.round(244 - 164 * share);
        int blue = (int) Math.round(248 - 98 * share);
        return String.format(Locale.ROOT, "#%02x%02x%02x", red, green, blue);
    }
}
