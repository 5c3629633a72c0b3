package org.qexit.allocation.fleet;

import java.io.Serializable;

/**
 * A device at an overfull node.
 *
 * @param node where it is
 * @param hertz its bandwidth there
 * @param leastUnits load of its first step
 * @param units load of the step that it would take there at the prices
 * @param to where else it could be, {@code [place]}
 * @param toHertz its bandwidth there
 * @param toUnits its load there at the prices
 * @param loss what the move costs, at the prices
 */
public record Candidate(
        String id,
        int node,
        double hertz,
        double leastUnits,
        double units,
        int[] to,
        double[] toHertz,
        double[] toUnits,
        double[] loss)
        implements Serializable {}
