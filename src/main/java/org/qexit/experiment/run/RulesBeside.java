package org.qexit.experiment.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.experiment.report.ReportData;
import org.qexit.experiment.report.RuleSection;
import org.qexit.nn.ExitCost;
import org.qexit.threshold.exits.SideBySide;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;

/** Tries the other kinds of rules within the offloads of a model's first plan, or of what was chosen without a fleet. */
final class RulesBeside {
    private static final String PLAN = "plan";
    private static final String CHOSEN = "chosen";

    private RulesBeside() {}

    /**
     * The section of the report; nothing where no model has thresholds.
     *
     * @param statics the networks without early exits that were trained beside them
     */
    static List<ReportData.Section> sections(List<ModelRun> models, List<StaticModels.StaticRun> statics) {
        List<RuleSection.Row> rows = new ArrayList<>();
        for (ModelRun model : models) {
            rows.addAll(rows(model));
            statics.stream()
                    .filter(twin -> twin.of() == model)
                    .map(RulesBeside::row)
                    .forEach(rows::add);
        }
        return rows.isEmpty() ? List.of() : List.of(RuleSection.of(rows));
    }

    private static RuleSection.Row row(StaticModels.StaticRun twin) {
        ExitCost cost = twin.network().costs().get(0);
        return new RuleSection.Row(
                twin.of().name(), RuleSection.STATIC, twin.pooled(), cost.macs(), cost.memoryAccesses());
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
            rows.add(new RuleSection.Row(model.name(), name, all, model.meanMacs(all), model.meanMemoryAccesses(all)));
        });
        return rows;
    }
}
