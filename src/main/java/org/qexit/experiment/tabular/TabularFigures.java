package org.qexit.experiment.tabular;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qexit.common.AtomicFiles;
import org.qexit.common.plot.Chart;
import org.qexit.common.plot.ForestPlot;
import org.qexit.common.plot.Scale;
import org.qexit.common.statistics.MeanInterval;
import org.qexit.data.bowles.SyntheticFamily;

/** A study's results as pictures. */
final class TabularFigures {
    private static final int COLUMNS = 2;
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private TabularFigures() {}

    static void write(TabularSummary summary, Path out) {
        if (!summary.sets().isEmpty()) {
            AtomicFiles.writeString(out.resolve("accuracies.svg"), accuracies(summary));
        }
        if (!summary.pairs().isEmpty()) {
            AtomicFiles.writeString(out.resolve("differences.svg"), differences(summary.pairs()));
        }
    }

    /** Twins and circuits without entanglers are in the other picture: more lines could not be told apart. */
    private static String accuracies(TabularSummary summary) {
        Chart chart = new Chart("Test accuracy on the sets of each family", COLUMNS, true);
        // Models keep their colours where they are missing.
        List<Contender> shown = Arrays.stream(Contender.values())
                .filter(contender -> !contender.word().matches(".*-(twin|separable)"))
                .filter(contender ->
                        summary.sets().stream().anyMatch(line -> line.model().equals(contender.word())))
                .toList();
        for (SyntheticFamily family : SyntheticFamily.values()) {
            List<TabularSummary.Line> lines = summary.sets().stream()
                    .filter(line -> line.family().equals(family.word()) && line.accuracy() != null)
                    .toList();
            if (!lines.isEmpty()) {
                chart.add(new Chart.Panel(
                        family.word(),
                        new Chart.Axis(axis(family), Scale.Kind.LINEAR),
                        new Chart.Axis("test accuracy [%]", Scale.Kind.LINEAR),
                        shown.stream()
                                .flatMap(contender -> series(contender.word(), lines).stream())
                                .toList()));
            }
        }
        return chart.svg();
    }

    private static String axis(SyntheticFamily family) {
        return switch (family) {
            case HIDDEN_MANIFOLD_DIFF -> "dimensions of the manifold";
            case TWO_CURVES_DIFF -> "degree of the curves";
            case HYPERPLANES_DIFF -> "planes";
            default -> "features";
        };
    }

    /** Means over data seeds, with intervals where there are several. */
    private static List<Chart.Series> series(String model, List<TabularSummary.Line> lines) {
        Map<Integer, List<Double>> steps = new TreeMap<>();
        lines.stream()
                .filter(line -> line.model().equals(model))
                .forEach(line -> steps.computeIfAbsent(step(line.dataset()), key -> new ArrayList<>())
                        .add(100 * line.accuracy()));
        List<double[]> means = new ArrayList<>();
        List<double[]> ends = new ArrayList<>();
        steps.forEach((step, values) -> {
            MeanInterval figure = MeanInterval.student(
                    values.stream().mapToDouble(Double::doubleValue).toArray());
            means.add(new double[] {step, figure.mean()});
            if (figure.low() != null) {
                ends.add(new double[] {step, figure.low()});
                ends.add(new double[] {step, figure.high()});
            }
        });
        return List.of(
                new Chart.Series(model, Chart.Style.LINE, means), new Chart.Series(model, Chart.Style.INTERVALS, ends));
    }

    /** The last number of a set's name is the one that varies within its family. */
    private static int step(String dataset) {
        Matcher numbers = NUMBER.matcher(dataset);
        int last = 0;
        while (numbers.find()) {
            last = Integer.parseInt(numbers.group());
        }
        return last;
    }

    private static String differences(List<TabularSummary.Pair> pairs) {
        return ForestPlot.svg(List.of(
                panel("Entanglers", "with − without, test accuracy [percentage points]", pairs, "-separable"),
                panel("Circuits", "circuit − classical twin, test accuracy [percentage points]", pairs, "-twin")));
    }

    /** Both panels have the rows of all circuits, so that these stand beside each other. */
    private static ForestPlot.Panel panel(String title, String axis, List<TabularSummary.Pair> pairs, String ending) {
        List<ForestPlot.Row> rows = new ArrayList<>();
        pairs.stream()
                .map(TabularFigures::group)
                .distinct()
                .forEach(group -> Arrays.stream(Contender.values())
                        .map(Contender::word)
                        .filter(circuit -> pairs.stream().anyMatch(of(group, circuit, "")))
                        .forEach(circuit -> rows.add(pairs.stream()
                                .filter(of(group, circuit, ending))
                                .findFirst()
                                .map(pair -> row(group, circuit, pair))
                                .orElse(new ForestPlot.Row(group, circuit, null, null, null, List.of())))));
        return new ForestPlot.Panel(title, axis, rows);
    }

    private static Predicate<TabularSummary.Pair> of(String group, String circuit, String ending) {
        return pair -> group(pair).equals(group)
                && pair.first().equals(circuit)
                && pair.second().endsWith(ending);
    }

    private static String group(TabularSummary.Pair pair) {
        return pair.family() == null ? "all sets" : pair.family();
    }

    private static ForestPlot.Row row(String group, String circuit, TabularSummary.Pair pair) {
        MeanInterval difference = pair.difference();
        return new ForestPlot.Row(
                group,
                circuit,
                100 * difference.mean(),
                difference.low() == null ? null : 100 * difference.low(),
                difference.high() == null ? null : 100 * difference.high(),
                pair.differences().stream().map(value -> 100 * value).toList());
    }
}
