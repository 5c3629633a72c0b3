package org.qexit.experiment.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.qexit.experiment.report.ModelSection.EpochRow;

/** How the models were trained: the parts of the loss, and the rates on held-out events. */
final class TrainingSection {
    private static final String CROSS_ENTROPY = "cross-entropy";
    private static final String UTILITY = "−ln Ũ";
    private static final String BUDGET = "μ(Õ − ω)";

    private TrainingSection() {}

    static void add(Page page, View view) {
        List<ModelSection> trained = view.data().models().stream()
                .filter(m -> !m.history().isEmpty())
                .toList();
        if (trained.isEmpty()) {
            return;
        }
        List<Map<String, Object>> loss = new ArrayList<>();
        List<Map<String, Object>> progress = new ArrayList<>();
        trained.forEach(model -> model.history().forEach(epoch -> {
            addLoss(loss, model, epoch);
            addProgress(progress, model, epoch, "true-positive rate", epoch.heldOutTpr());
            addProgress(progress, model, epoch, "offload rate", epoch.heldOutOfr());
        }));
        page.data("loss", loss);
        page.data("progress", progress);

        List<Double> epochs = domain(trained.stream()
                .flatMap(m -> m.history().stream().map(e -> (double) e.epoch()))
                .toList());
        List<Double> losses = domain(loss.stream()
                .map(row -> (Double) row.get("value"))
                .filter(Objects::nonNull)
                .toList());
        List<Markup> figures = new ArrayList<>();
        for (int i = 0; i < trained.size(); i++) {
            ModelSection model = trained.get(i);
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("model", model.name());
            values.put("epochs", epochs);
            values.put("losses", losses);
            values.put("parts", List.of(CROSS_ENTROPY, UTILITY, BUDGET));
            values.put("budget", budget(model));
            figures.add(page.chart("loss-" + i, "loss", model.name() + ": parts of the loss", values));
            figures.add(page.chart("progress-" + i, "progress", model.name() + ": rates on held-out events", values));
        }
        page.section(
                "training",
                "Training",
                Page.grid(figures),
                Markup.caption(
                        "The loss is the exits’ cross-entropy, minus ln Ũ (Ũ: soft true-positive rate), plus μ(Õ − ω) (Õ: soft "
                                + "offload rate, ω: budget, μ: multiplier of the constraint; negative while below budget). "
                                + "Rates are those of the hard rule on held-out events with the thresholds of that epoch. <b>Long dashes: the offload budget ω. Dotted "
                                + "upright: the epoch that was kept.</b>"));
    }

    private static void addLoss(List<Map<String, Object>> rows, ModelSection model, EpochRow e) {
        part(rows, model, e, CROSS_ENTROPY, e.crossEntropy());
        boolean positive = e.surrogateUtility() != null && e.surrogateUtility() > 0;
        part(rows, model, e, UTILITY, positive ? Double.valueOf(-Math.log(e.surrogateUtility())) : null);
        boolean constrained = e.multiplier() != null && e.softOffload() != null && model.offloadBudget() != null;
        part(rows, model, e, BUDGET, constrained ? e.multiplier() * (e.softOffload() - model.offloadBudget()) : null);
    }

    private static void part(
            List<Map<String, Object>> rows, ModelSection model, EpochRow epoch, String part, Double value) {
        rows.add(Page.row(
                "model",
                model.name(),
                "epoch",
                epoch.epoch(),
                "part",
                part,
                // Minus zero would print as such.
                "value",
                value == null ? null : Figures.rounded(value + 0.0),
                "text",
                Figures.decimal(value, 4),
                "multiplier",
                Figures.decimal(epoch.multiplier(), 3),
                "steepness",
                Figures.decimal(epoch.steepness(), 3),
                "selected",
                epoch.selected()));
    }

    private static void addProgress(
            List<Map<String, Object>> rows, ModelSection model, EpochRow epoch, String metric, Double value) {
        rows.add(Page.row(
                "model",
                model.name(),
                "epoch",
                epoch.epoch(),
                "metric",
                metric,
                "value",
                Page.percent(value),
                "text",
                Figures.percent(value),
                "kept",
                epoch.selected() ? "yes" : "no",
                "selected",
                epoch.selected()));
    }

    private static List<Map<String, Object>> budget(ModelSection model) {
        if (model.offloadBudget() == null) {
            return List.of();
        }
        String text = Figures.percent(model.offloadBudget());
        return List.of(Page.row(
                "value", Page.percent(model.offloadBudget()), "text", text, "label", "offload budget " + text));
    }

    /** Smallest and largest, so that charts side by side have the same axes. */
    private static List<Double> domain(List<Double> values) {
        double min = values.stream().mapToDouble(v -> v).min().orElse(0);
        double max = values.stream().mapToDouble(v -> v).max().orElse(1);
        return min < max ? List.of(min, max) : List.of(min - 0.5, max + 0.5);
    }
}
