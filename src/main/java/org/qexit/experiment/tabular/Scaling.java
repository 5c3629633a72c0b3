package org.qexit.experiment.tabular;

import java.util.Arrays;

/** What is done to each feature, as learnt from training samples alone: x ↦ (x − shift) · factor. */
final class Scaling {
    private final double[] shift;
    private final double[] factor;

    private Scaling(double[] shift, double[] factor) {
        this.shift = shift;
        this.factor = factor;
    }

    /** How to scale. */
    enum Kind {
        /** As they are. */
        NONE {
            @Override
            Scaling of(double[][] rows) {
                double[] one = new double[rows[0].length];
                Arrays.fill(one, 1);
                return new Scaling(new double[one.length], one);
            }
        },
        /** Mean 0, population deviation 1; a feature that does not vary becomes 0. */
        STANDARD {
            @Override
            Scaling of(double[][] rows) {
                int width = rows[0].length;
                double[] mean = new double[width];
                double[] factor = new double[width];
                for (int j = 0; j < width; j++) {
                    for (double[] row : rows) {
                        mean[j] += row[j] / rows.length;
                    }
                    double squares = 0;
                    for (double[] row : rows) {
                        squares += (row[j] - mean[j]) * (row[j] - mean[j]);
                    }
                    factor[j] = squares == 0 ? 1 : 1 / Math.sqrt(squares / rows.length);
                }
                return new Scaling(mean, factor);
            }
        },
        /** The least value to −π/2, the largest to π/2; a feature that does not vary becomes 0. */
        HALF_TURN {
            @Override
            Scaling of(double[][] rows) {
                int width = rows[0].length;
                double[] middle = new double[width];
                double[] factor = new double[width];
                for (int j = 0; j < width; j++) {
                    double least = Double.POSITIVE_INFINITY;
                    double most = Double.NEGATIVE_INFINITY;
                    for (double[] row : rows) {
                        least = Math.min(least, row[j]);
                        most = Math.max(most, row[j]);
                    }
                    middle[j] = (least + most) / 2;
                    factor[j] = most == least ? 1 : Math.PI / (most - least);
                }
                return new Scaling(middle, factor);
            }
        };

        abstract Scaling of(double[][] rows);
    }

    /** The same samples with their features scaled. */
    Table applied(Table table) {
        double[][] rows = new double[table.size()][shift.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < shift.length; j++) {
                rows[i][j] = (table.rows()[i][j] - shift[j]) * factor[j];
            }
        }
        return new Table(rows, table.labels());
    }
}
