package org.qexit.common.plot;

/**
 * Where the values of a plot are on its canvas, and the grid and numbers around them.
 *
 * @param box the values' rectangle; numbers and names stand outside it
 * @param x along it, from the left
 * @param y along it, from the bottom
 */
public record Frame(Box box, Scale x, Scale y) {
    /** Shades that stay behind the data. */
    private static final Pen GRID = Pen.line("#e2e2e2");

    private static final Pen EDGE = Pen.line("#444");

    public double x(double value) {
        return box.x() + box.width() * x.share(value);
    }

    public double y(double value) {
        return box.bottom() - box.height() * y.share(value);
    }

    /** Lines and numbers along x, with what they mean below. */
    public void drawX(Canvas canvas, String name) {
        for (double tick : x.ticks()) {
            canvas.line(x(tick), box.y(), x(tick), box.bottom(), GRID);
            canvas.text(x(tick), box.bottom() + 16, Font.SMALL.middle(), x.label(tick));
        }
        canvas.text(box.middleX(), box.bottom() + 36, Font.PLAIN.middle(), name);
    }

    /** Lines and numbers along y, with what they mean beside them; "" for nothing. */
    public void drawY(Canvas canvas, String name) {
        for (double tick : y.ticks()) {
            canvas.line(box.x(), y(tick), box.right(), y(tick), GRID);
            canvas.text(box.x() - 6, y(tick) + 4, Font.SMALL.end(), y.label(tick));
        }
        canvas.text(
                box.x() - labelWidth(y) - 14, box.middleY(), Font.PLAIN.middle().turned(-90), name);
    }

    /** A line at the left and at the bottom. */
    public void drawEdges(Canvas canvas) {
        canvas.path(new Path().to(box.x(), box.y()).to(box.x(), box.bottom()).to(box.right(), box.bottom()), EDGE);
    }

    /** Room that the numbers of a y axis and its name need. */
    static double margin(Scale y) {
        return labelWidth(y) + 30;
    }

    private static double labelWidth(Scale scale) {
        return scale.ticks().stream()
                .mapToDouble(tick -> Font.SMALL.widthOf(scale.label(tick)))
                .max()
                .orElse(0);
    }
}
