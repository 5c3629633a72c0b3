package org.qexit.data.bowles;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Makes the 114 sets. Four programs, each with a generator of its own that runs on from set to set: so sets are made in the published order,
 * each followed by its split, and one cannot be made without those before it.
 */
public final class SyntheticSets {
    private static final int SAMPLES = 300;

    /** One sample in 5 is for testing. */
    private static final int TEST = 60;

    private static final int FIRST = 2;
    private static final int LAST = 20;
    private static final int WIDTH = 10;

    private final Consumer<SyntheticSet> made;
    private final int samples;
    private final int test;
    private final boolean standardised;

    private SyntheticSets(Consumer<SyntheticSet> made, int samples, int test, boolean standardised) {
        this.made = made;
        this.samples = samples;
        this.test = test;
        this.standardised = standardised;
    }

    /** The published sets. */
    public static void published(Consumer<SyntheticSet> made) {
        SyntheticSets sets = new SyntheticSets(made, SAMPLES, TEST, true);
        sets.separable(new LegacyRandom(42));
        sets.manifolds(new LegacyRandom(3));
        sets.curves(new LegacyRandom(3));
        sets.planes(new LegacyRandom(1));
    }

    /**
     * The same recipes with another seed, the same for all four programs.
     *
     * @param seed 0 or more
     */
    public static void seeded(int seed, Consumer<SyntheticSet> made) {
        new SyntheticSets(made, SAMPLES, TEST, true).all(seed);
    }

    /**
     * Sets by the same recipes for another protocol: as many training samples as the published sets have, more test samples of the same
     * generator, and nothing standardised, so that nothing of the test part can leak into the training part.
     *
     * @param seed 0 or more
     * @param test test samples of each set, even
     */
    public static void fresh(int seed, int test, Consumer<SyntheticSet> made) {
        new SyntheticSets(made, SAMPLES - TEST + test, test, false).all(seed);
    }

    private void all(int seed) {
        separable(new LegacyRandom(seed));
        manifolds(new LegacyRandom(seed));
        curves(new LegacyRandom(seed));
        planes(new LegacyRandom(seed));
    }

    private void set(SyntheticFamily family, String name, double[][] features, int[] labels, LegacyRandom random) {
        made.accept(SyntheticSet.of(family, name, features, labels, test, random));
    }

    private void separable(LegacyRandom random) {
        for (int d = FIRST; d <= LAST; d++) {
            double margin = 0.02 * d;
            double[][] drawn = random.uniform(2 * samples, d);
            double[][] kept = Arrays.stream(drawn)
                    .map(row -> Arrays.stream(row).map(value -> 2 * value - 1).toArray())
                    .filter(row -> Math.abs(plainSum(row)) > margin)
                    .limit(samples)
                    .toArray(double[][]::new);
            int[] labels = Arrays.stream(kept)
                    .mapToInt(row -> plainSum(row) > 0 ? -1 : 1)
                    .toArray();
            set(SyntheticFamily.LINEARLY_SEPARABLE, "linearly_separable_" + d + "d", kept, labels, random);
        }
    }

    private void manifolds(LegacyRandom random) {
        for (int d = FIRST; d <= LAST; d++) {
            manifold(SyntheticFamily.HIDDEN_MANIFOLD, "hidden_manifold-6manifold-" + d + "d", d, 6, random);
        }
        for (int m = FIRST; m <= LAST; m++) {
            String name = "hidden_manifold-" + WIDTH + "d-" + m + "manifold";
            manifold(SyntheticFamily.HIDDEN_MANIFOLD_DIFF, name, WIDTH, m, random);
        }
    }

    private void manifold(SyntheticFamily family, String name, int width, int dimensions, LegacyRandom random) {
        double[][] embedding = random.normal(dimensions, width);
        double[][] points = random.normal(samples, dimensions);
        double[] bias =
                Arrays.stream(random.uniform(width)).map(value -> 2 * value - 1).toArray();
        double root = Math.sqrt(dimensions);
        double[][] features = Matrices.product(points, embedding);
        for (double[] row : features) {
            for (int j = 0; j < width; j++) {
                row[j] = StrictMath.tanh(row[j] / root - bias[j]);
            }
        }
        double[][] hidden = random.normal(dimensions, dimensions);
        double[] output = random.normal(dimensions);
        double[] value = new double[samples];
        for (int i = 0; i < samples; i++) {
            double sum = 0;
            for (int k = 0; k < dimensions; k++) {
                sum += output[k] * (StrictMath.tanh(Matrices.dot(hidden[k], points[i])) / root);
            }
            value[i] = sum;
        }
        double median = median(value);
        int[] labels =
                Arrays.stream(value).mapToInt(y -> y - median < 0 ? -1 : 1).toArray();
        set(family, name, features, labels, random);
    }

