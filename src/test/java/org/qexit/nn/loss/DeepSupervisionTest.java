package org.qexit.nn.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the formula written out event by event, central differences, and the binary cross-entropy of the devices. */
class DeepSupervisionTest {
    private static double[] logits(SplittableRandom random, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = 3 * random.nextGaussian();
        }
        return values;
    }

    private static double formula(double[] exitWeights, double[] classWeights, double[] logits, int[] truth) {
        int classes = classWeights.length;
        double total = 0;
        for (int q = 0; q < exitWeights.length; q++) {
            double sum = 0;
            double weights = 0;
            for (int k = 0; k < truth.length; k++) {
                double denominator = 0;
                for (int c = 0; c < classes; c++) {
                    denominator += Math.exp(logits[(k * exitWeights.length + q) * classes + c]);
                }
                double p = Math.exp(logits[(k * exitWeights.length + q) * classes + truth[k]]) / denominator;
                sum -= classWeights[truth[k]] * Math.log(p);
                weights += classWeights[truth[k]];
            }
            total += exitWeights[q] * sum / weights;
        }
        return total;
    }

    @ParameterizedTest
    @CsvSource({"1,2,1", "3,10,7", "2,3,20", "5,4,3"})
    void agreesWithFormulaAndFiniteDifferences(int exits, int classes, int batch) {
        SplittableRandom random = new SplittableRandom(exits * 31 + classes);
        double[] exitWeights = random.doubles(exits, 0.1, 2).toArray();
        double[] classWeights = random.doubles(classes, 0.2, 3).toArray();
        double[] logits = logits(random, batch * exits * classes);
        int[] truth = random.ints(batch, 0, classes).toArray();
        DeepSupervision loss = new DeepSupervision(exitWeights, classWeights);
        loss.evaluate(logits, truth, batch);
        assertEquals(formula(exitWeights, classWeights, logits, truth), loss.loss(), 1e-12);
        double[] gradient = loss.gradient().clone();
        for (int i = 0; i < logits.length; i++) {
            double kept = logits[i];
            double step = 1e-5;
            logits[i] = kept + step;
            double above = formula(exitWeights, classWeights, logits, truth);
            logits[i] = kept - step;
            double below = formula(exitWeights, classWeights, logits, truth);
            logits[i] = kept;
            assertEquals((above - below) / (2 * step), gradient[i], 1e-8);
        }
    }

    /** Two classes are the devices' cross-entropies with their weight of critical events. */
    @Test
    void isTheBinaryLossForTwoClasses() {
        SplittableRandom random = new SplittableRandom(5);
        int batch = 30;
        double[] logits = logits(random, batch * 2 * 2);
        int[] truth = random.ints(batch, 0, 2).toArray();
        DeepSupervision loss = new DeepSupervision(new double[] {1, 0.5}, new double[] {1, 4});
        loss.evaluate(logits, truth, batch);
        CoupledLoss binary = new CoupledLoss(Objective.of(
                2, java.util.List.of(new LossTerm.CrossEntropy(1.0, java.util.List.of(1.0, 0.5), 4.0, null))));
        binary.evaluate(logits, truth, batch);
        assertEquals(binary.loss(), loss.loss(), 1e-12);
        for (int i = 0; i < logits.length; i++) {
            assertEquals(binary.gradient()[i], loss.gradient()[i], 1e-12);
        }
    }

    @Test
    void isFiniteForLogitsOfAnySize() {
        DeepSupervision loss = new DeepSupervision(new double[] {1}, new double[] {1, 1, 1});
        loss.evaluate(new double[] {1e6, 0, -1e6}, new int[] {1}, 1);
        assertEquals(1e6, loss.loss(), 1e-6);
        loss.evaluate(new double[] {Double.NaN, 0, 0}, new int[] {1}, 1);
        assertTrue(Double.isNaN(loss.loss()));
    }

    /** A batch with nothing but classes that weigh nothing moves nothing. */
    @Test
    void ignoresClassesWithoutWeight() {
        DeepSupervision loss = new DeepSupervision(new double[] {1}, new double[] {0, 1});
        loss.evaluate(new double[] {0.3, 0.1, 2, 1}, new int[] {0, 0}, 2);
        assertEquals(0, loss.loss());
        for (double value : loss.gradient()) {
            assertTrue(value == 0, "gradient " + value);
        }
        assertThrows(IllegalArgumentException.class, () -> new DeepSupervision(new double[] {1}, new double[] {-1, 1}));
    }
}
