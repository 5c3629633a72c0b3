package org.qexit.allocation.fleet;

import java.io.Serializable;

/** What devices do at prices, summed; sums of parts are added. */
public final class PriceSums implements Serializable {
    private static final long serialVersionUID = 1L;

    long devices;
    /** Σ ρ_n. */
    double weight;
    /** Σ_n max over nodes and steps of value − price · use. */
    double best;
    /** The same with a soft maximum over nodes. */
    double blurred;
    /** Expected bandwidth, {@code [node]}. */
    final double[] hertz;
    /** Expected offloaded events, {@code [node]}. */
    final double[] units;
    /** How fast they fall with their own price, about. */
    final double[] hertzCurve;

    final double[] unitsCurve;

    public PriceSums(int nodes) {
        hertz = new double[nodes];
        units = new double[nodes];
        hertzCurve = new double[nodes];
        unitsCurve = new double[nodes];
    }

    public PriceSums add(PriceSums other) {
        devices += other.devices;
        weight += other.weight;
        best += other.best;
        blurred += other.blurred;
        for (int j = 0; j < hertz.length; j++) {
            hertz[j] += other.hertz[j];
            units[j] += other.units[j];
            hertzCurve[j] += other.hertzCurve[j];
            unitsCurve[j] += other.unitsCurve[j];
        }
        return this;
    }
}
