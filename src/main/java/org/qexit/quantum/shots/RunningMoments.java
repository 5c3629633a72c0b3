package org.qexit.quantum.shots;

/**
 * The plug-in estimates of Waudby-Smith and Ramdas 2023, Eq. (15): mean and variance so far, as if 1/2 and 1/4 had been seen once before.
 */
final class RunningMoments {
    private long count;
    private double sum;
    private double squares;

    void add(double value) {
        count++;
        sum += value;
        double residual = value - mean();
        squares += residual * residual;
    }

    double mean() {
        return (0.5 + sum) / (count + 1);
    }

    double variance() {
        return (0.25 + squares) / (count + 1);
    }

    /** Numbers seen. */
    long count() {
        return count;
    }
}
