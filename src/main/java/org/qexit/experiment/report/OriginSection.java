package org.qexit.experiment.report;

import static org.qexit.experiment.report.Markup.tag;
import static org.qexit.experiment.report.Markup.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.Version;

/** Terms, provenance, and how to make the same report again. */
final class OriginSection {
    private static final List<String[]> TERMS = List.of(
            new String[] {"TPR", "true-positive rate: critical events called critical, of all critical events"},
            new String[] {"FPR", "false-positive rate: normal events called critical, of all normal events"},
            new String[] {"CAR", "classification accuracy: events called by their true class, of all events"},
            new String[] {"OFR", "offload rate: events called critical, and so sent to a node, of all events"},
            new String[] {"U", "utility of a device: its true-positive rate"},
            new String[] {
                "l, u", "the device’s lower and upper confidence thresholds; “never” for u: no event is ever critical"
            },
            new String[] {
                "proportionally fair",
                "maximises Σ ρ ln U over devices: no change gains more, in relative terms, than it costs"
            },
            new String[] {"Jain’s index", "(Σ U)² / (n Σ U²): 1 if all n utilities are alike, 1/n if one device has all"
            });

    private OriginSection() {}

    static void add(Page page, View view) {
        ReportData data = view.data();
        List<Markup> parts = new ArrayList<>();
        Table table = new Table("Provenance").text("What", "Value");
        Map<String, String> own = new LinkedHashMap<>();
        own.put("qexit", Version.current());
        own.put("configuration", data.facts().configName());
        own.put("seed", String.valueOf(data.facts().seed()));
        // Whoever made the facts may know more of the same.
        own.keySet().removeAll(data.facts().provenance().keySet());
        own.forEach(table::row);
        data.facts().provenance().forEach((name, value) -> table.row(name, tag("code", text(value))));
        parts.add(table.markup());
        if (!data.facts().reproduce().isEmpty()) {
            parts.add(tag("h3", text("Run it again")));
            parts.add(tag("pre", tag("code", text(String.join("\n", data.facts().reproduce())))));
            parts.add(
                    Markup.caption(
                            "The same configuration and seed on the same machine give the same traces and plans, byte for byte."));
        }
        if (data.facts().configText() != null) {
            parts.add(tag(
                    "details",
                    "class=\"more\"",
                    tag("summary", text("The configuration")),
                    tag("pre", tag("code", text(data.facts().configText())))));
        }
        List<Markup> terms = new ArrayList<>();
        for (String[] term : TERMS) {
            terms.add(Markup.join(tag("dt", text(term[0])), tag("dd", text(term[1]))));
        }
        parts.add(tag("h3", text("Terms")));
        parts.add(tag("dl", "class=\"terms\"", Markup.join(terms)));
        page.section("origin", "Where it comes from, and how to run it again", parts.toArray(Markup[]::new));
    }
}
