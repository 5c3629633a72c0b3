package org.qexit.experiment.shots;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.qexit.common.statistics.MeanInterval;
import org.qexit.experiment.results.ResultTable;

/**
 * A study of shots over its seeds.
 *
 * @param study its name
 * @param delta the error probability that was asked for
 * @param lines one per number of qubits, machine and sequential test
 */
public record ShotSummary(String study, double delta, List<Line> lines) {
    /**
     * One sequential test on one kind of head and machine.
     *
     * @param qubits of each head
     * @param noise of the machine
     * @param bound the test
     * @param shots mean shots per event, all exits together, over seeds
     * @param gates shots times gates per event
     * @param wrong share of events that are decided otherwise than by infinitely many shots
     * @param wrongBeforeCap share of all events that are wrong and were decided before the cap; at most &delta; is promised
     * @param capped share of events that an exit left to its estimate
     * @param fixedShots mean shots per event of the smallest fixed number that errs as seldom
     * @param ratio geometric mean over seeds of fixed shots over sequential ones, with the interval of its logarithm
     * @param unreached seeds where no fixed number of the study errs as seldom, for which the largest is taken
     */
    public record Line(
            int qubits,
            String noise,
            String bound,
            MeanInterval shots,
            double gates,
            double wrong,
            double wrongBeforeCap,
            double capped,
            double fixedShots,
            Ratio ratio,
            int unreached) {}

    /** A ratio with its 95 % interval, null for one seed. */
    public record Ratio(double mean, Double low, Double high) {
        static Ratio of(double[] logarithms) {
            MeanInterval interval = MeanInterval.student(logarithms);
            return new Ratio(
                    Math.exp(interval.mean()),
                    interval.low() == null ? null : (Double) Math.exp(interval.low()),
                    interval.high() == null ? null : (Double) Math.exp(interval.high()));
        }
    }

    private record Key(int qubits, String noise, String bound) {}

    static ShotSummary of(ShotStudyConfig config, List<ResultTable.Row> rows) {
        List<Line> lines = new ArrayList<>();
        rows.stream()
                .filter(row -> !row.text("method").equals(ShotTally.FIXED))
                .map(ShotSummary::key)
                .distinct()
                .sorted(Comparator.comparing(
                                Key::noise,
                                Comparator.comparing(n -> config.noise().indexOf(n)))
                        .thenComparing(Key::qubits))
                .forEach(key -> lines.add(line(key, rows)));
        return new ShotSummary(config.name(), config.delta(), lines);
    }

    private static Key key(ResultTable.Row row) {
        return new Key((int) row.number("qubits"), row.text("noise").replace(";", ","), row.text("method"));
    }

    private static Line line(Key key, List<ResultTable.Row> rows) {
        List<ResultTable.Row> own =
                rows.stream().filter(row -> key(row).equals(key)).toList();
        Key other = new Key(key.qubits(), key.noise(), ShotTally.FIXED);
        double[] logarithms = new double[own.size()];
        double fixedShots = 0;
        int unreached = 0;
        for (int i = 0; i < own.size(); i++) {
            ResultTable.Row sequential = own.get(i);
            List<ResultTable.Row> fixed = rows.stream()
                    .filter(row -> key(row).equals(other) && row.number("seed") == sequential.number("seed"))
                    .sorted(Comparator.comparing(row -> row.number("max_shots")))
                    .toList();
            ResultTable.Row equal = fixed.stream()
                    .filter(row -> row.number("wrong") <= sequential.number("wrong"))
                    .findFirst()
                    .orElse(null);
            unreached += equal == null ? 1 : 0;
            double shots = (equal == null ? fixed.get(fixed.size() - 1) : equal).number("shots_per_event");
            fixedShots += shots / own.size();
            logarithms[i] = Math.log(shots / Math.max(1e-9, sequential.number("shots_per_event")));
        }
        return new Line(
                key.qubits(),
                key.noise(),
                key.bound(),
                MeanInterval.student(own.stream()
                        .mapToDouble(row -> row.number("shots_per_event"))
                        .toArray()),
                mean(own, "gates_per_event"),
                share(own, "wrong"),
                share(own, "wrong_before_cap"),
                share(own, "capped"),
                fixedShots,
                Ratio.of(logarithms),
                unreached);
    }

    private static double mean(List<ResultTable.Row> rows, String column) {
        return rows.stream().mapToDouble(row -> row.number(column)).average().orElseThrow();
    }

    private static double share(List<ResultTable.Row> rows, String column) {
        return rows.stream()
                .mapToDouble(row -> row.number(column) / row.number("events"))
                .average()
                .orElseThrow();
    }
}
