package org.qexit.data.streams;

/**
 * How a device's events are divided.
 *
 * @param validation share that sets the thresholds
 * @param calibration share that guarantees are computed on; thresholds must not have seen it
 * @param test share that is reported, once
 */
public record SplitFractions(double validation, double calibration, double test) {
    /** Most for the thresholds, which need many critical events; equal shares for the other two. */
    public static final SplitFractions DEFAULT = new SplitFractions(0.4, 0.3, 0.3);

    public SplitFractions {
        for (double share : new double[] {validation, calibration, test}) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("split has a share of " + share + "; expected 0 to 1");
            }
        }
        double sum = validation + calibration + test;
        if (Math.abs(sum - 1) > 1e-9) {
            throw new IllegalArgumentException("split shares add up to " + sum + "; expected 1");
        }
    }

    double[] weights() {
        return new double[] {validation, calibration, test};
    }
}
