package org.qexit.experiment.tabular;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class ClassicalTest {
    private static Table rings(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] rows = new double[n][2];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            labels[i] = i % 3 == 0 ? 1 : -1;
            double radius = labels[i] > 0 ? 1 : 2.5;
            double angle = 2 * Math.PI * random.nextDouble();
            rows[i][0] = 100 + radius * Math.cos(angle) + 0.1 * random.nextGaussian();
            rows[i][1] = radius * Math.sin(angle) + 0.1 * random.nextGaussian();
        }
        return new Table(rows, labels);
    }

    private static Table scaled(int n, long seed) {
        return Scaling.Kind.STANDARD.of(rings(90, 1).rows()).applied(rings(n, seed));
    }

    @Test
    void ringsAreLearntByWhatCanBend() {
        for (Contender contender : new Contender[] {Contender.MLP, Contender.SVC}) {
            double best = contender.grid().stream()
                    .filter(point -> !"0.001".equals(point.values().get("learningRate")))
                    .mapToDouble(point -> contender
                            .fit(point, scaled(90, 1), scaled(90, 2), new SplittableRandom(1), () -> false)
                            .test())
                    .max()
                    .orElseThrow();
            assertEquals(1, best, contender.word());
        }
    }

    @Test
    void perceptronsGradientIsThatOfItsLoss() {
        SplittableRandom random = new SplittableRandom(4);
        Perceptron perceptron = new Perceptron(3, new int[] {4, 3}, 0.3);
        double[] rows = random.doubles(18, -1, 1).toArray();
        int[] labels = {1, -1, -1, 1, 1, -1};
        int[] order = {5, 0, 1, 4, 2, 3};
        for (double[] layer : perceptron.weights) {
            Arrays.setAll(layer, i -> random.nextDouble() - 0.4);
        }
        Perceptron.Pass pass = perceptron.new Pass();
        pass.gradient(rows, labels, order, 1, 4);
        double[][] gradient =
                Arrays.stream(pass.weightGradients).map(double[]::clone).toArray(double[][]::new);
        for (int l = 0; l < gradient.length; l++) {
            for (int i = 0; i < gradient[l].length; i++) {
                double kept = perceptron.weights[l][i];
                perceptron.weights[l][i] = kept + 1e-6;
                double above = pass.gradient(rows, labels, order, 1, 4);
                perceptron.weights[l][i] = kept - 1e-6;
                double below = pass.gradient(rows, labels, order, 1, 4);
                perceptron.weights[l][i] = kept;
                assertEquals((above - below) / 2e-6, gradient[l][i], 1e-7, l + " " + i);
            }
        }
        assertEquals(3 * 4 + 4 * 3 + 3 + 4 + 3 + 1, perceptron.parameters());
    }

    @Test
    void stoppedIsStopped() {
        Table table = rings(30, 1);
        for (Contender contender : new Contender[] {Contender.MLP, Contender.SEPARABLE}) {
            Point point = contender.grid().get(0);
            assertThrows(
                    CancellationException.class,
                    () -> contender.fit(point, table, table, new SplittableRandom(1), () -> true));
        }
    }

    @Test
    void foldsAreThoseOfStratifiedKFold() {
        // By hand: 6 of the first class are dealt 2 1 1 1 1, 5 of the second 1 1 1 1 1 (sorted: cards 0-5 and 6-10).
        int[] labels = {1, 1, -1, 1, -1, -1, 1, 1, -1, 1, -1};
        assertArrayEquals(new int[] {0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4}, Folds.of(labels));
        int[] parts = Folds.of(rings(57, 1).labels());
        for (int part = 0; part < 5; part++) {
            int[] inside = Folds.samples(parts, part, true);
            int[] outside = Folds.samples(parts, part, false);
            assertEquals(57, inside.length + outside.length);
            long positive = Arrays.stream(inside).filter(i -> i % 3 == 0).count();
            assertTrue(positive == 3 || positive == 4, part + ": " + positive);
            assertTrue(inside.length == 11 || inside.length == 12);
        }
    }

    @Test
    void lossesThatFallAreNotSettled() {
        double[] losses = new double[400];
        for (int shift : new int[] {0, 17, 399}) {
            // Sawteeth of deviation about 1 around a line that falls by 0.0004 or 0.0001 a step: 0.08 or 0.02 against
            // 0.035.
            for (double slope : new double[] {4e-4, 1e-4}) {
                for (int s = 0; s < 400; s++) {
                    losses[(s + shift) % 400] = 5 - slope * s + (s % 2 == 0 ? 1 : -1);
                }
                assertEquals(slope < 2e-4, SmallBatches.converged(losses, 399 + shift), slope + " " + shift);
            }
        }
        assertTrue(SmallBatches.converged(new double[400], 399));
    }

    @Test
    void aFeatureThatDoesNotVaryBecomesZero() {
        double[][] rows = {{1, 7}, {3, 7}, {2, 7}};
        Table table = new Table(rows, new int[] {1, 1, -1});
        double[] half = Scaling.Kind.HALF_TURN.of(rows).applied(table).flat();
        assertArrayEquals(new double[] {-Math.PI / 2, 0, Math.PI / 2, 0, 0, 0}, half, 1e-15);
        double[] standard = Scaling.Kind.STANDARD.of(rows).applied(table).flat();
        assertArrayEquals(new double[] {-Math.sqrt(1.5), 0, Math.sqrt(1.5), 0, 0, 0}, standard, 1e-15);
        Table other = new Table(new double[][] {{6, 7}}, new int[] {1});
        assertEquals(4 * Math.PI, Scaling.Kind.HALF_TURN.of(rows).applied(other).flat()[0] * 2, 1e-12);
        assertArrayEquals(
                table.flat(), Scaling.Kind.NONE.of(rows).applied(table).flat());
    }

    @Test
    void publishedFiguresTolerateASampleAtLeast() {
        Published same = Published.of("linearly_separable_10d", Contender.SVC).orElseThrow();
        assertEquals(5, same.seeds());
        assertEquals(1.0 / 60, new Published(5, 0.9, 0, 1, 1).tolerance(new double[] {0.9, 0.9}));
        // By hand: variances of the means 0.04² / 4 and 0.025² , ν = 2.44, t = 3.64.
        assertEquals(0.1165, new Published(5, 0.9, 0.04, 1, 1).tolerance(new double[] {0.85, 0.9}), 0.001);
        assertFalse(
                Published.of("linearly_separable_10d", Contender.DRESSED_TWIN).isPresent());
    }
}
