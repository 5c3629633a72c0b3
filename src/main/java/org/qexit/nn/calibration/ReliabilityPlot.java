package org.qexit.nn.calibration;

import java.util.List;
import java.util.Locale;
import org.qexit.common.plot.Box;
import org.qexit.common.plot.Canvas;
import org.qexit.common.plot.Font;
import org.qexit.common.plot.Frame;
import org.qexit.common.plot.Path;
import org.qexit.common.plot.Pen;
import org.qexit.common.plot.Scale;

/**
 * Reliability diagrams as one SVG picture, a panel per exit: the share of critical events over the mean confidence of each bin, before
 * (hollow) and after (full) calibration; on the diagonal confidences can be taken at their word. Areas of dots grow with the events in
 * them.
 */
public final class ReliabilityPlot {
    private static final int SIDE = 240;
    private static final int LEFT = 56;
    private static final int TOP = 64;
    private static final int WIDTH = LEFT + SIDE + 24;
    private static final int HEIGHT = TOP + SIDE + 52;
    private static final double SMALLEST = 2.5;
    private static final double LARGEST = 11;
    /** Beyond 0 and 1 there is room for dots that stand on them. */
    private static final Scale SHARE = new Scale(Scale.Kind.LINEAR, -0.05, 1.05);

    private static final Pen FULL = Pen.line("#1f6feb").filled("#1f6feb");
    private static final Pen HOLLOW = Pen.line("#c2410c");

    private ReliabilityPlot() {}

    /**
     * @param before per exit
     * @param after per exit; null where nothing was calibrated
     */
    public static String of(String model, List<Reliability> before, List<Reliability> after) {
        Canvas canvas = new Canvas();
        for (int q = 0; q < before.size(); q++) {
            Frame frame = new Frame(new Box(q * WIDTH + LEFT, TOP, SIDE, SIDE), SHARE, SHARE);
            String title = "Exit " + (q + 1) + ", " + before.get(q).events() + " events";
            canvas.text(frame.box().x(), 20, Font.SMALL.heavy(), title);
            frame.drawX(canvas, "mean confidence \"critical\"");
            frame.drawY(canvas, "share of critical events");
            canvas.line(
                    frame.x(0),
                    frame.y(0),
                    frame.x(1),
                    frame.y(1),
                    Pen.line("#888").dashed("4 3"));
            if (after == null) {
                draw(canvas, frame, 36, before.get(q), FULL);
            } else {
                draw(canvas, frame, 36, before.get(q), HOLLOW);
                draw(canvas, frame, 52, after.get(q), FULL);
            }
        }
        return canvas.svg(WIDTH * before.size(), HEIGHT, "Reliability of " + model);
    }

    private static void draw(Canvas canvas, Frame frame, int y, Reliability exit, Pen pen) {
        canvas.text(
                frame.box().x(),
                y,
                Font.PLAIN.size(10).colour(pen.stroke()),
                String.format(
                        Locale.ROOT,
                        "%s ECE %.2f %%, equal mass %.2f %%, log loss %.4f",
                        pen == FULL ? "●" : "○",
                        100 * exit.ece(),
                        100 * exit.equalMassEce(),
                        exit.logLoss()));
        Path path = new Path();
        exit.bins().forEach(bin -> path.to(frame.x(bin.confidence()), frame.y(bin.critical())));
        canvas.path(path, Pen.line(pen.stroke()).opacity(0.6));
        for (Reliability.Bin bin : exit.bins()) {
            double radius = SMALLEST + (LARGEST - SMALLEST) * Math.sqrt((double) bin.events() / exit.events());
            String about = String.format(
                    Locale.ROOT,
                    "%d events in [%.3f, %.3f]: confidence %.3f, critical %.3f",
                    bin.events(),
                    bin.low(),
                    bin.high(),
                    bin.confidence(),
                    bin.critical());
            canvas.circle(frame.x(bin.confidence()), frame.y(bin.critical()), radius, pen.opacity(0.7), about);
        }
    }
}
