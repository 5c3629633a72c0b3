package org.qexit.nn.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoupledLossTest {
    private static final double STEP = 1e-6;

    @ParameterizedTest
    @EnumSource(Surrogate.class)
    void gradientsAgreeWithFiniteDifferences(Surrogate surrogate) {
        SplittableRandom random = new SplittableRandom(7);
        for (int trial = 0; trial < 40; trial++) {
            int exits = 1 + random.nextInt(4);
            int batch = 1 + random.nextInt(9);
            Objective objective = objective(random, surrogate, exits);
            double[] logits = normals(random, 2 * batch * exits);
            byte[] labels = labels(random, batch);
            CoupledLoss loss = new CoupledLoss();
            loss.evaluate(objective, logits, labels, batch);
            double[] gradient = loss.gradient().clone();
            double lower = loss.lowerGradient();
            double upper = loss.upperGradient();
            for (int i = 0; i < logits.length; i++) {
                int at = i;
                double kept = logits[i];
                double numeric = slope(kept, x -> {
                    logits[at] = x;
                    return value(objective, logits, labels);
                });
                logits[i] = kept;
                assertEquals(numeric, gradient[i], 1e-7 * (1 + Math.abs(numeric)), "logit " + i);
            }
            assertEquals(
                    slope(
                            objective.lower(),
                            x -> value(withThresholds(objective, x, objective.upper()), logits, labels)),
                    lower,
                    1e-7 * (1 + Math.abs(lower)));
            assertEquals(
                    slope(
                            objective.upper(),
                            x -> value(withThresholds(objective, objective.lower(), x), logits, labels)),
                    upper,
                    1e-7 * (1 + Math.abs(upper)));
        }
    }

    /** For scores away from the thresholds, s tends to the hard decision: the utility to TPR, the offload to OFR. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void pathSurrogateTendsToTheDecisionRule(int exits) {
        SplittableRandom random = new SplittableRandom(exits);
        int batch = 200;
        double lower = 0.3;
        double upper = 0.6;
        double[] logits = normals(random, 2 * batch * exits);
        byte[] labels = labels(random, batch);
        int found = 0;
        int offloaded = 0;
        int positives = 0;
        for (int k = 0; k < batch; k++) {
            boolean critical = false;
            for (int q = 0; q < exits; q++) {
                double c = CoupledLoss.confidence(logits, 2 * (k * exits + q));
                if (Math.min(Math.abs(c - lower), Math.abs(c - upper)) < 1e-3) {
                    logits[2 * (k * exits + q)] += 0.1;
                    c = CoupledLoss.confidence(logits, 2 * (k * exits + q));
                }
                if (c <= lower || c >= upper) {
                    critical = c >= upper;
                    break;
                }
            }
            positives += labels[k];
            offloaded += critical ? 1 : 0;
            found += critical && labels[k] == 1 ? 1 : 0;
        }
        CoupledLoss loss = new CoupledLoss();
        loss.evaluate(
                new Objective(ones(exits), 1, Surrogate.PATH, 1, 0, 0.1, 2e5, lower, upper, new double[exits]),
                logits,
                labels,
                batch);
        assertEquals((double) found / positives, loss.utility(), 1e-9);
        assertEquals((double) offloaded / batch, loss.offload(), 1e-9);
    }

    /** The published form rewards critical events that stay undecided, which the rule calls normal in the end. */
    @Test
    void publishedSurrogateDoesNotTendToTheDecisionRule() {
        double[] logits = {0, 0};
        byte[] labels = {1};
        CoupledLoss loss = new CoupledLoss();
        loss.evaluate(
                new Objective(ones(1), 1, Surrogate.PUBLISHED, 1, 0, 0.1, 1e5, 0.3, 0.6, new double[] {1}),
                logits,
                labels,
                1);
        assertEquals(1, loss.utility(), 1e-9);
        assertEquals(0, loss.offload(), 1e-9);
    }

    @Test
    void crossEntropyIsTheTextbooks() {
        double[] logits = {0.3, -0.2, 1.5, 2.5};
        byte[] labels = {1, 0};
        CoupledLoss loss = new CoupledLoss();
        loss.evaluate(Objective.crossEntropy(ones(1), 3), logits, labels, 2);
        double critical = -Math.log(Math.exp(-0.2) / (Math.exp(0.3) + Math.exp(-0.2)));
        double normal = -Math.log(Math.exp(1.5) / (Math.exp(1.5) + Math.exp(2.5)));
        assertEquals((3 * critical + normal) / 4, loss.loss(), 1e-12);
        assertTrue(Double.isNaN(loss.utility()));
    }

    @Test
    void extremeLogitsStayFinite() {
        double[] logits = {-800, 800, 800, -800, 0, 0, -1e-300, 1e-300};
        byte[] labels = {1, 1, 0, 0};
        CoupledLoss loss = new CoupledLoss();
        loss.evaluate(
                new Objective(ones(1), 1, Surrogate.PATH, 1, 2, 0.1, 1e6, 1, Double.POSITIVE_INFINITY, new double[1]),
                logits,
                labels,
                4);
        assertTrue(Double.isFinite(loss.loss()));
        for (double g : loss.gradient()) {
            assertTrue(Double.isFinite(g));
        }
    }

    @Test
    void aBatchWithoutCriticalEventsHasNoUtility() {
        CoupledLoss loss = new CoupledLoss();
        loss.evaluate(
                new Objective(ones(1), 1, Surrogate.PATH, 1, 0.5, 0.1, 10, 0.2, 0.5, new double[1]),
                new double[] {0, 0.5},
                new byte[] {0},
                1);
        assertTrue(Double.isNaN(loss.utility()));
        assertTrue(loss.offload() > 0);
        assertTrue(Double.isFinite(loss.loss()));
    }

    @Test
    void objectiveRefusesWhatMakesNoSense() {
        assertThrows(IllegalArgumentException.class, () -> objective(0.5, 0.4, 10));
        assertThrows(IllegalArgumentException.class, () -> objective(0.1, 0.4, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> objective(Double.NaN, 0.4, 10));
    }

    private static Objective objective(double lower, double upper, double steepness) {
        return new Objective(ones(2), 1, Surrogate.PATH, 1, 0, 0.1, steepness, lower, upper, new double[2]);
    }

    private static Objective objective(SplittableRandom random, Surrogate surrogate, int exits) {
        double lower = random.nextDouble() * 0.6;
        double[] weights = new double[exits];
        double[] accuracies = new double[exits];
        for (int q = 0; q < exits; q++) {
            weights[q] = random.nextDouble() * 2;
            accuracies[q] = 0.5 + random.nextDouble() / 2;
        }
        return new Objective(
                weights,
                0.5 + random.nextDouble() * 3,
                surrogate,
                0.2 + random.nextDouble(),
                random.nextDouble(),
                0.12,
                1 + random.nextDouble() * 15,
                lower,
                lower + random.nextDouble() * (1 - lower),
                accuracies);
    }

    private static Objective withThresholds(Objective o, double lower, double upper) {
        return new Objective(
                o.exitWeights(),
                o.criticalWeight(),
                o.surrogate(),
                o.surrogateWeight(),
                o.multiplier(),
                o.offloadBudget(),
                o.steepness(),
                lower,
                upper,
                o.accuracies());
    }

    private static double value(Objective objective, double[] logits, byte[] labels) {
        CoupledLoss loss = new CoupledLoss();
        loss.evaluate(objective, logits, labels, labels.length);
        return loss.loss();
    }

    private static double slope(double x, ToDoubleFunction<Double> f) {
        return (f.applyAsDouble(x + STEP) - f.applyAsDouble(x - STEP)) / (2 * STEP);
    }

    private static double[] normals(SplittableRandom random, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }

    /** At least one critical event. */
    private static byte[] labels(SplittableRandom random, int count) {
        byte[] labels = new byte[count];
        for (int k = 0; k < count; k++) {
            labels[k] = (byte) random.nextInt(2);
        }
        labels[random.nextInt(count)] = 1;
        return labels;
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        java.util.Arrays.fill(ones, 1);
        return ones;
    }
}
