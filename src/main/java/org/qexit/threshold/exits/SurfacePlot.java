package org.qexit.threshold.exits;

import java.util.Locale;
import org.qexit.common.plot.Box;
import org.qexit.common.plot.Canvas;
import org.qexit.common.plot.Font;
import org.qexit.common.plot.Frame;
import org.qexit.common.plot.Pen;
import org.qexit.common.plot.Scale;

/** Draws {@link CostSurface}s: a heat map of the true-positive rate over offload rate and mean cost, with contours, a panel per device. */
public final class SurfacePlot {
    private static final int COLUMNS = 2;
    private static final double WIDTH = 460;
    private static final double HEIGHT = 360;
    private static final double LEFT = 72;
    private static final double TOP = 40;
    private static final double[] CONTOURS = {0.25, 0.5, 0.75, 0.9};

    private final Canvas canvas = new Canvas();
    private int panels;

    /** Adds a device. */
    public void add(String device, CostSurface surface) {
        Box box = new Box(
                panels % COLUMNS * WIDTH + LEFT, panels / COLUMNS * HEIGHT + TOP, WIDTH - LEFT - 20, HEIGHT - TOP - 56);
        panels++;
        String about = ": true-positive rate, " + surface.events() + " events, " + surface.positives() + " critical";
        double room = WIDTH - LEFT - Font.PLAIN.widthOf(about);
        canvas.text(box.x(), box.y() - 18, Font.PLAIN, Font.PLAIN.fitting(device, room) + about);
        double least = surface.costs().get(0).doubleValue();
        double most = surface.costs().get(surface.costs().size() - 1).doubleValue();
        // One exit, or exits of equal cost: a strip.
        Scale costs = new Scale(Scale.Kind.LINEAR, least, most > least ? most : least + 1);
        Frame frame = new Frame(box, new Scale(Scale.Kind.LINEAR, 0, 1), costs);
        for (int i = 0; i < surface.offloads().length; i++) {
            for (int j = 0; j < surface.costs().size(); j++) {
                Box cell = cell(frame, surface, i, j);
                String words = String.format(
                        Locale.ROOT,
                        "at most %d offloads at a mean cost of at most %s: %d of %d",
                        surface.offloads()[i],
                        surface.costs().get(j).toPlainString(),
                        surface.truePositives()[i][j],
                        surface.positives());
                canvas.rectangle(cell, Pen.fill(shade(rate(surface, i, j))), words);
            }
        }
        contours(frame, surface);
        frame.drawX(canvas, "offload rate, at most");
        frame.drawY(canvas, "mean local cost, at most");
        frame.drawEdges(canvas);
    }

    /** A cell begins at its caps: there its value holds, and to the right and above it at least. */
    private static Box cell(Frame frame, CostSurface surface, int i, int j) {
        double x0 = frame.x(share(surface, i));
        double x1 = frame.x(share(surface, Math.min(i + 1, surface.offloads().length - 1)));
        double y0 = frame.y(surface.costs().get(j).doubleValue());
        int above = Math.min(j + 1, surface.costs().size() - 1);
        double y1 = surface.costs().size() == 1
                ? frame.box().y()
                : frame.y(surface.costs().get(above).doubleValue());
        return new Box(x0, y1, Math.max(0, x1 - x0), Math.max(0, y0 - y1));
    }

    private static double share(CostSurface surface, int i) {
        return surface.events() == 0 ? 0 : (double) surface.offloads()[i] / surface.events();
    }

    private static double rate(CostSurface surface, int i, int j) {
        return surface.positives() == 0 ? 0 : (double) surface.truePositives()[i][j] / surface.positives();
    }

    /** Along the edges of cells where the rate passes a level. */
    private void contours(Frame frame, CostSurface surface) {
        for (double level : CONTOURS) {
            Pen pen = Pen.line("#c60").width(level == CONTOURS[CONTOURS.length - 1] ? 2 : 1);
            boolean named = false;
            for (int i = 0; i < surface.offloads().length; i++) {
                for (int j = 0; j < surface.costs().size(); j++) {
                    Box cell = cell(frame, surface, i, j);
                    boolean reached = rate(surface, i, j) >= level;
                    if (reached && (i == 0 || rate(surface, i - 1, j) < level)) {
                        canvas.line(cell.x(), cell.y(), cell.x(), cell.bottom(), pen);
                        if (!named && i < surface.offloads().length - 2) {
                            String text = String.format(Locale.ROOT, "%.0f %%", 100 * level);
                            canvas.text(cell.x() + 3, cell.bottom() - 2, Font.SMALL.colour("#c60"), text);
                            named = true;
                        }
                    }
                    if (reached && j > 0 && rate(surface, i, j - 1) < level) {
                        canvas.line(cell.x(), cell.bottom(), cell.right(), cell.bottom(), pen);
                    }
                }
            }
        }
    }

    /** The more critical events are found, the darker. */
    private static String shade(double rate) {
        return String.format(Locale.ROOT, "hsl(210,80%%,%.0f%%)", 97 - 45 * rate);
    }

    /** The whole picture. */
    public String svg() {
        int rows = Math.max(1, (panels + COLUMNS - 1) / COLUMNS);
        double width = Math.max(1, Math.min(panels, COLUMNS)) * WIDTH;
        return canvas.svg(width, rows * HEIGHT, "True positives by offloads and local cost");
    }
}
