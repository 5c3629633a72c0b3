package org.qexit.experiment.report.misses;

import static org.qexit.experiment.report.Markup.tag;
import static org.qexit.experiment.report.Markup.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.qexit.data.Dataset;
import org.qexit.experiment.report.Markup;
import org.qexit.experiment.report.ReportData;
import org.qexit.experiment.report.Table;
import org.qexit.trace.Rate;

/**
 * What was missed, as a section of a report: misses and false alarms per class with Wilson intervals, classes against decisions, and the
 * surest mistakes as pictures.
 */
public final class MissesSection {
    private static final int SHOWN = 12;

    private MissesSection() {}

    /**
     * The section.
     *
     * @param models decisions of each, at least one, the deployed first
     * @param data the test part, which sources are indices of
     */
    public static ReportData.Section of(List<DecidedEvents> models, Dataset data) {
        List<Markup> parts = new ArrayList<>();
        for (DecidedEvents model : models) {
            parts.add(tag("h3", text("Model " + model.model())));
            parts.add(classes(model, data));
            parts.add(pictures("The surest misses: critical, called normal", model.misses(), data));
            parts.add(pictures("The surest false alarms: normal, called critical", model.falseAlarms(), data));
        }
        parts.add(Markup.caption(
                "On test events, by the deployed thresholds. <b>Wrong</b>: misses of a critical class, false alarms of a normal one,"
                        + " with 95 % Wilson intervals. Under each picture its class and sample, then device, exit and the confidences"
                        + " of the exits that ran."));
        return new ReportData.Section("misses", "What was missed", card(models.get(0), data), Markup.join(parts));
    }

    private static Markup card(DecidedEvents model, Dataset data) {
        Optional<Integer> worst = model.classes().stream()
                .filter(c -> isCritical(model, c))
                .max(Comparator.comparing(c -> model.wrong(c).value()));
        long misses = model.misses().size();
        return tag(
                "div",
                "class=\"card\"",
                tag("h3", text("Missed"), tag("span", text("model " + model.model()))),
                tag("p", "class=\"big\"", text(String.format(Locale.ROOT, "%,d", misses))),
                tag("p", "class=\"sub\"", text("critical test events called normal")),
                tag(
                        "dl",
                        tag("dt", text("Most of class")),
                        tag("dd", text(worst.map(c -> name(data, c)).orElse("—"))),
                        tag("dt", text("of which missed")),
                        tag("dd", text(worst.map(c -> percent(model.wrong(c))).orElse("—"))),
                        tag("dt", text("False alarms")),
                        tag(
                                "dd",
                                text(String.format(
                                        Locale.ROOT, "%,d", model.falseAlarms().size())))));
    }

    private static boolean isCritical(DecidedEvents model, int classId) {
        return model.events().stream().anyMatch(e -> e.classId() == classId && e.positive());
    }

    private static Markup classes(DecidedEvents model, Dataset data) {
        Table table = new Table("Classes against decisions, model " + model.model());
        table.text("Class", "Is").numbers("Events", "Wrong", "95 % interval");
        for (int q = 1; q <= model.exits(); q++) {
            table.numbers("Normal at " + q);
        }
        for (int q = 1; q <= model.exits(); q++) {
            table.numbers("Critical at " + q);
        }
        List<Integer> order = model.classes().stream()
                .sorted(Comparator.comparing((Integer c) -> !isCritical(model, c)))
                .toList();
        for (int c : order) {
            Rate wrong = model.wrong(c);
            List<Object> row = new ArrayList<>(List.of(
                    name(data, c),
                    isCritical(model, c) ? "critical" : "normal",
                    Long.toString(wrong.of()),
                    percent(wrong),
                    String.format(Locale.ROOT, "%.1f–%.1f %%", 100 * wrong.low(), 100 * wrong.high())));
            for (boolean called : new boolean[] {false, true}) {
                for (int q = 1; q <= model.exits(); q++) {
                    row.add(Long.toString(model.count(c, q, called)));
                }
            }
            table.row(row.toArray());
        }
        return table.markup();
    }

    private static Markup pictures(String title, List<DecidedEvents.Event> events, Dataset data) {
        if (events.isEmpty()) {
            return tag("p", text(title + ": none."));
        }
        List<Markup> figures = new ArrayList<>();
        for (DecidedEvents.Event event : events.subList(0, Math.min(SHOWN, events.size()))) {
            String words = name(data, event.classId()) + " #" + event.source();
            figures.add(tag(
                    "figure",
                    "style=\"display:inline-block;margin:0 12px 12px 0;vertical-align:top;width:130px\"",
                    SamplePicture.of(data, event.source(), words),
                    tag(
                            "figcaption",
                            "style=\"font-size:11px;font-weight:400;overflow-wrap:anywhere\"",
                            text(words),
                            Markup.trusted("<br>"),
                            text(event.words()))));
        }
        String count = events.size() <= SHOWN ? "" : ", " + SHOWN + " of " + events.size();
        return Markup.join(tag("h4", text(title + count)), tag("div", Markup.join(figures)));
    }

    private static String name(Dataset data, int classId) {
        return data.classNames().get(classId);
    }

    private static String percent(Rate rate) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * rate.value());
    }
}
