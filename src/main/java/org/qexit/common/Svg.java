package org.qexit.common;

/** What every picture needs that is written as SVG. */
public final class Svg {
    private Svg() {}

    /**
     * Text of any origin, fit for element content and quoted attributes: names and ids come from files, and neither markup nor
     * control characters of theirs reach a picture.
     */
    public static String escaped(String text) {
        return text.replaceAll("\\p{Cntrl}", "?")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