    private void curves(LegacyRandom random) {
        for (int d = FIRST; d <= LAST; d++) {
            curve(SyntheticFamily.TWO_CURVES, "two_curves-5degree-0.1offset-" + d + "d", d, 5, 0.1, random);
        }
        for (int degree = FIRST; degree <= LAST; degree++) {
            String name = "two_curves-" + WIDTH + "d-" + degree + "degree";
            curve(SyntheticFamily.TWO_CURVES_DIFF, name, WIDTH, degree, 1.0 / (2 * degree), random);
        }
    }

    private void curve(SyntheticFamily family, String name, int width, int degree, double offset, LegacyRandom random) {
        double[][][] coefficients = new double[width][][];
        double squares = 0;
        for (int i = 0; i < width; i++) {
            coefficients[i] = random.uniform(degree + 1, 2);
            for (double[] pair : coefficients[i]) {
                squares += pair[0] * pair[0] + pair[1] * pair[1];
            }
        }
        double length = Math.sqrt(squares);
        for (double[][] component : coefficients) {
            for (double[] pair : component) {
                pair[0] /= length;
                pair[1] /= length;
            }
        }
        double[][] features = new double[samples][width];
        for (int sample = 0; sample < samples; sample++) {
            double t = random.uniform();
            double shift = sample < samples / 2 ? 0 : offset;
            for (int i = 0; i < width; i++) {
                features[sample][i] = fourier(coefficients[i], t) + 0.01 * random.normal() + shift;
            }
        }
        standardise(features);
        set(family, name, features, halves(), random);
    }

    private static double fourier(double[][] component, double t) {
        double sum = 0;
        for (int f = 1; f < component.length; f++) {
            double angle = f * Math.PI * t;
            sum += component[f][0] * StrictMath.cos(angle) + component[f][1] * StrictMath.sin(angle);
        }
        return component[0][0] + component[0][1] + sum;
    }

    private void planes(LegacyRandom random) {
        int dimensions = 3;
        for (int planes = FIRST; planes <= LAST; planes++) {
            double[][] weights = random.uniform(planes, dimensions);
            double[] biases = random.uniform(planes);
            double[][] points = random.normal(4 * samples, dimensions);
            double[][] embedding = random.uniform(dimensions, WIDTH);
            double[][] chosen = new double[samples][];
            int[] found = new int[2];
            for (double[] point : points) {
                int above = 0;
                for (int k = 0; k < planes; k++) {
                    above += Matrices.dot(weights[k], point) + biases[k] > 0 ? 1 : 0;
                }
                int odd = above % 2;
                if (found[odd] < samples / 2) {
                    chosen[odd * samples / 2 + found[odd]++] = point;
                }
            }
            if (found[0] + found[1] < samples) {
                throw new IllegalArgumentException(
                        "this seed gives too few points of a class for " + planes + " planes; choose another");
            }
            double[][] features = Matrices.product(chosen, embedding);
            standardise(features);
            String name = "hyperplanes-" + WIDTH + "d-from" + dimensions + "d-" + planes + "n";
            set(SyntheticFamily.HYPERPLANES_DIFF, name, features, halves(), random);
        }
    }

    private void standardise(double[][] features) {
        if (standardised) {
            Matrices.standardise(features);
        }
    }

    /** The first half of the samples −1, the second +1. */
    private int[] halves() {
        int[] labels = new int[samples];
        Arrays.fill(labels, 0, samples / 2, -1);
        Arrays.fill(labels, samples / 2, samples, 1);
        return labels;
    }

    private static double plainSum(double[] row) {
        double sum = 0;
        for (double value : row) {
            sum += value;
        }
        return sum;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
    }
}
