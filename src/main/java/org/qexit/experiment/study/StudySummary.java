package org.qexit.experiment.study;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * What a study came to: means, and differences on equal seeds.
 *
 * @param study its name
 * @param means of every combination
 * @param losses every loss against the reference
 * @param heads the hybrid head against every twin
 */
public record StudySummary(String study, List<Means> means, List<Comparison> losses, List<Comparison> heads) {
    /**
     * Means over seeds.
     *
     * @param seeds how many
     * @param tpr on the test events, thresholds from the validation events
     * @param ofr realised there
     * @param frontierTpr on the test events within exactly the budget
     * @param crossEntropy at the last exit [nat]
     * @param calibrationError at the last exit
     */
    public record Means(
            String data,
            String head,
            String loss,
            double budget,
            int seeds,
            double tpr,
            double ofr,
            double frontierTpr,
            double crossEntropy,
            double calibrationError) {}

    /**
     * What is compared, {@code first − second}.
     *
     * @param at what they share: the head, or the loss
     * @param first loss or head
     * @param second reference loss, or the twin
     */
    public record Pair(String data, String at, double budget, String first, String second) {}

    /** One against another, on equal seeds. */
    public record Comparison(
            @JsonUnwrapped Pair pair,
            PairedDifferences tpr,
            PairedDifferences frontierTpr,
            PairedDifferences ofr,
            List<Double> seedTpr,
            List<Double> seedFrontierTpr) {}

    /** Rows that the configuration no longer names are passed over. */
    static StudySummary of(StudyConfig config, List<StudyRow> rows) {
        List<Means> means = new ArrayList<>();
        List<Comparison> losses = new ArrayList<>();
        List<Comparison> heads = new ArrayList<>();
        String reference = config.reference().name();
        for (StudyConfig.Data set : config.data()) {
            for (double budget : budgets(rows)) {
                for (Head head : Head.values()) {
                    for (StudyConfig.Loss loss : config.losses()) {
                        Map<Long, StudyRow> first = bySeed(rows, set.name(), head, loss.name(), budget);
                        if (first.isEmpty()) {
                            continue;
                        }
                        means.add(means(List.copyOf(first.values())));
                        Map<Long, StudyRow> other = bySeed(rows, set.name(), head, reference, budget);
                        if (!loss.name().equals(reference)) {
                            Pair pair = new Pair(set.name(), head.word(), budget, loss.name(), reference);
                            add(losses, pair, first, other);
                        }
                        if (head != Head.HYBRID) {
                            Map<Long, StudyRow> hybrid = bySeed(rows, set.name(), Head.HYBRID, loss.name(), budget);
                            Pair pair = new Pair(set.name(), loss.name(), budget, Head.HYBRID.word(), head.word());
                            add(heads, pair, hybrid, first);
                        }
                    }
                }
            }
        }
        return new StudySummary(config.name(), means, losses, heads);
    }

    private static List<Double> budgets(List<StudyRow> rows) {
        return rows.stream().map(StudyRow::budget).distinct().sorted().toList();
    }

    private static Map<Long, StudyRow> bySeed(List<StudyRow> rows, String data, Head head, String loss, double budget) {
        Map<Long, StudyRow> found = new TreeMap<>();
        for (StudyRow row : rows) {
            if (row.data().equals(data)
                    && row.head().equals(head.word())
                    && row.loss().equals(loss)
                    && row.budget() == budget) {
                found.put(row.seed(), row);
            }
        }
        return found;
    }

    private static Means means(List<StudyRow> rows) {
        StudyRow any = rows.get(0);
        return new Means(
                any.data(),
                any.head(),
                any.loss(),
                any.budget(),
                rows.size(),
                mean(rows, row -> row.test().truePositiveRate()),
                mean(rows, row -> row.test().offloadRate()),
                mean(rows, StudyRow::frontierRate),
                mean(rows, StudyRow::crossEntropy),
                mean(rows, StudyRow::calibrationError));
    }

    private static double mean(List<StudyRow> rows, ToDoubleFunction<StudyRow> value) {
        return rows.stream().mapToDouble(value).average().orElseThrow();
    }

    private static void add(
            List<Comparison> comparisons, Pair pair, Map<Long, StudyRow> firsts, Map<Long, StudyRow> seconds) {
        List<Long> seeds = firsts.keySet().stream().filter(seconds::containsKey).toList();
        if (seeds.isEmpty()) {
            return;
        }
        double[] tpr = differences(seeds, firsts, seconds, row -> row.test().truePositiveRate());
        double[] frontier = differences(seeds, firsts, seconds, StudyRow::frontierRate);
        double[] ofr = differences(seeds, firsts, seconds, row -> row.test().offloadRate());
        comparisons.add(new Comparison(
                pair,
                PairedDifferences.of(tpr),
                PairedDifferences.of(frontier),
                PairedDifferences.of(ofr),
                boxed(tpr),
                boxed(frontier)));
    }

    private static double[] differences(
            List<Long> seeds,
            Map<Long, StudyRow> firsts,
            Map<Long, StudyRow> seconds,
            ToDoubleFunction<StudyRow> value) {
        return seeds.stream()
                .mapToDouble(seed -> value.applyAsDouble(firsts.get(seed)) - value.applyAsDouble(seconds.get(seed)))
                .toArray();
    }

    private static List<Double> boxed(double[] values) {
        return java.util.Arrays.stream(values).boxed().toList();
    }
}
