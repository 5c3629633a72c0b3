package org.qexit.experiment.sweep;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.qexit.common.plot.Chart;
import org.qexit.common.plot.Scale;
import org.qexit.common.statistics.MeanInterval;

/**
 * A part as a picture: a panel for each measure, over the steps, means with 95 % intervals. Where one panel would have more lines than can be told
 * apart, each series has panels of its own, in columns.
 */
final class SweepFigures {
    private static final int COLUMNS = 2;
    /** As many as there are colours. */
    private static final int MOST_LINES = 8;
    /** Steps whose ends differ by this factor are drawn by their orders of magnitude. */
    private static final double WIDE = 20;
    /** Room for all lines of a step beside each other where steps are names. */
    private static final double BESIDE = 0.6;

    private final SweepSummary.Part part;
    private final List<String> steps;
    private final List<String> lines;
    private final List<String> series;
    private final boolean numbers;
    private final boolean apart;

    private SweepFigures(SweepSummary.Part part) {
        this.part = part;
        steps = part.rows().stream().map(SweepSummary.Row::step).distinct().toList();
        series = part.rows().stream().map(SweepSummary.Row::series).distinct().toList();
        apart = series.size() > 1
                && part.rows().stream()
                                .map(row -> List.of(row.series(), row.plan(), row.policy()))
                                .distinct()
                                .count()
                        > MOST_LINES;
        lines = part.rows().stream().map(this::line).distinct().toList();
        numbers = steps.stream().allMatch(step -> step.matches("-?[0-9]+(\\.[0-9]+)?")) && steps.size() > 1;
    }

    static String svg(SweepSummary.Part part) {
        return new SweepFigures(part).svg();
    }

    private String svg() {
        Chart chart = new Chart(part.title(), apart ? series.size() : COLUMNS, false);
        for (int m = 0; m < part.measures().size(); m++) {
            String label = part.measures().get(m).label();
            if (apart) {
                for (String one : series) {
                    chart.add(panel(m, one + ": " + label, of(one)));
                }
            } else {
                chart.add(panel(m, label, part.rows()));
            }
        }
        return chart.svg();
    }

    private List<SweepSummary.Row> of(String one) {
        return part.rows().stream().filter(row -> row.series().equals(one)).toList();
    }

    private Chart.Panel panel(int m, String title, List<SweepSummary.Row> rows) {
        Map<Integer, String> names = new TreeMap<>();
        for (int i = 0; !numbers && i < steps.size(); i++) {
            names.put(i, steps.get(i));
        }
        List<Chart.Series> drawn = new ArrayList<>();
        for (String line : lines) {
            List<double[]> means = new ArrayList<>();
            List<double[]> ends = new ArrayList<>();
            for (SweepSummary.Row row : rows) {
                MeanInterval figure = row.figures().get(m);
                if (line(row).equals(line) && figure != null) {
                    double x = x(row);
                    means.add(new double[] {x, figure.mean()});
                    if (figure.low() != null) {
                        ends.add(new double[] {x, figure.low()});
                        ends.add(new double[] {x, figure.high()});
                    }
                }
            }
            drawn.add(new Chart.Series(line, numbers ? Chart.Style.LINE : Chart.Style.POINTS, means));
            drawn.add(new Chart.Series(line, Chart.Style.INTERVALS, ends));
        }
        String label = part.measures().get(m).label();
        return new Chart.Panel(
                title,
                new Chart.Axis(part.axis(), wide() ? Scale.Kind.LOGARITHMIC : Scale.Kind.LINEAR, names),
                new Chart.Axis(label, Scale.Kind.LINEAR),
                drawn);
    }

    private boolean wide() {
        DoubleSummaryStatistics range = steps.stream()
                .mapToDouble(step -> numbers ? Double.parseDouble(step) : 0)
                .summaryStatistics();
        return range.getMin() > 0 && range.getMax() / range.getMin() >= WIDE;
    }

    private double x(SweepSummary.Row row) {
        if (numbers) {
            return Double.parseDouble(row.step());
        }
        double beside = lines.size() == 1 ? 0 : (double) lines.indexOf(line(row)) / (lines.size() - 1) - 0.5;
        return steps.indexOf(row.step()) + BESIDE * beside;
    }

    /** Series, plan and policy, as far as the part has several. */
    private String line(SweepSummary.Row row) {
        return Stream.of(
                        apart ? "" : several(row.series(), series.stream()),
                        several(row.plan(), part.rows().stream().map(SweepSummary.Row::plan)),
                        several(row.policy(), part.rows().stream().map(SweepSummary.Row::policy)))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String several(String own, Stream<String> all) {
        return all.distinct().count() > 1 ? own : "";
    }
}
