package org.qexit.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.qexit.common.RandomStreams;
import org.qexit.nn.head.HeadConfig;

/** One-dimensional inputs: convolutions and pooling along time only. */
class SeriesTest {
    private static final int LEADS = 2;
    private static final int LENGTH = 256;

    private static ModelConfig model(HeadConfig head) {
        return new ModelConfig(
                "series",
                LEADS,
                1,
                LENGTH,
                null,
                List.of(new BlockConfig(3, 7, 4, 1), new BlockConfig(4, 5, 3, 2)),
                List.of(head, head));
    }

    /** Against plain loops over time: same-padded correlation, rectifier, maxima of whole windows. */
    @Test
    void confidencesAreThoseOfPlainOneDimensionalLoops() {
        ModelConfig config = model(HeadConfig.linear());
        EarlyExitModel model = EarlyExitModel.initial(config, RandomStreams.of(4));
        SplittableRandom random = RandomStreams.of(5).stream("series");
        int events = 3;
        float[] inputs = new float[events * LEADS * LENGTH];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) random.nextDouble();
        }
        float[][] confidences = model.confidences(inputs, events);
        for (int k = 0; k < events; k++) {
            double[][] x = new double[LEADS][LENGTH];
            for (int c = 0; c < LEADS; c++) {
                for (int t = 0; t < LENGTH; t++) {
                    x[c][t] = inputs[(k * LEADS + c) * LENGTH + t];
                }
            }
            x = pooled(convolved(x, model, "block1.conv1", 7), 4);
            assertEquals(confidence(x, model, "exit1.logits"), confidences[0][k], 1e-5);
            x = pooled(convolved(convolved(x, model, "block2.conv1", 5), model, "block2.conv2", 5), 3);
            assertEquals(21, x[0].length);
            assertEquals(confidence(x, model, "exit2.logits"), confidences[1][k], 1e-5);
        }
    }

    private static double[][] convolved(double[][] x, EarlyExitModel model, String name, int kernel) {
        Tensor weight = model.tensor(name + ".weight");
        float[] bias = model.tensor(name + ".bias").values();
        assertEquals(List.of(bias.length, x.length, 1, kernel), ints(weight.shape()));
        double[][] y = new double[bias.length][x[0].length];
        for (int o = 0; o < y.length; o++) {
            for (int t = 0; t < y[o].length; t++) {
                double sum = bias[o];
                for (int c = 0; c < x.length; c++) {
                    for (int i = 0; i < kernel; i++) {
                        int at = t + i - kernel / 2;
                        if (at >= 0 && at < x[c].length) {
                            sum += weight.values()[(o * x.length + c) * kernel + i] * x[c][at];
                        }
                    }
                }
                y[o][t] = Math.max(0, sum);
            }
        }
        return y;
    }

    private static List<Integer> ints(int[] values) {
        return java.util.Arrays.stream(values).boxed().toList();
    }

    private static double[][] pooled(double[][] x, int size) {
        double[][] y = new double[x.length][x[0].length / size];
        for (int c = 0; c < x.length; c++) {
            for (int t = 0; t < y[c].length; t++) {
                y[c][t] = Double.NEGATIVE_INFINITY;
                for (int i = 0; i < size; i++) {
                    y[c][t] = Math.max(y[c][t], x[c][t * size + i]);
                }
            }
        }
        return y;
    }

    private static double confidence(double[][] x, EarlyExitModel model, String name) {
        float[] weight = model.tensor(name + ".weight").values();
        float[] bias = model.tensor(name + ".bias").values();
        double margin = bias[1] - bias[0];
        int f = 0;
        for (double[] channel : x) {
            for (double value : channel) {
                margin += value * (weight[2 * f + 1] - weight[2 * f]);
                f++;
            }
        }
        return 1 / (1 + Math.exp(-margin));
    }

    /** Counted by hand: weights read + activations read + activations written. */
    @Test
    void costsOfABeatAreThoseCountedByHand() {
        ModelConfig beat = new ModelConfig(
                "beat", 1, 1, LENGTH, null, List.of(new BlockConfig(8, 7, 4, 1)), List.of(HeadConfig.quantum(4, 2)));
        ExitCost cost = ExitCost.of(beat).get(0);
        long features = 8 * 64;
        assertEquals((7 * 8 + 8) + 4 * (features + 1) + 3 * 4 * 2 + (2 * 4 + 2), cost.parameters());
        assertEquals(7 * 8 * 256 + 4 * features + 2 * 4, cost.macs());
        long convolution = 64 + 256 + 8 * 256;
        long pooling = 8 * 256 + features;
        long angles = 4 * (features + 1) + features + 4;
        long circuit = 24 + 4 + 4;
        long logits = 10 + 4 + 2;
        assertEquals(convolution + pooling + angles + circuit + logits, cost.memoryAccesses());
    }

    @Test
    void everyTwinOfASeriesModelKeepsItsBlocksAndTheMatchedOneItsSize() {
        ModelConfig hybrid = model(HeadConfig.quantum(4, 2));
        for (Twin twin : Twin.values()) {
            ModelConfig other = twin.of(hybrid);
            assertEquals(hybrid.blocks(), other.blocks());
            EarlyExitModel model = EarlyExitModel.initial(other, RandomStreams.of(1));
            assertEquals(2, model.confidences(new float[LEADS * LENGTH], 1).length);
        }
        long wanted = ExitCost.of(hybrid).get(1).parameters();
        long matched = ExitCost.of(Twin.MATCHED.of(hybrid)).get(1).parameters();
        assertTrue(Math.abs(matched - wanted) <= Twin.TOLERANCE * wanted, matched + " for " + wanted);
    }
}
