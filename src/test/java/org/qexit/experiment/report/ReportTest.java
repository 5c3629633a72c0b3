package org.qexit.experiment.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Json;
import org.qexit.trace.DeviceTrace;

/** The page as a browser would take it apart: scripts, the data island, and the rest, which must hold nothing foreign. */
class ReportTest {
    private static final Pattern SCRIPT = Pattern.compile("<script([^>]*)>(.*?)</script", Pattern.DOTALL);

    private static String plain;
    private static String hostile;

    @BeforeAll
    static void pages() {
        plain = Report.html(SyntheticReport.of(7));
        hostile = Report.html(SyntheticReport.hostile(7));
    }

    @Test
    void theSameDataGiveTheSameBytes(@TempDir Path folder) throws Exception {
        Report.write(folder.resolve("a/report.html"), SyntheticReport.of(7));
        Report.write(folder.resolve("b.html"), SyntheticReport.of(7));
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("a/report.html")), Files.readAllBytes(folder.resolve("b.html")));
        assertTrue(Files.size(folder.resolve("b.html")) < 2_500_000, "size " + Files.size(folder.resolve("b.html")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBrowserSeesSixScriptsAndNoMore(boolean foreignNames) {
        String page = foreignNames ? hostile : plain;
        List<String> scripts = scripts(page);
        assertEquals(6, scripts.size());
        // "<!--" followed by "<script" would change where a script element ends.
        scripts.forEach(s -> assertFalse(s.contains("<!--")));
        assertTrue(page.strip().endsWith("</body>\n</html>"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theMarkupHoldsNoElementOrAttributeThatFetchesOrRuns(boolean foreignNames) {
        String markup = SCRIPT.matcher(foreignNames ? hostile : plain).replaceAll("");
        TreeSet<String> attributes = new TreeSet<>();
        Matcher tags = Pattern.compile("<([a-z][a-z0-9]*)((?:\\s+[a-z-]+(?:=\"[^\"<>]*\")?)*)\\s*>")
                .matcher(markup);
        int found = 0;
        while (tags.find()) {
            found++;
            assertFalse(
                    List.of("img", "link", "iframe", "object", "embed", "base", "form", "b\"")
                            .contains(tags.group(1)),
                    tags.group());
            Matcher attribute = Pattern.compile("([a-z-]+)(?:=\"([^\"]*)\")?").matcher(tags.group(2));
            while (attribute.find()) {
                attributes.add(attribute.group(1));
                if (attribute.group(1).equals("href")) {
                    assertTrue(attribute.group(2).startsWith("#"), tags.group());
                }
            }
        }
        // Each "<" that is not escaped starts a tag that was looked at, an end tag, or the doctype.
        long starts = Pattern.compile("<(?![/!])").matcher(markup).results().count();
        assertEquals(starts, found);
        assertFalse(attributes.stream().anyMatch(a -> a.startsWith("on") || a.equals("src")), attributes.toString());
        assertFalse(markup.contains("url("));
        assertFalse(Pattern.compile("https?:").matcher(markup).find());
    }

    @Test
    void thePolicyAllowsExactlyItsOwnScripts() throws Exception {
        Matcher policy = Pattern.compile("http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"")
                .matcher(plain);
        assertTrue(policy.find());
        assertTrue(policy.group(1).startsWith("default-src 'none'; script-src 'sha256-"));
        assertFalse(policy.group(1).contains("unsafe-eval"));
        List<String> allowed = new ArrayList<>();
        Matcher hash = Pattern.compile("'sha256-([^']+)'").matcher(policy.group(1));
        while (hash.find()) {
            allowed.add(hash.group(1));
        }
        List<String> present = new ArrayList<>();
        Matcher script = SCRIPT.matcher(plain);
        while (script.find()) {
            if (script.group(1).isEmpty()) {
                byte[] digest = MessageDigest.getInstance("SHA-256")
                        .digest(script.group(2).getBytes(StandardCharsets.UTF_8));
                present.add(Base64.getEncoder().encodeToString(digest));
            }
        }
        assertEquals(present, allowed);
        assertFalse(plain.contains("sourceMappingURL"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyChartOfThePageHasAFilledSpecificationAndItsData(boolean foreignNames) {
        String page = foreignNames ? hostile : plain;
        Map<?, ?> island = island(page);
        Map<?, ?> charts = (Map<?, ?>) island.get("charts");
        Map<?, ?> data = (Map<?, ?>) island.get("data");
        TreeSet<String> drawn = new TreeSet<>();
        Matcher chart = Pattern.compile("data-chart=\"([^\"]+)\"").matcher(page);
        while (chart.find()) {
            drawn.add(chart.group(1));
        }
        assertEquals(new TreeSet<Object>(charts.keySet()), new TreeSet<Object>(drawn));
        assertEquals(22, drawn.size());
        charts.forEach((id, spec) -> dataNames(spec)
                .forEach(
                        name -> assertTrue(!rows(data, name).isEmpty() || name.startsWith("plane"), id + ": " + name)));
        assertFalse(Json.compact(charts).contains("\"$"), "a placeholder was left");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void undefinedIsAWordAndNeverANumber(boolean foreignNames) {
        String page = foreignNames ? hostile : plain;
        String text = SCRIPT.matcher(page).replaceAll("");
        assertFalse(Pattern.compile("NaN|Infinity|\\bnull\\b").matcher(text).find());
        assertFalse(Pattern.compile("NaN|Infinity")
                .matcher(Json.compact(island(page)))
                .find());
        assertTrue(text.contains("data-undefined=\"\">undefined<"));
        assertTrue(text.contains("<span class=\"status no\">infeasible</span>"));
        assertTrue(text.contains(">never<"));
    }

    /** Bit by bit, so that the page's counts are the run's. */
    @Test
    void thePageHoldsTheEventsThatItTriesThresholdsOn() {
        ReportData data = SyntheticReport.hostile(7);
        Map<?, ?> events = (Map<?, ?>) island(hostile).get("events");
        Map<?, ?> rules = (Map<?, ?>) island(hostile).get("rules");
        int looked = 0;
        for (WhatIf.ScoreRow row : data.whatIf().scores()) {
            Map<?, ?> model = (Map<?, ?>) events.get(row.model());
            Map<?, ?> device = (Map<?, ?>)
                    ((Map<?, ?>) model.get("devices")).get(row.trace().device());
            Map<?, ?> part = (Map<?, ?>) device.get(row.split());
            FloatBuffer scores = ByteBuffer.wrap(Base64.getDecoder().decode((String) part.get("scores")))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            for (float[] exit : row.trace().scores()) {
                for (int k = 0; k < exit.length; k++) {
                    assertEquals(exit[k], scores.get());
                    assertEquals('0' + row.trace().labels()[k], ((String) part.get("labels")).charAt(k));
                }
            }
            assertFalse(scores.hasRemaining());
            assertEquals(2, ((List<?>) device.get("corners")).size());
            looked++;
        }
        assertEquals(2 * 8 * 2, looked);
        Decisions.ThresholdRow never = data.decisions().thresholds().get(6);
        Map<?, ?> rule = (Map<?, ?>)
                ((Map<?, ?>) ((Map<?, ?>) rules.get(never.model())).get(never.method())).get(never.device());
        assertEquals(List.of("never", "never", "never"), rule.get("upper"));
        assertEquals("pair", rule.get("kind"));
    }

    @Test
    void ofMoreEventsThanAPageCanHoldTheFirstAreKept() {
        int events = 300_000;
        DeviceTrace trace = new DeviceTrace("ue1", new long[events], new byte[events], new float[2][events]);
        WhatIf most = new WhatIf(
                List.of(
                        new WhatIf.ScoreRow("m", ReportData.TEST, trace),
                        new WhatIf.ScoreRow("m", ReportData.VALIDATION, trace)),
                List.of(),
                List.of());
        assertEquals(1.0 / 3, most.share(), 1e-12);
        assertEquals(1, SyntheticReport.of(7).whatIf().share());
    }

    @Test
    void foreignNamesReachThePageAsText() {
        String name = "&lt;/script&gt;&lt;script&gt;window.hacked=1&lt;/script&gt;&lt;img src=x "
                + "onerror=window.hacked=1&gt;&amp;&#39;&quot;1";
        assertTrue(hostile.contains("<option value=\"" + name + "\">" + name + "</option>"));
        assertTrue(hostile.contains("<th scope=\"row\">" + name + "</th>"));
        List<?> device = (List<?>)
                rows((Map<?, ?>) island(hostile).get("data"), "devices").get(0);
        assertEquals(SyntheticReport.hostile(7).cell().devices().get(0).id(), device.get(0));
    }

    @Test
    void whyThereIsNoPlanIsToldOnceForAllPlansThatItHoldsFor() {
        ReportData data = SyntheticReport.of(7);
        List<Decisions.PlanRow> plans = data.decisions().plans().stream()
                .map(p -> new Decisions.PlanRow(
                        p.model(), p.method(), "infeasible", null, null, null, null, null, "en3 is too small"))
                .toList();
        String page = Report.html(new ReportData(
                data.facts(),
                data.headline(),
                data.models(),
                new Confidences(List.of(), List.of()),
                data.cell(),
                new Decisions(plans, List.of(), List.of(), List.of()),
                List.of(),
                List.of()));
        String text = SCRIPT.matcher(page).replaceAll("");
        assertEquals(2, text.split("en3 is too small", -1).length);
        String plansNamed = plans.stream()
                .map(p -> p.model() + ", " + p.method())
                .reduce((a, b) -> a + "; " + b)
                .orElseThrow();
        assertTrue(text.contains("<b>" + plansNamed + ": </b>"), plansNamed);
    }

    @Test
    void anEmptyRunIsStillAPage() {
        ReportData data = SyntheticReport.of(7);
        Confidences none = new Confidences(List.of(), List.of());
        ReportData bare = new ReportData(
                new RunFacts("Nothing", "empty.yaml", 0, List.of(), Map.of(), List.of(), null),
                "There was nothing to decide.",
                List.of(),
                none,
                new Cell(List.of(), List.of()),
                new Decisions(List.of(), List.of(), List.of(), List.of()),
                List.of(),
                List.of());
        String page = Report.html(bare);
        assertFalse(page.contains("data-chart=\""));
        assertTrue(page.contains("There was nothing to decide."));

        // Decided, but not yet tried on any event.
        String untried = Report.html(new ReportData(
                data.facts(),
                data.headline(),
                data.models(),
                none,
                data.cell(),
                new Decisions(data.decisions().plans(), List.of(), List.of(), List.of()),
                List.of(),
                List.of()));
        assertFalse(SCRIPT.matcher(untried).replaceAll("").contains("NaN"));
        assertTrue(untried.contains("data-chart=\"glance\""));
    }

    private static List<String> scripts(String page) {
        List<String> bodies = new ArrayList<>();
        Matcher script = SCRIPT.matcher(page);
        while (script.find()) {
            bodies.add(script.group(2));
        }
        return bodies;
    }

    private static Map<?, ?> island(String page) {
        return Json.parse("island", scripts(page).get(0), Map.class);
    }

    private static List<?> rows(Map<?, ?> data, String name) {
        Map<?, ?> table = (Map<?, ?>) data.get(name);
        List<?> rows = table == null ? List.of() : (List<?>) table.get("rows");
        rows.forEach(row ->
                assertEquals(((List<?>) table.get("fields")).size(), ((List<?>) row).size(), "fields of " + name));
        return rows;
    }

    private static TreeSet<String> dataNames(Object node) {
        TreeSet<String> names = new TreeSet<>();
        if (node instanceof Map<?, ?> map) {
            if (map.get("data") instanceof Map<?, ?> data && data.get("name") instanceof String name) {
                names.add(name);
            }
            map.values().forEach(v -> names.addAll(dataNames(v)));
        } else if (node instanceof List<?> list) {
            list.forEach(v -> names.addAll(dataNames(v)));
        }
        return names;
    }
}
