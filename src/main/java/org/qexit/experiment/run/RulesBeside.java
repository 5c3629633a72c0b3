package org.qexit.experiment.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.experiment.report.ReportData;
import org.qexit.experiment.report.RuleSection;
import org.qexit.threshold.exits.SideBySide;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;

/** Tries the other kinds of rules within the offloads of a model's first plan, or of what was chosen without a fleet. */
final class RulesBeside {
    private static final String PLAN = "plan";
    private static final String CHOSEN = "chosen";

    private RulesBeside() {}

    /** The section of the report; nothing where no model has thresholds. */
    static List<ReportData.Section> sections(List<ModelRun> models) {
        List<RuleSection.Row> rows =
                models.stream().flatMap(model -> rows(model).stream()).toList();
        return rows.isEmpty() ? List.of() : List.of(RuleSection.of(rows));
    }

    static List<RuleSection.Row> rows(ModelRun model) {
        ModelRun.PlanRun run = model.plans().get(0);
        if (!run.found()) {
            return List.of();
        }
        Map<String, List<Confusion>> byRule = new LinkedHashMap<>();
        for (int i = 0; i < model.validation().size(); i++) {
            DeviceTrace chosenOn = model.validation().get(i);
            Map<String, Rule> rules = new LinkedHashMap<>();
            rules.put(run.plan() == null ? CHOSEN : PLAN, run.thresholds().get(i));
            int offloads = run.validation().get(i).counts().offloads();
            rules.putAll(SideBySide.rules(chosenOn, offloads, Integer.MAX_VALUE));
            DeviceTrace test = model.test().get(i);
            rules.forEach((name, rule) ->
                    byRule.computeIfAbsent(name, key -> new ArrayList<>()).add(Confusion.of(test, rule)));
        }
        List<RuleSection.Row> rows = new ArrayList<>();
        byRule.forEach((name, counts) -> {
            Confusion all = Confusion.sum(counts);
            rows.add(new RuleSection.Row(model.name(), name, all, mean(all, model.cumulativeMemoryAccesses())));
        });
        return rows;
    }

    private static double mean(Confusion counts, long[] costs) {
        double sum = 0;
        for (int q = 0; q < costs.length; q++) {
            sum += (double) counts.exits().get(q) * costs[q];
        }
        return sum / Math.max(1, counts.events());
    }
}
