package org.qexit.threshold;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.qexit.common.plot.Box;
import org.qexit.common.plot.Canvas;
import org.qexit.common.plot.Font;
import org.qexit.common.plot.Frame;
import org.qexit.common.plot.Path;
import org.qexit.common.plot.Pen;
import org.qexit.common.plot.Scale;
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
    private static final int COLUMNS = 2;
    /** More gaps than this leave no room for the counts in the cells of the plane. */
    private static final int MOST_GAPS = 13;

    private static final Scale RATE = new Scale(Scale.Kind.LINEAR, 0, 1);
    private static final String CHOSEN = "#c00";

    private final Canvas canvas = new Canvas();
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
            Box box = panel(trace.device(), ": true positives / false positives for each (l, u)");
            canvas.text(box.middleX(), box.bottom() + 36, Font.PLAIN.middle(), "lower threshold l");
            canvas.text(box.x() - 40, box.middleY(), Font.PLAIN.middle().turned(-90), "upper threshold u");
            plane(box, trace, scores, budget, chosen);
        }
        Box box = panel(trace.device(), ": " + trace.size() + " events, " + trace.positives() + " critical");
        Frame frame = new Frame(box, RATE, RATE);
        frame.drawX(canvas, "offload rate (TP+FP)/K");
        frame.drawY(canvas, "true-positive rate TP/|P|");
        frame.drawEdges(canvas);
        if (trace.positives() == 0) {
            canvas.text(box.middleX(), box.middleY(), Font.PLAIN.middle(), "no critical events: undefined");
        } else {
            staircase(frame, frontier, budget, chosen);
        }
    }

    /** The whole picture. */
    public String svg() {
        int rows = Math.max(1, (panels + COLUMNS - 1) / COLUMNS);
        return canvas.svg(Math.max(1, Math.min(panels, COLUMNS)) * WIDTH, rows * HEIGHT, "Threshold frontiers");
    }

    /** Begins the next panel; of a long name of a device its beginning must do. */
    private Box panel(String device, String title) {
        Box box = new Box(
                panels % COLUMNS * WIDTH + LEFT, panels / COLUMNS * HEIGHT + TOP, WIDTH - LEFT - 20, HEIGHT - TOP - 48);
        panels++;
        double room = WIDTH - LEFT - Font.PLAIN.widthOf(title);
        canvas.text(box.x(), box.y() - 20, Font.PLAIN, Font.PLAIN.fitting(device, room) + title);
        return box;
    }

    private void staircase(Frame frame, Frontier frontier, Long budget, Point chosen) {
        double events = frontier.events();
        double positives = frontier.positives();
        Path hull = new Path();
        for (Frontier.Step step : frontier.envelope()) {
            hull.to(frame.x(step.offloads() / events), frame.y(step.truePositives() / positives));
        }
        canvas.path(hull, Pen.line("#c60").width(1.5).dashed("4 3"));
        canvas.path(corners(frame, frontier), Pen.line("#06c").width(1.5));
        if (budget != null) {
            double x = frame.x(Math.min(1, budget / events));
            canvas.line(
                    x,
                    frame.box().y(),
                    x,
                    frame.box().bottom(),
                    Pen.line("#888").width(1.5).dashed("2 3"));
        }
        legend(frame, 24, "blue: exact staircase, orange: concave envelope");
        if (chosen != null) {
            canvas.circle(
                    frame.x(chosen.offloads() / events),
                    frame.y(chosen.truePositives() / positives),
                    4,
                    Pen.fill(CHOSEN));
            legend(frame, 8, "grey: budget, red: chosen");
        }
    }

    /** Words at the lower right, on white so that no line strikes them through. */
    private void legend(Frame frame, double above, String words) {
        double width = Font.PLAIN.widthOf(words);
        double y = frame.y(0) - above;
        canvas.rectangle(new Box(frame.x(1) - 6 - width, y - 12, width, 16), Pen.fill("#fff"));
        canvas.text(frame.x(1) - 6, y, Font.PLAIN.end(), words);
    }

    private static Path corners(Frame frame, Frontier frontier) {
        Path path = new Path();
        double lastX = Double.NEGATIVE_INFINITY;
        double lastY = 0;
        List<Frontier.Step> steps = frontier.steps();
        for (int i = 0; i < steps.size(); i++) {
            double x = frame.x((double) steps.get(i).offloads() / frontier.events());
            double y = frame.y((double) steps.get(i).truePositives() / frontier.positives());
            // Corners closer than a tenth of a pixel cannot be told apart.
            if (Math.abs(x - lastX) + Math.abs(y - lastY) >= 0.1 || i == steps.size() - 1) {
                path.stepTo(x, y);
                lastX = x;
                lastY = y;
            }
        }
        return path.stepTo(frame.x(1), lastY);
    }

    /** One cell for each pair of gaps; gap i lies under the score i, the last one above all scores. */
    private void plane(Box box, DeviceTrace trace, float[] scores, Long budget, Point chosen) {
        int gaps = scores.length + 1;
        double w = box.width() / gaps;
        double h = box.height() / gaps;
        for (int l = 0; l < gaps; l++) {
            for (int u = l; u < gaps; u++) {
                Thresholds pair =
                        new Thresholds(l == 0 ? 0 : scores[l - 1], u == scores.length ? Thresholds.NEVER : scores[u]);
                Confusion c = Confusion.of(trace, pair);
                boolean allowed = budget == null || c.offloads() <= budget;
                boolean best = chosen != null
                        && c.truePositives() == chosen.truePositives()
                        && c.falsePositives() == chosen.falsePositives();
                Box cell = new Box(box.x() + l * w, box.bottom() - (u + 1) * h, w, h);
                canvas.rectangle(cell, Pen.line(best ? CHOSEN : "#fff").filled(allowed ? shade(trace, c) : "#ddd"));
                Font font = Font.PLAIN.size(9).middle().colour(allowed ? "#000" : "#999");
                canvas.text(
                        cell.middleX(),
                        cell.middleY() + 3,
                        best ? font.heavy().colour(CHOSEN) : font,
                        c.truePositives() + "/" + c.falsePositives());
            }
        }
        for (int i = 0; i < scores.length; i++) {
            String label = String.format(Locale.ROOT, "%.3g", scores[i]).replaceFirst("0+$", "");
            canvas.text(box.x() + (i + 1) * w, box.bottom() + 14, Font.SMALL.middle(), label);
            canvas.text(box.x() - 4, box.bottom() - (i + 1) * h + 4, Font.SMALL.end(), label);
        }
        canvas.text(box.x() - 4, box.y() + h / 2 + 4, Font.SMALL.end(), "never");
        if (budget != null) {
            canvas.text(box.right(), box.bottom() - 22, Font.PLAIN.end(), "grey: more than " + budget + " offloads");
        }
        if (chosen != null) {
            canvas.text(box.right(), box.bottom() - 6, Font.PLAIN.end(), "red: chosen counts");
        }
    }

    /** The more critical events a cell finds, the darker it is. */
    private static String shade(DeviceTrace trace, Confusion c) {
        double found = trace.positives() == 0 ? 0 : c.truePositives() / (double) trace.positives();
        return String.format(Locale.ROOT, "hsl(210,80%%,%.0f%%)", 97 - 45 * found);
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
}
