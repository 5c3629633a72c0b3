package org.qexit.allocation.fleet;

import java.io.Serializable;

/** A device at its node, with its staircase: arrays {@code [step]}. */
public record Placed(
        String id,
        int node,
        double hertz,
        double watts,
        double weight,
        int positives,
        double[] load,
        double[] value,
        int[] truePositives,
        int[] falsePositives,
        float[] lower,
        float[] upper)
        implements Serializable {}
