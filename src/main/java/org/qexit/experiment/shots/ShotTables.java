package org.qexit.experiment.shots;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qexit.common.plot.Chart;
import org.qexit.common.plot.Scale;

/** A study of shots as a table in Markdown and as a picture. */
final class ShotTables {
    private ShotTables() {}

    static String markdown(ShotSummary summary) {
        StringBuilder text = new StringBuilder("# " + summary.study()
                + "\n\nWritten by `qexit study`. Means over seeds, intervals of 95 % (Student's t). Fixed: the smallest number of shots per exit of the study that"
                + " decides no more events otherwise than infinitely many shots would. Promised before the cap: at most "
                + percent(summary.delta())
                + " wrong.\n\n"
                + "| noise | qubits | test | shots per event | shots × gates | wrong | wrong before the cap | at the cap | fixed, as seldom wrong | ratio |\n"
                + "|---|---:|---|---|---:|---:|---:|---:|---:|---|\n");
        for (ShotSummary.Line line : summary.lines()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %s | %.0f%s | %.3g | %s | %s | %s | %s%.0f | %.1f%s |%n",
                    line.noise(),
                    line.qubits(),
                    line.bound(),
                    line.shots().mean(),
                    interval("%.0f", line.shots().low(), line.shots().high()),
                    line.gates(),
                    percent(line.wrong()),
                    percent(line.wrongBeforeCap()),
                    percent(line.capped()),
                    line.unreached() > 0 ? "≥ " : "",
                    line.fixedShots(),
                    line.ratio().mean(),
                    interval("%.1f", line.ratio().low(), line.ratio().high())));
        }
        return text.toString();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    private static String interval(String format, Double low, Double high) {
        return low == null ? "" : String.format(Locale.ROOT, " [" + format + ", " + format + "]", low, high);
    }

    static String svg(ShotSummary summary) {
        List<String> machines =
                summary.lines().stream().map(ShotSummary.Line::noise).distinct().toList();
        Chart chart = new Chart("Shots per event at equal decision error", machines.size(), true);
        for (String machine : machines) {
            List<ShotSummary.Line> own = summary.lines().stream()
                    .filter(line -> line.noise().equals(machine))
                    .toList();
            List<Chart.Series> series = new ArrayList<>();
            for (String bound :
                    own.stream().map(ShotSummary.Line::bound).distinct().toList()) {
                List<double[]> means = new ArrayList<>();
                List<double[]> ends = new ArrayList<>();
                own.stream().filter(line -> line.bound().equals(bound)).forEach(line -> {
                    means.add(new double[] {line.qubits(), line.shots().mean()});
                    if (line.shots().low() != null) {
                        ends.add(new double[] {line.qubits(), line.shots().low()});
                        ends.add(new double[] {line.qubits(), line.shots().high()});
                    }
                });
                series.add(new Chart.Series(bound, Chart.Style.LINE, means));
                series.add(new Chart.Series(bound, Chart.Style.INTERVALS, ends));
            }
            List<double[]> fixed = own.stream()
                    .filter(line -> line.bound().equals(own.get(own.size() - 1).bound()))
                    .map(line -> new double[] {line.qubits(), line.fixedShots()})
                    .toList();
            series.add(new Chart.Series("fixed", Chart.Style.LINE, fixed));
            chart.add(new Chart.Panel(
                    "noise: " + machine,
                    new Chart.Axis("qubits of each head", Scale.Kind.LINEAR),
                    new Chart.Axis("shots per event", Scale.Kind.LOGARITHMIC),
                    series));
        }
        return chart.svg();
    }
}
