package org.qexit.experiment.report;

import static org.qexit.experiment.report.Markup.tag;
import static org.qexit.experiment.report.Markup.text;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.Version;

/**
 * The report of a run as one HTML page. The page holds everything it needs (styles, data, the chart libraries) and may fetch
 * nothing: its content security policy allows exactly its own scripts, by their hashes. The same data give the same bytes.
 */
public final class Report {
    private static final List<String> LIBRARIES = List.of("vega", "vega-lite", "vega-embed");

    private Report() {}

    /** Writes the page, atomically. */
    public static void write(Path file, ReportData data) {
        AtomicFiles.writeString(file, html(data));
    }

    static String html(ReportData data) {
        Page page = new Page();
        View view = new View(data);
        OverviewSection.add(page, view);
        TrainingSection.add(page, view);
        ThresholdSections.addConfidences(page, view);
        ThresholdSections.addFrontier(page, view);
        WhatIfSection.add(page, view);
        FlowSection.add(page, view);
        PlacementSection.add(page, view);
        FairnessSection.add(page, view);
        CostSection.add(page, view);
        EdgeNodeSection.add(page, view);
        data.more().forEach(section -> page.section(section.id(), section.title(), section.body()));
        ModelsSection.add(page, view);
        DetailsSection.add(page, view);
        OriginSection.add(page, view);

        List<String> scripts = new ArrayList<>();
        LIBRARIES.forEach(name -> scripts.add(library(name)));
        scripts.add(script(Page.resource("report.js")));
        scripts.add(script(Page.resource("explore.js")));

        StringBuilder out = new StringBuilder(1 << 20);
        out.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        out.append("<meta http-equiv=\"Content-Security-Policy\" content=\"")
                .append(policy(scripts))
                .append("\">\n");
        out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        out.append(tag("title", text(data.facts().title())).html()).append('\n');
        out.append("<style>\n").append(Page.resource("report.css")).append("</style>\n</head>\n<body>\n");
        out.append(head(data, page.sections()).html());
        out.append("<main>\n");
        for (Page.Section section : page.sections()) {
            out.append(tag("section", "id=\"" + section.id() + "\"", tag("h2", text(section.title())), section.body())
                            .html())
                    .append('\n');
        }
        out.append("</main>\n");
        out.append(tag("footer", text("Made by qexit " + Version.current() + ". This page fetches nothing."))
                .html());
        out.append("\n<script type=\"application/json\" id=\"report-data\">")
                .append(island(page.island()))
                .append("</script>\n");
        scripts.forEach(script -> out.append("<script>").append(script).append("</script>\n"));
        return out.append("</body>\n</html>\n").toString();
    }

    private static Markup head(ReportData data, List<Page.Section> sections) {
        List<Markup> top = new ArrayList<>();
        top.add(tag(
                "p",
                "class=\"eyebrow\"",
                text("qexit run · " + data.facts().configName() + " · seed "
                        + Long.toString(data.facts().seed()))));
        top.add(tag("h1", text(data.facts().title())));
        top.add(tag("p", "class=\"headline\"", text(data.headline())));
        if (!data.facts().notes().isEmpty()) {
            List<Markup> notes = data.facts().notes().stream()
                    .map(note -> tag("li", text(note)))
                    .toList();
            top.add(tag("ul", "class=\"notes\"", Markup.join(notes)));
        }
        top.add(Markup.trusted(
                "<noscript><p class=\"noscript\">The charts need JavaScript; all tables are here without it."
                        + "</p></noscript>"));
        List<Markup> links = sections.stream()
                .map(s -> tag("li", tag("a", "href=\"#" + s.id() + "\"", text(shortened(s)))))
                .toList();
        return Markup.join(
                tag("header", "class=\"top\"", Markup.join(top)),
                tag("nav", "aria-label=\"Sections\"", tag("ul", Markup.join(links))));
    }

    /** Titles are sentences; the bar of links has room for a word. */
    private static String shortened(Page.Section section) {
        String id = section.id();
        return id.equals("whatif")
                ? "What if?"
                : Character.toUpperCase(id.charAt(0)) + id.substring(1).replace('-', ' ');
    }

    /** JSON inside a script element: "&lt;" would let "&lt;/script" or "&lt;!--" end or change it. */
    static String island(Object value) {
        return Json.compact(value)
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    private static String library(String name) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Page.read("/META-INF/maven/org.webjars/" + name + "/pom.properties")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String version = properties.getProperty("version");
        return script(Page.read("/META-INF/resources/webjars/" + name + "/" + version + "/" + name + ".min.js"));
    }

    /** JavaScript that may stand inside a script element; the source-map comment would make developer tools fetch. */
    private static String script(String source) {
        return source.replaceAll("(?i)</(script)", "<\\\\/$1")
                .replace("<!--", "<\\!--")
                .replaceAll("(?m)^//# sourceMappingURL=.*$", "")
                .strip();
    }

    /** The style sheet of reports. */
    public static String style() {
        return Page.resource("report.css");
    }

    /** The script that plays a simulation back. */
    public static String playbackScript() {
        return script(Page.resource("playback.js"));
    }

    /** A content security policy under which a page runs these scripts and fetches nothing. */
    public static String policy(List<String> scripts) {
        StringBuilder policy = new StringBuilder("default-src 'none'; script-src");
        scripts.forEach(s -> policy.append(" 'sha256-").append(sha256(s)).append('\''));
        // Vega sets styles of its own; exported pictures are data or blob addresses.
        return policy.append("; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'")
                .toString();
    }

    private static String sha256(String script) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
