package org.qexit.experiment.tabular;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The results of Bowles, Ahmed and Schuld (arXiv 2403.07059), recounted from their raw files.
 *
 * @param seeds refits
 * @param mean of their test accuracies
 * @param deviation population deviation of them
 * @param gridPoints tried
 * @param fitSeconds of one fit, mean over the grid, on their machines
 */
record Published(int seeds, double mean, double deviation, int gridPoints, double fitSeconds) {
    /** A sample of a test part. */
    private static final double ONE_SAMPLE = 1.0 / 60;

    private static final Pattern DEGREES = Pattern.compile("two_curves-10d-([0-9]+)degree");

    private static final Map<String, Published> ALL = read();

    private static Map<String, Published> read() {
        Map<String, Published> all = new HashMap<>();
        try (InputStream in = Published.class.getResourceAsStream("published.csv")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .forEach(line -> {
                        String[] cells = line.split(",");
                        all.put(
                                cells[0] + "," + cells[1],
                                new Published(
                                        Integer.parseInt(cells[2]),
                                        Double.parseDouble(cells[3]),
                                        Double.parseDouble(cells[4]),
                                        Integer.parseInt(cells[5]),
                                        Double.parseDouble(cells[6])));
                    });
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return all;
    }

    /**
     * Whether what was published as test accuracy is the accuracy on the training samples: in the raw files of {@code two_curves_diff} every
     * refit has the same value, to the last digit, in both columns, for these degrees.
     */
    static boolean isOnTraining(String dataset, Contender contender) {
        Matcher parts = DEGREES.matcher(dataset);
        return parts.matches()
                && Integer.parseInt(parts.group(1))
                        >= switch (contender) {
                            case SEPARABLE -> 2;
                            case MLP -> 13;
                            case SVC -> 16;
                            default -> Integer.MAX_VALUE;
                        };
    }

    static Optional<Published> of(String dataset, Contender contender) {
        return Optional.ofNullable(ALL.get(dataset + "," + contender.published()));
    }

    /**
     * How far another mean may be off: a test sample, or half of Welch's 95 % interval of the difference.
     *
     * @param others accuracies of at least two refits
     */
    double tolerance(double[] others) {
        double otherMean = java.util.Arrays.stream(others).average().orElseThrow();
        double otherSquares = java.util.Arrays.stream(others)
                .map(a -> (a - otherMean) * (a - otherMean))
                .sum();
        int n = others.length;
        double first = seeds < 2 ? 0 : deviation * deviation / (seeds - 1);
        double second = otherSquares / (n - 1) / n;
        if (first + second == 0) {
            return ONE_SAMPLE;
        }
        double freedom = (first + second)
                * (first + second)
                / (first * first / Math.max(1, seeds - 1) + second * second / (n - 1));
        double half = TDistribution.of(freedom).inverseCumulativeProbability(0.975) * Math.sqrt(first + second);
        return Math.max(ONE_SAMPLE, half);
    }
}
