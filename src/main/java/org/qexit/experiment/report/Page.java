package org.qexit.experiment.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.Json;

/**
 * The page in the making: sections in order, chart specifications by name, and the data sets that the charts share. A chart
 * specification is a Vega-Lite file of {@code charts/}, in which a string "$name" stands for a value given here; a string
 * "@name" stands for a colour that the page's style sheet names, and is filled in by the page itself.
 */
final class Page {
    private static final String HOME = "/org/qexit/experiment/report/";

    private final List<Section> sections = new ArrayList<>();
    private final Map<String, Object> data = new LinkedHashMap<>();
    private final Map<String, Object> charts = new LinkedHashMap<>();
    private final Map<String, Object> more = new LinkedHashMap<>();

    record Section(String id, String title, Markup body) {}

    void section(String id, String title, Markup... parts) {
        sections.add(new Section(id, title, Markup.join(parts)));
    }

    List<Section> sections() {
        return List.copyOf(sections);
    }

    /**
     * A data set that charts name; rows are maps from field to value, all with the same fields. The page holds the fields'
     * names once: {"fields": [...], "rows": [[...], ...]}.
     */
    void data(String name, List<Map<String, Object>> rows) {
        Map<String, Object> table = new LinkedHashMap<>();
        List<String> fields =
                rows.isEmpty() ? List.of() : List.copyOf(rows.get(0).keySet());
        table.put("fields", fields);
        List<List<Object>> values = new ArrayList<>(rows.size());
        for (Map<String, Object> row : rows) {
            if (!List.copyOf(row.keySet()).equals(fields)) {
                throw new IllegalStateException(
                        "data set " + name + ": a row has fields " + row.keySet() + "; expected " + fields);
            }
            values.add(new ArrayList<>(row.values()));
        }
        table.put("rows", values);
        data.put(name, table);
    }

    /** A data set that no chart draws, and that the page's scripts read as it is. */
    void island(String name, Object value) {
        more.put(name, value);
    }

    /** What the charts need: their data and their specifications. */
    Map<String, Object> island() {
        Map<String, Object> island = new LinkedHashMap<>();
        island.put("data", data);
        island.put("charts", charts);
        island.putAll(more);
        return island;
    }

    /** A chart with its title, from {@code charts/<spec>.json} with {@code values} in place of "$…". */
    Markup chart(String id, String spec, String title, Map<String, Object> values) {
        charts.put(id, filled(Json.parse(spec, resource("charts/" + spec + ".json"), Object.class), values));
        return Markup.tag(
                "figure",
                Markup.tag("figcaption", Markup.text(title)),
                Markup.trusted("<div class=\"chart\" id=\"chart-" + id + "\" data-chart=\"" + id
                        + "\" role=\"img\" aria-label=\"" + Markup.text(title).html() + "\"></div>"));
    }

    static Markup grid(List<Markup> figures) {
        return Markup.tag("div", "class=\"grid\"", Markup.join(figures));
    }

    static Markup gridOfThree(List<Markup> figures) {
        return Markup.tag("div", "class=\"grid three\"", Markup.join(figures));
    }

    /** A row of selectors; all charts that have a parameter of that name follow. */
    static Markup controls(Map<String, List<String>> parameters) {
        StringBuilder out = new StringBuilder("<div class=\"controls\">");
        parameters.forEach((name, options) -> {
            out.append("<label>").append(Markup.text(capital(name)).html());
            out.append(" <select data-param=\"").append(name).append("\">");
            for (String option : options) {
                String text = Markup.text(option).html();
                out.append("<option value=\"")
                        .append(text)
                        .append("\">")
                        .append(text)
                        .append("</option>");
            }
            out.append("</select></label>");
        });
        return Markup.trusted(out.append("</div>").toString());
    }

    /** A row of a data set from alternating field names and values; a null value stays null in the JSON. */
    static Map<String, Object> row(Object... fieldsAndValues) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < fieldsAndValues.length; i += 2) {
            row.put((String) fieldsAndValues[i], fieldsAndValues[i + 1]);
        }
        return row;
    }

    static Double percent(Double fraction) {
        return fraction == null ? null : Figures.rounded(100 * fraction);
    }

    static String resource(String name) {
        return read(HOME + name);
    }

    static String read(String path) {
        try (InputStream in = Page.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("class path lacks " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private static Object filled(Object node, Map<String, Object> values) {
        if (node instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, value) -> copy.put((String) key, filled(value, values)));
            return copy;
        }
        if (node instanceof List<?> list) {
            return list.stream().map(item -> filled(item, values)).toList();
        }
        if (node instanceof String text && text.startsWith("$")) {
            String name = text.substring(1);
            if (!values.containsKey(name)) {
                throw new IllegalStateException("a chart needs a value for " + text);
            }
            return values.get(name);
        }
        return node;
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
