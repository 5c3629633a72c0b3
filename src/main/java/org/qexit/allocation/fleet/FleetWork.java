package org.qexit.allocation.fleet;

import java.util.List;

/** Passes over all blocks of a fleet, wherever they are; sums may be formed in any order. */
public interface FleetWork {
    PriceSums price(Prices prices);

    /** Bandwidth, least load and load at the prices at each node, {@code [3][node]}. */
    double[][] uses(Choice choice);

    List<Candidate> candidates(Choice choice, boolean[] overfull);
}
