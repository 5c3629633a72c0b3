package org.qexit.experiment.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.qexit.common.statistics.MeanInterval;
import org.qexit.tier.result.SimulationResult.Replication;

/**
 * Means with 95 % intervals over the replications, and differences over pairs of replications with the same random numbers.
 *
 * @param name of the sweep
 * @param parts those that have results
 */
public record SweepSummary(String name, List<Part> parts) {
    /** One part. */
    public record Part(String name, String title, String axis, List<Measure> measures, List<Row> rows) {}

    /**
     * One plan under one policy at one step of a series.
     *
     * @param reference whether the others are compared with it
     * @param figures in the order of the measures; null where a replication has no such figure, or there is no plan
     * @param differences to the reference likewise; null for the reference
     */
    public record Row(
            String series,
            String step,
            String plan,
            String policy,
            boolean planned,
            boolean reference,
            List<MeanInterval> figures,
            List<MeanInterval> differences) {}

    static SweepSummary of(SweepConfig config, List<SweepRow> rows) {
        List<Part> parts = new ArrayList<>();
        for (SweepConfig.Part part : config.parts()) {
            Map<SweepRow.Cell, List<Replication>> cells = new LinkedHashMap<>();
            for (SweepRow row : rows) {
                if (row.cell().part().equals(part.name())) {
                    List<Replication> own = cells.computeIfAbsent(row.cell(), cell -> new ArrayList<>());
                    if (row.replication() != null) {
                        own.add(row.replication());
                    }
                }
            }
            if (!cells.isEmpty()) {
                parts.add(
                        new Part(part.name(), part.title(), part.sweep().label(), part.measures(), rows(part, cells)));
            }
        }
        return new SweepSummary(config.name(), parts);
    }

    private static List<Row> rows(SweepConfig.Part part, Map<SweepRow.Cell, List<Replication>> cells) {
        List<Row> rows = new ArrayList<>();
        cells.forEach((cell, own) -> {
            SweepRow.Cell reference = reference(part, cell, cells);
            boolean first = cell.equals(reference);
            List<MeanInterval> figures = new ArrayList<>();
            List<MeanInterval> differences = new ArrayList<>();
            for (Measure measure : part.measures()) {
                figures.add(interval(own.stream().map(measure::of).toList()));
                differences.add(first ? null : difference(measure, own, cells.get(reference)));
            }
            rows.add(new Row(
                    cell.series(),
                    cell.step(),
                    cell.plan(),
                    cell.policy(),
                    !own.isEmpty(),
                    first,
                    figures,
                    first ? null : differences));
        });
        return rows;
    }

    /** The first cell, in the order of the results, that the part compares this one with. */
    private static SweepRow.Cell reference(
            SweepConfig.Part part, SweepRow.Cell cell, Map<SweepRow.Cell, List<Replication>> cells) {
        return cells.keySet().stream()
                .filter(other -> other.step().equals(cell.step()))
                .filter(other -> part.reference() == SweepConfig.Reference.FIRST
                        || other.series().equals(cell.series()))
                .findFirst()
                .orElseThrow();
    }

    private static MeanInterval difference(Measure measure, List<Replication> own, List<Replication> others) {
        List<Double> differences = new ArrayList<>();
        for (Replication one : own) {
            for (Replication other : others) {
                if (one.number() == other.number()) {
                    Double a = measure.of(one);
                    Double b = measure.of(other);
                    differences.add(a == null || b == null ? null : (Double) (a - b));
                }
            }
        }
        return interval(differences);
    }

    private static MeanInterval interval(List<Double> values) {
        return values.isEmpty() || values.stream().anyMatch(Objects::isNull)
                ? null
                : MeanInterval.student(
                        values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
