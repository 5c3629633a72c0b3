package org.qexit.common.plot;

import java.util.Locale;

/** An SVG picture in the making: marks in pixels from the upper left corner, later ones above earlier ones. */
public final class Canvas {
    private final StringBuilder svg = new StringBuilder();

    /**
     * The whole picture on white.
     *
     * @param title what it shows, for readers who cannot see it
     */
    public String svg(double width, double height, String title) {
        String size = "width=\"" + number(width) + "\" height=\"" + number(height) + "\"";
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" " + size + " viewBox=\"0 0 " + number(width) + " "
                + number(height) + "\" font-family=\"sans-serif\">\n<title>" + escaped(title) + "</title>\n<rect "
                + size
                + " fill=\"white\"/>\n" + svg + "</svg>\n";
    }

    public void line(double x0, double y0, double x1, double y1, Pen pen) {
        path(new Path().to(x0, y0).to(x1, y1), pen);
    }

    /** Draws a line, unless it has no points. */
    public void path(Path path, Pen pen) {
        if (!path.isEmpty()) {
            svg.append("<path d=\"").append(path).append('"').append(pen.attributes());
            svg.append("/>\n");
        }
    }

    public void rectangle(Box box, Pen pen) {
        rectangle(box, pen, null);
    }

    /** @param about shown where the pointer rests on it, or null */
    public void rectangle(Box box, Pen pen, String about) {
        svg.append("<rect x=\"").append(number(box.x())).append("\" y=\"").append(number(box.y()));
        svg.append("\" width=\"").append(number(box.width())).append("\" height=\"");
        svg.append(number(box.height())).append('"').append(pen.attributes());
        close("rect", about);
    }

    public void circle(double x, double y, double radius, Pen pen) {
        circle(x, y, radius, pen, null);
    }

    /** @param about shown where the pointer rests on it, or null */
    public void circle(double x, double y, double radius, Pen pen, String about) {
        svg.append("<circle cx=\"").append(number(x)).append("\" cy=\"").append(number(y));
        svg.append("\" r=\"").append(number(radius)).append('"').append(pen.attributes());
        close("circle", about);
    }

    /** Writes text of any origin; {@code y} is its base line. */
    public void text(double x, double y, Font font, String text) {
        svg.append(
                font.degrees() == 0
                        ? "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\""
                        : "<text transform=\"translate(" + number(x) + "," + number(y) + ") rotate("
                                + number(font.degrees()) + ")\"");
        svg.append(" font-size=\"").append(number(font.size())).append('"');
        if (font.anchor() != Font.Anchor.START) {
            svg.append(" text-anchor=\"").append(font.anchor().name().toLowerCase(Locale.ROOT));
            svg.append('"');
        }
        svg.append(font.bold() ? " font-weight=\"bold\"" : "");
        svg.append(font.colour().equals("#000") ? "" : " fill=\"" + font.colour() + "\"");
        svg.append('>').append(escaped(text)).append("</text>\n");
    }

    private void close(String element, String about) {
        svg.append(about == null ? "/>\n" : "><title>" + escaped(about) + "</title></" + element + ">\n");
    }

    /** A hundredth of a pixel is finer than any screen. */
    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value).replaceFirst("\\.?0+$", "");
        return text.equals("-0") ? "0" : text;
    }

    /** Names and ids come from files: neither markup nor control characters of theirs reach a picture. */
    private static String escaped(String text) {
        return text.replaceAll("\\p{Cntrl}", "?")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
