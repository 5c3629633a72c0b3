package org.qexit.common.plot;

/** A line through points, straight or in steps. */
public final class Path {
    private final StringBuilder d = new StringBuilder();

    /** Straight on to a point; the first one is where the line begins. */
    public Path to(double x, double y) {
        d.append(d.isEmpty() ? 'M' : 'L').append(Canvas.number(x)).append(' ').append(Canvas.number(y));
        return this;
    }

    /** Level to {@code x}, then up or down to {@code y}; the first point is where the line begins. */
    public Path stepTo(double x, double y) {
        if (d.isEmpty()) {
            return to(x, y);
        }
        d.append('H').append(Canvas.number(x)).append('V').append(Canvas.number(y));
        return this;
    }

    boolean isEmpty() {
        return d.isEmpty();
    }

    @Override
    public String toString() {
        return d.toString();
    }
}
