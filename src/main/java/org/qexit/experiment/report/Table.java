package org.qexit.experiment.report;

import java.util.ArrayList;
import java.util.List;

/** A table in a box of its own that scrolls sideways, so that the page never does. The first column stays in view. */
public final class Table {
    private final String caption;
    private final List<String> head = new ArrayList<>();
    private final List<Boolean> numeric = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();

    public Table(String caption) {
        this.caption = caption;
    }

    public Table text(String... titles) {
        return columns(false, titles);
    }

    public Table numbers(String... titles) {
        return columns(true, titles);
    }

    private Table columns(boolean number, String... titles) {
        for (String title : titles) {
            head.add(title);
            numeric.add(number);
        }
        return this;
    }

    /** One cell per column; a {@link Markup} goes in as it is, anything else as escaped text. */
    public void row(Object... cells) {
        if (cells.length != head.size()) {
            throw new IllegalStateException(cells.length + " cells for " + head.size() + " columns");
        }
        body.append("<tr>");
        for (int i = 0; i < cells.length; i++) {
            Markup cell = cells[i] instanceof Markup m ? m : Markup.text(String.valueOf(cells[i]));
            String tag = i == 0 ? "th" : "td";
            body.append('<').append(tag);
            if (i == 0) {
                body.append(" scope=\"row\"");
            } else if (numeric.get(i)) {
                body.append(" class=\"n\"");
            }
            if (!(cells[i] instanceof Markup) && Figures.UNDEFINED.equals(cells[i])) {
                body.append(" data-undefined=\"\"");
            }
            body.append('>').append(cell.html()).append("</").append(tag).append('>');
        }
        body.append("</tr>\n");
    }

    /** A rate with its interval under it, for a cell. */
    static Object rate(Interval rate) {
        return rate.defined()
                ? Markup.join(
                        Markup.text(Figures.percent(rate.value())),
                        Markup.tag("small", Markup.text(Figures.range(rate))))
                : Figures.UNDEFINED;
    }

    public Markup markup() {
        StringBuilder out = new StringBuilder("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(Markup.text(caption).html())
                .append("\"><table><thead><tr>");
        for (int i = 0; i < head.size(); i++) {
            out.append("<th scope=\"col\"")
                    .append(numeric.get(i) ? " class=\"n\">" : ">")
                    .append(Markup.text(head.get(i)).html())
                    .append("</th>");
        }
        return Markup.trusted(out.append("</tr></thead><tbody>\n")
                .append(body)
                .append("</tbody></table></div>")
                .toString());
    }
}
