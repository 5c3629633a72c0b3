package org.qexit.threshold.node;

import java.util.SplittableRandom;

/** Softmax probabilities of events at exits that get better, rounded to a grid so that many are equal. */
final class RandomClassTrace {
    final float[][][] probabilities;
    final int[] classes;
    final int[] critical;

    /** @param levels of the grid; 0 for none */
    RandomClassTrace(SplittableRandom random, int exits, int events, int classCount, int criticals, int levels) {
        probabilities = new float[exits][events][classCount];
        classes = new int[events];
        critical =
                random.ints(0, classCount).distinct().limit(criticals).sorted().toArray();
        for (int k = 0; k < events; k++) {
            classes[k] = random.nextDouble() < 0.6 ? critical[random.nextInt(criticals)] : random.nextInt(classCount);
            for (int q = 0; q < exits; q++) {
                double[] weights = new double[classCount];
                double sum = 0;
                for (int c = 0; c < classCount; c++) {
                    double logit = random.nextGaussian() + (c == classes[k] ? 1 + q : 0);
                    weights[c] = levels > 0 ? Math.round(levels * Math.exp(logit) / 4) : Math.exp(logit);
                    sum += weights[c];
                }
                for (int c = 0; c < classCount; c++) {
                    probabilities[q][k][c] = sum > 0 ? (float) (weights[c] / sum) : 1f / classCount;
                }
            }
        }
    }
}
