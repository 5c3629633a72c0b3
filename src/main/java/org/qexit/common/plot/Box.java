package org.qexit.common.plot;

/**
 * A rectangle on a canvas, in pixels.
 *
 * @param x left side
 * @param y upper side
 */
public record Box(double x, double y, double width, double height) {
    public double right() {
        return x + width;
    }

    public double bottom() {
        return y + height;
    }

    public double middleX() {
        return x + width / 2;
    }

    public double middleY() {
        return y + height / 2;
    }
}
