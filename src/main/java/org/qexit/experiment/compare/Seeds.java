package org.qexit.experiment.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.qexit.common.AtomicFiles;
import org.qexit.common.ConfigText;
import org.qexit.common.Json;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.common.statistics.MeanInterval;
import org.qexit.experiment.run.Pipeline;
import org.qexit.experiment.run.RunConfig;
import org.qexit.experiment.run.RunSummary;

/**
 * One run with several seeds, and what holds over all of them: true-positive rates on test events of every model by its first method, and
 * their differences, paired within a seed, with 95 % intervals of Student's t over the seeds.
 *
 * @param headline one sentence
 * @param seeds of the runs
 * @param runs their directories
 * @param models one per model
 * @param differences of the first model to the others, and of each to its network without early exits
 */
public record Seeds(
        String headline, List<Long> seeds, List<String> runs, List<Model> models, List<Difference> differences) {
    /** More runs than this are a study's. */
    public static final int MOST = 1000;

    /**
     * @param tpr per seed; null where a run has no plan, or no critical test event
     * @param ofr per seed
     * @param mean of the rates that there are, or null
     */
    public record Model(String model, List<Double> tpr, List<Double> ofr, MeanInterval mean) {}

    /**
     * @param first whose rate comes first
     * @param second whose rate is taken from it
     * @param points per seed, of rates from 0 to 1; null where one of the two is missing
     * @param mean of those that there are, or null
     */
    public record Difference(String first, String second, List<Double> points, MeanInterval mean) {}

    public Seeds {
        seeds = List.copyOf(seeds);
        runs = List.copyOf(runs);
        models = List.copyOf(models);
        differences = List.copyOf(differences);
    }

    /**
     * Runs a configuration with its seed and those that follow it; finished runs are not repeated.
     *
     * @param count how many
     * @param options {@code out} is the folder of the runs, {@code seed-N} each, and of what holds over all; null for {@code
     *     runs/NAME-seeds}
     */
    public static Seeds run(ConfigText configuration, int count, Pipeline.Options options) {
        if (count < 2 || count > MOST) {
            throw new UserError("--seeds is " + count + "; expected 2 to " + MOST);
        }
        RunConfig config = RunConfig.read(configuration);
        long first = options.seed() == null ? config.seed() : options.seed();
        Path out = options.out() == null ? Path.of("runs", config.name() + "-seeds") : options.out();
        Map<Long, RunSummary> summaries = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            long seed = Math.addExact(first, i);
            Progress.say("seed " + seed + ", " + (i + 1) + " of " + count);
            summaries.put(
                    seed,
                    Pipeline.run(
                            configuration,
                            new Pipeline.Options(
                                    out.resolve("seed-" + seed), seed, options.dataDirectory(), options.force())));
        }
        Seeds seeds = of(summaries);
        Json.write(out.resolve("seeds.json"), seeds);
        AtomicFiles.writeString(out.resolve("seeds.html"), SeedsPage.html(config.name(), seeds));
        return seeds;
    }

    /** What holds over finished runs that differ in their seeds only. */
    static Seeds of(Map<Long, RunSummary> summaries) {
        List<String> names = summaries.values().iterator().next().rows().stream()
                .map(RunSummary.Row::model)
                .distinct()
                .toList();
        List<Model> models = new ArrayList<>();
        for (String name : names) {
            List<Double> tpr = new ArrayList<>();
            List<Double> ofr = new ArrayList<>();
            for (RunSummary summary : summaries.values()) {
                RunSummary.Row row = first(summary, name);
                tpr.add(row.tpr().value());
                ofr.add(row.ofr().value());
            }
            models.add(new Model(name, unmodifiable(tpr), unmodifiable(ofr), mean(tpr)));
        }
        List<Difference> differences = new ArrayList<>();
        for (Model other : models.subList(1, models.size())) {
            differences.add(difference(
                    models.get(0).model(), other.model(), models.get(0).tpr(), other.tpr()));
        }
        for (Model model : models) {
            List<Double> without = new ArrayList<>();
            String name = null;
            for (RunSummary summary : summaries.values()) {
                RunSummary.Static twin = summary.statics().stream()
                        .filter(row -> row.model().equals(model.model()))
                        .findFirst()
                        .orElse(null);
                without.add(twin == null ? null : twin.tpr().value());
                name = twin == null ? name : twin.name();
            }
            if (name != null) {
                differences.add(difference(model.model(), name, model.tpr(), without));
            }
        }
        return new Seeds(
                headline(summaries.keySet().stream().toList(), models, differences),
                List.copyOf(summaries.keySet()),
                summaries.values().stream()
                        .map(summary -> summary.directory().toString())
                        .toList(),
                models,
                differences);
    }

    /** The row of the method that a run deploys. */
    private static RunSummary.Row first(RunSummary summary, String model) {
        return summary.rows().stream()
                .filter(row -> row.model().equals(model))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(summary.directory() + " has no model " + model));
    }

    private static Difference difference(String first, String second, List<Double> one, List<Double> other) {
        List<Double> points = new ArrayList<>();
        for (int i = 0; i < one.size(); i++) {
            points.add(one.get(i) == null || other.get(i) == null ? null : (Double) (one.get(i) - other.get(i)));
        }
        return new Difference(first, second, unmodifiable(points), mean(points));
    }

    /** Lists that may hold null. */
    private static List<Double> unmodifiable(List<Double> values) {
        return java.util.Collections.unmodifiableList(values);
    }

    private static MeanInterval mean(List<Double> values) {
        double[] there = values.stream()
                .filter(java.util.Objects::nonNull)
                .mapToDouble(value -> value)
                .toArray();
        return there.length == 0 ? null : MeanInterval.student(there);
    }

    private static String headline(List<Long> seeds, List<Model> models, List<Difference> differences) {
        List<String> parts = new ArrayList<>();
        for (Model model : models) {
            parts.add(
                    model.mean() == null
                            ? "the " + model.model() + " model has no plan"
                            : String.format(
                                    Locale.ROOT,
                                    "the %s model finds %.1f %% of the critical test events",
                                    model.model(),
                                    100 * model.mean().mean()));
        }
        for (Difference each : differences) {
            if (each.mean() != null && each.mean().low() != null) {
                parts.add(String.format(
                        Locale.ROOT,
                        "%s less %s is %+.1f points (%+.1f to %+.1f)",
                        each.first(),
                        each.second(),
                        100 * each.mean().mean(),
                        100 * each.mean().low(),
                        100 * each.mean().high()));
            }
        }
        return String.format(
                        Locale.ROOT,
                        "In the mean of %d seeds, %d to %d, ",
                        seeds.size(),
                        seeds.get(0),
                        seeds.get(seeds.size() - 1))
                + String.join("; ", parts) + ".";
    }
}
