package org.qexit.experiment.run;

import org.qexit.allocation.Plan;
import org.qexit.edge.Energy;

/**
 * Energy and delay of one device's events under a plan, docs/maths.md §7.
 *
 * @param localJoules mean local energy per event, only the blocks up to the exit taken
 * @param wholeNetworkJoules local energy per event if all blocks always ran, Eq. (3)
 * @param offloadJoules transmission energy per offloaded event, Eq. (10)
 * @param delaySeconds transmission time of one offloaded event, Eq. (11)
 * @param deadlineSeconds the delay allowed
 */
record EventCosts(
        double localJoules,
        double wholeNetworkJoules,
        double offloadJoules,
        double delaySeconds,
        double deadlineSeconds) {

    /**
     * @param joulesPerMemoryAccess γ of Eq. (3)
     * @param cumulativeAccesses memory accesses of an event that leaves at exit q, {@code [exit]}
     */
    static EventCosts of(
            double joulesPerMemoryAccess,
            long[] cumulativeAccesses,
            Fleet.Device device,
            Plan.Device planned,
            DeviceCounts outcome) {
        long[] blocks = new long[cumulativeAccesses.length];
        long[] exits = new long[blocks.length];
        for (int q = 0; q < blocks.length; q++) {
            blocks[q] = cumulativeAccesses[q] - (q == 0 ? 0 : cumulativeAccesses[q - 1]);
            exits[q] = outcome.counts().exits().get(q);
        }
        return new EventCosts(
                Energy.meanJoules(joulesPerMemoryAccess, blocks, exits),
                Energy.wholeNetworkJoules(joulesPerMemoryAccess, blocks),
                planned.powerWatts() * planned.delaySeconds(),
                planned.delaySeconds(),
                device.deadlineSeconds());
    }
}
