package org.qexit.experiment.bench;

import java.util.ArrayList;
import java.util.List;
import org.qexit.common.plot.Chart;
import org.qexit.common.plot.Scale;
import org.qexit.experiment.bench.GradientVariance.Cell;
import org.qexit.experiment.bench.GradientVariance.Measured;
import org.qexit.experiment.bench.GradientVariance.Start;

/**
 * Mean gradient variances over the number of qubits as an SVG picture, logarithmic: a panel for each observable and start, a line per
 * depth.
 */
public final class GradientVariancePlot {
    private GradientVariancePlot() {}

    /** The picture of a report. */
    public static String svg(GradientVariance.Report report) {
        Chart chart = new Chart("Variances of derivatives over the number of qubits", Start.values().length, true);
        for (Measured measured : Measured.values()) {
            for (Start start : Start.values()) {
                List<Cell> cells = report.cells().stream()
                        .filter(c -> c.at().observable() == measured && c.at().start() == start && c.mean() > 0)
                        .toList();
                chart.add(new Chart.Panel(
                        (measured == Measured.LOCAL ? "Z of one qubit" : "Z of all qubits")
                                + (start == Start.UNIFORM ? ", uniform angles" : ", angles as models start"),
                        new Chart.Axis("qubits n", Scale.Kind.WHOLE),
                        new Chart.Axis("mean variance of a derivative", Scale.Kind.LOGARITHMIC),
                        lines(cells)));
            }
        }
        return chart.svg();
    }

    private static List<Chart.Series> lines(List<Cell> cells) {
        List<Chart.Series> lines = new ArrayList<>();
        cells.stream().map(c -> c.at().layers()).distinct().forEach(layers -> {
            List<double[]> points = cells.stream()
                    .filter(c -> c.at().layers() == layers)
                    .map(c -> new double[] {c.at().qubits(), c.mean()})
                    .toList();
            lines.add(new Chart.Series(layers + (layers == 1 ? " layer" : " layers"), Chart.Style.LINE, points));
        });
        lines.add(new Chart.Series("2^-n", Chart.Style.REFERENCE, reference(cells)));
        return lines;
    }

    /** 2^-n from the largest variance at the fewest qubits on, down to the smallest variance. */
    private static List<double[]> reference(List<Cell> cells) {
        int least = cells.stream().mapToInt(c -> c.at().qubits()).min().orElse(1);
        int most = cells.stream().mapToInt(c -> c.at().qubits()).max().orElse(1);
        double from = cells.stream()
                .filter(c -> c.at().qubits() == least)
                .mapToDouble(Cell::mean)
                .max()
                .orElse(Double.NaN);
        double smallest = cells.stream().mapToDouble(Cell::mean).min().orElse(Double.NaN);
        double lowest = Math.max(smallest, from * Math.pow(2, least - most));
        return cells.isEmpty()
                ? List.of()
                : List.of(new double[] {least, from}, new double[] {
                    least + Math.log(from / lowest) / Math.log(2), lowest
                });
    }
}
