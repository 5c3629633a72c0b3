package org.qexit.data.bowles;

import org.apache.commons.math3.random.MersenneTwister;

/**
 * The draws of NumPy's legacy generator, {@code numpy.random.RandomState(seed)}, bit for bit: MT19937, doubles of 53 bits, normal numbers by
 * the polar method, shuffles by masked rejection. NumPy has frozen this stream (NEP 19).
 *
 * <p>Normal numbers need a logarithm, and C libraries' differ in the last bit for one argument in some thousand: {@link Logarithm}.
 */
final class LegacyRandom {
    private final MersenneTwister words;
    private double spare;
    private boolean hasSpare;

    /** @param seed 0 to 2³¹ − 1 */
    LegacyRandom(int seed) {
        if (seed < 0) {
            throw new IllegalArgumentException("seed is " + seed + "; expected 0 or more");
        }
        words = new MersenneTwister(seed);
    }

    /** Uniform on [0, 1): 27 and 26 bits of two words. */
    double uniform() {
        int high = words.nextInt() >>> 5;
        int low = words.nextInt() >>> 6;
        return (high * 0x1p26 + low) * 0x1p-53;
    }

    double[] uniform(int n) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = uniform();
        }
        return values;
    }

    double[][] uniform(int rows, int columns) {
        double[][] values = new double[rows][];
        for (int i = 0; i < rows; i++) {
            values[i] = uniform(columns);
        }
        return values;
    }

    /** Standard normal: of each pair the second number first, the first with the next call. */
    double normal() {
        if (hasSpare) {
            hasSpare = false;
            return spare;
        }
        double first;
        double second;
        double square;
        do {
            first = 2 * uniform() - 1;
            second = 2 * uniform() - 1;
            square = first * first + second * second;
        } while (square >= 1 || square == 0);
        double factor = Math.sqrt(-2 * Logarithm.of(square) / square);
        spare = factor * first;
        hasSpare = true;
        return factor * second;
    }

    double[] normal(int n) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = normal();
        }
        return values;
    }

    double[][] normal(int rows, int columns) {
        double[][] values = new double[rows][];
        for (int i = 0; i < rows; i++) {
            values[i] = normal(columns);
        }
        return values;
    }

    /** Uniform on 0..most: words cut to as many bits as {@code most} has, until one is not above it; no word if {@code most} is 0. */
    private int upTo(int most) {
        if (most == 0) {
            return 0;
        }
        int mask = Integer.highestOneBit(most) * 2 - 1;
        int value;
        do {
            value = words.nextInt() & mask;
        } while (value > most);
        return value;
    }

    /** The numbers 0..n−1, shuffled. */
    int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            int j = upTo(i);
            int moved = order[i];
            order[i] = order[j];
            order[j] = moved;
        }
        return order;
    }
}
