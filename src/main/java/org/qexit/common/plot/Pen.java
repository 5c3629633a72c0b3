package org.qexit.common.plot;

/**
 * How a mark is drawn.
 *
 * @param stroke colour of its line, or "none"
 * @param fill colour of its inside, or "none"
 * @param width of the line, pixels
 * @param dashes lengths drawn and left out, such as "4 3", or "none"
 * @param opacity 1 covers what is beneath
 */
public record Pen(String stroke, String fill, double width, String dashes, double opacity) {
    /** A line of one pixel. */
    public static Pen line(String colour) {
        return new Pen(colour, "none", 1, "none", 1);
    }

    /** An area without a line around it. */
    public static Pen fill(String colour) {
        return new Pen("none", colour, 1, "none", 1);
    }

    public Pen width(double pixels) {
        return new Pen(stroke, fill, pixels, dashes, opacity);
    }

    public Pen dashed(String lengths) {
        return new Pen(stroke, fill, width, lengths, opacity);
    }

    public Pen filled(String colour) {
        return new Pen(stroke, colour, width, dashes, opacity);
    }

    public Pen opacity(double share) {
        return new Pen(stroke, fill, width, dashes, share);
    }

    String attributes() {
        StringBuilder text = new StringBuilder(" fill=\"" + fill + "\"");
        if (!stroke.equals("none")) {
            text.append(" stroke=\"").append(stroke).append('"');
            text.append(width == 1 ? "" : " stroke-width=\"" + Canvas.number(width) + "\"");
            text.append(dashes.equals("none") ? "" : " stroke-dasharray=\"" + dashes + "\"");
        }
        return text.append(opacity == 1 ? "" : " opacity=\"" + Canvas.number(opacity) + "\"")
                .toString();
    }
}
