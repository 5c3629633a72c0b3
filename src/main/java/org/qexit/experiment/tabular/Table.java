package org.qexit.experiment.tabular;

import org.qexit.data.bowles.SyntheticSet;

/**
 * Samples of two classes.
 *
 * @param rows {@code [sample][feature]}
 * @param labels −1 or +1 per sample
 */
public record Table(double[][] rows, int[] labels) {
    public Table {
        if (rows.length == 0 || rows.length != labels.length) {
            throw new IllegalArgumentException("rows has " + rows.length + " samples, labels " + labels.length
                    + "; expected as many, at least one");
        }
    }

    static Table train(SyntheticSet set) {
        return new Table(set.features(), set.labels()).part(set.train());
    }

    static Table test(SyntheticSet set) {
        return new Table(set.features(), set.labels()).part(set.test());
    }

    int size() {
        return rows.length;
    }

    int width() {
        return rows[0].length;
    }

    /** All samples, one after another: {@code [sample][feature]}, flat. */
    double[] flat() {
        double[] flat = new double[size() * width()];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * width(), width());
        }
        return flat;
    }

    /** Samples by number, in the order given. */
    Table part(int[] samples) {
        double[][] some = new double[samples.length][];
        int[] classes = new int[samples.length];
        for (int i = 0; i < samples.length; i++) {
            some[i] = rows[samples[i]];
            classes[i] = labels[samples[i]];
        }
        return new Table(some, classes);
    }
}
