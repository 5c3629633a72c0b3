package org.qexit.common.plot;

/**
 * How text is set.
 *
 * @param size pixels
 * @param anchor which part of the text stands at its point
 * @param bold heavy letters
 * @param colour of the letters
 * @param degrees turned clockwise around its point
 */
public record Font(double size, Anchor anchor, boolean bold, String colour, double degrees) {
    /** Which part of a text stands at its point. */
    public enum Anchor {
        START,
        MIDDLE,
        END
    }

    /** Twelve pixels, from its point on. */
    public static final Font PLAIN = new Font(12, Anchor.START, false, "#000", 0);

    /** Numbers and names at axes and in legends. */
    public static final Font SMALL = PLAIN.size(11);

    /** Sans-serif letters are on average this share of their size wide; a little more, so that nothing is cut. */
    private static final double WIDTH_OF_LETTER = 0.58;

    private static final double WIDTH_OF_BOLD = 0.63;

    public Font size(double pixels) {
        return new Font(pixels, anchor, bold, colour, degrees);
    }

    public Font middle() {
        return new Font(size, Anchor.MIDDLE, bold, colour, degrees);
    }

    public Font end() {
        return new Font(size, Anchor.END, bold, colour, degrees);
    }

    public Font heavy() {
        return new Font(size, anchor, true, colour, degrees);
    }

    public Font colour(String other) {
        return new Font(size, anchor, bold, other, degrees);
    }

    public Font turned(double clockwise) {
        return new Font(size, anchor, bold, colour, clockwise);
    }

    /** About the pixels that a text takes, rather too many than too few. */
    public double widthOf(String text) {
        return text.length() * size * (bold ? WIDTH_OF_BOLD : WIDTH_OF_LETTER);
    }

    /** The text, or its beginning and "…" where it would be wider than {@code pixels}. */
    public String fitting(String text, double pixels) {
        int most = (int) Math.max(1, pixels / widthOf("x"));
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }
}
