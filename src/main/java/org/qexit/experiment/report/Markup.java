package org.qexit.experiment.report;

import java.util.List;

/** A piece of HTML that is safe to put into the page: whatever text enters it is escaped on the way in. */
public record Markup(String html) {
    public static final Markup NOTHING = new Markup("");

    /** Text of any origin, escaped for element content and quoted attributes. */
    public static Markup text(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                // Control characters are no text in HTML.
                default -> out.append(c < ' ' && c != '\n' && c != '\t' ? '\uFFFD' : c);
            }
        }
        return new Markup(out.toString());
    }

    /** HTML written by this package; never holds text from outside. */
    public static Markup trusted(String html) {
        return new Markup(html);
    }

    /** {@code <name attributes>children</name>}; attributes are trusted, without the leading space. */
    public static Markup tag(String name, String attributes, Markup... children) {
        StringBuilder out = new StringBuilder("<").append(name);
        if (!attributes.isEmpty()) {
            out.append(' ').append(attributes);
        }
        out.append('>');
        for (Markup child : children) {
            out.append(child.html);
        }
        return new Markup(out.append("</").append(name).append('>').toString());
    }

    public static Markup tag(String name, Markup... children) {
        return tag(name, "", children);
    }

    public static Markup join(List<Markup> parts) {
        StringBuilder out = new StringBuilder();
        parts.forEach(p -> out.append(p.html).append('\n'));
        return new Markup(out.toString());
    }

    public static Markup join(Markup... parts) {
        return join(List.of(parts));
    }

    /** A paragraph that says how to read what stands above it. */
    public static Markup caption(String trustedHtml) {
        return tag("p", "class=\"caption\"", trusted(trustedHtml));
    }
}
