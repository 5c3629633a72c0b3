package org.qexit.experiment;

import org.qexit.allocation.Plan;

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
            Outcome outcome) {
        double accesses = 0;
        for (int q = 0; q < cumulativeAccesses.length; q++) {
            accesses += (double) outcome.counts().exits().get(q) * cumulativeAccesses[q];
        }
        return new EventCosts(
                joulesPerMemoryAccess * accesses / outcome.counts().events(),
                joulesPerMemoryAccess * cumulativeAccesses[cumulativeAccesses.length - 1],
                planned.powerWatts() * planned.delaySeconds(),
                planned.delaySeconds(),
                device.deadlineSeconds());
    }
}
