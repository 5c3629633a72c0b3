package org.qexit.quantum.shots;

import java.util.Arrays;

/**
 * Bettors j = 1 &hellip; J each stake a fixed share f_j of what can be lost against "mean at most m":
 *
 * <pre>K_j &larr; K_j (1 + f_j (x / m - 1)),   reject when the mean of the K_j reaches 1/&alpha;.</pre>
 *
 * Under the hypothesis each K_j is a non-negative supermartingale that starts at 1, hence so is their mean. The best share for a gap
 * &Delta; at variance s&sup2; is
 * about m &Delta; / s&sup2;; a grid of ratio 1.6 costs little against it, whatever the gap.
 */
final class BettingTest implements MeanTest {
    /** Stakes from a little below all that can be lost down to what suits a gap that takes some ten thousand shots. */
    private static final double[] SHARES = shares(0.95, 1.6, 12);

    private final double m;
    /** What the sum of the capitals must reach. */
    private final double goal;

    private final double[] capitals = new double[SHARES.length];
    private boolean rejected;

    BettingTest(double m, double alpha) {
        this.m = m;
        goal = SHARES.length / alpha;
        Arrays.fill(capitals, 1);
    }

    private static double[] shares(double largest, double ratio, int count) {
        double[] shares = new double[count];
        Arrays.setAll(shares, j -> largest / Math.pow(ratio, j));
        return shares;
    }

    @Override
    public void add(double value) {
        if (rejected) {
            return;
        }
        double excess = value / m - 1;
        double sum = 0;
        for (int j = 0; j < capitals.length; j++) {
            capitals[j] *= 1 + SHARES[j] * excess;
            sum += capitals[j];
        }
        rejected = sum >= goal;
    }

    @Override
    public boolean rejects() {
        return rejected;
    }
}
