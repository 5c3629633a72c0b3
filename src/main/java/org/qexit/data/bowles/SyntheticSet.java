package org.qexit.data.bowles;

import java.util.Arrays;

/**
 * A set of the benchmark with its split.
 *
 * @param family of the set; also the directory it is published in
 * @param name of the set, as published
 * @param features one row per sample
 * @param labels −1 or +1 per sample
 * @param train rows of the training part, in the published order
 * @param test rows of the test part, in the published order
 */
public record SyntheticSet(
        SyntheticFamily family, String name, double[][] features, int[] labels, int[] train, int[] test) {
    /** The test part is the first rows of a shuffle. */
    static SyntheticSet of(
            SyntheticFamily family, String name, double[][] features, int[] labels, int test, LegacyRandom random) {
        int n = features.length;
        int[] order = random.permutation(n);
        return new SyntheticSet(
                family, name, features, labels, Arrays.copyOfRange(order, test, n), Arrays.copyOf(order, test));
    }

    /** Number of features. */
    public int width() {
        return features[0].length;
    }
}
