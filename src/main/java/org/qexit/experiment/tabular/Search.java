package org.qexit.experiment.tabular;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.qexit.common.RandomStreams;
import org.qexit.data.bowles.SyntheticSet;

/**
 * One model on one set: every point of the grid by five-fold cross-validation, then the best, by the mean accuracy on the folds, trained
 * again on all. A point of which a fit failed counts for nothing.
 *
 * @param points the grid
 * @param refits trainings of the best point
 * @param machines on which the best point is trained again, as often
 */
record Search(
        SyntheticSet set,
        int dataSeed,
        TabularConfig.Protocol protocol,
        Contender contender,
        List<Point> points,
        int refits,
        List<Machine> machines,
        FitTable table) {
    Search {
        int qubits = contender.qubits(set.width());
        machines = qubits > 0 && Machine.takes(qubits) ? machines : List.of();
    }

    FitTable.Key key(FitTable.Stage stage, Point point, int part) {
        return new FitTable.Key(set.name(), dataSeed, stage, point.toString(), part);
    }

    /** The points whose folds are not all there. */
    List<Point> missing() {
        return points.stream()
                .filter(point -> table.get(key(FitTable.Stage.SEARCH, point, Folds.COUNT - 1)) == null)
                .toList();
    }

    /** Trains a point's folds. */
    List<FitTable.Row> searched(Point point, BooleanSupplier stopped) {
        Table all = Table.train(set);
        int[] parts = Folds.of(all.labels());
        List<FitTable.Row> rows = new ArrayList<>();
        for (int fold = 0; fold < Folds.COUNT; fold++) {
            FitTable.Key key = key(FitTable.Stage.SEARCH, point, fold);
            Table train = all.part(Folds.samples(parts, fold, false));
            Table test = all.part(Folds.samples(parts, fold, true));
            rows.add(new FitTable.Row(key, fit(key, point, train, test, stopped)));
        }
        return rows;
    }

    /** The best point so far; none if every point failed or nothing is there. */
    Optional<Point> best() {
        Point best = null;
        double most = -1;
        for (Point point : points) {
            double sum = 0;
            for (int fold = 0; fold < Folds.COUNT; fold++) {
                Fit fit = table.get(key(FitTable.Stage.SEARCH, point, fold));
                sum += fit == null || !fit.converged() ? Double.NaN : fit.test();
            }
            if (sum > most) {
                most = sum;
                best = point;
            }
        }
        return Optional.ofNullable(best);
    }

    boolean isRefitted() {
        return best().map(point -> table.get(key(FitTable.Stage.REFIT, point, refits - 1)) != null)
                .orElse(missing().isEmpty());
    }

    /** Trains a point, the best, on all training samples, as often as is wanted. */
    List<FitTable.Row> refitted(Point point, BooleanSupplier stopped) {
        List<FitTable.Row> rows = new ArrayList<>();
        for (int part = 0; part < refits; part++) {
            FitTable.Key key = key(FitTable.Stage.REFIT, point, part);
            rows.add(new FitTable.Row(key, fit(key, point, Table.train(set), Table.test(set), stopped)));
        }
        return rows;
    }

    private FitTable.Key key(Machine machine, Point point, int part) {
        return new FitTable.Key(set.name(), dataSeed, FitTable.Stage.MEASURED, point + ";" + machine.word(), part);
    }

    /** The machines on which the best point is not trained yet. */
    List<Machine> unmeasured() {
        return best().map(point -> machines.stream()
                        .filter(machine -> table.get(key(machine, point, refits - 1)) == null)
                        .toList())
                .orElse(missing().isEmpty() ? List.of() : machines);
    }

    /** Trains a point, the best, on a machine. */
    List<FitTable.Row> measured(Machine machine, Point point, BooleanSupplier stopped) {
        List<FitTable.Row> rows = new ArrayList<>();
        for (int part = 0; part < refits; part++) {
            FitTable.Key key = key(machine, point, part);
            rows.add(new FitTable.Row(key, fit(key, point, Table.train(set), Table.test(set), machine, stopped)));
        }
        return rows;
    }

    /** Test accuracies on a machine, of trainings that did not fail; none while they are missing. */
    double[] accuracies(Machine machine) {
        return best().filter(point -> missing().isEmpty())
                .map(point -> accuracies(part -> key(machine, point, part)))
                .orElse(new double[0]);
    }

    private double[] accuracies(IntFunction<FitTable.Key> keys) {
        return IntStream.range(0, refits)
                .mapToObj(part -> table.get(keys.apply(part)))
                .filter(fit -> fit != null && fit.converged())
                .mapToDouble(Fit::test)
                .toArray();
    }

    private Fit fit(FitTable.Key key, Point point, Table train, Table test, BooleanSupplier stopped) {
        return fit(key, point, train, test, Machine.exact(), stopped);
    }

    private Fit fit(FitTable.Key key, Point point, Table train, Table test, Machine machine, BooleanSupplier stopped) {
        Scaling scaling = contender.scaling(protocol).of(train.rows());
        return contender.fit(point, scaling.applied(train), scaling.applied(test), machine, random(key), stopped);
    }

    private SplittableRandom random(FitTable.Key key) {
        return RandomStreams.of(dataSeed).stream("tabular/" + contender.word() + "/" + set.name() + "/" + key.stage()
                + "/" + key.point() + "/" + key.part());
    }

    /** Test accuracies of the refits that did not fail; none while they are missing. */
    double[] accuracies() {
        Point point = best().orElse(null);
        if (point == null || !missing().isEmpty()) {
            return new double[0];
        }
        return accuracies(part -> key(FitTable.Stage.REFIT, point, part));
    }
}
