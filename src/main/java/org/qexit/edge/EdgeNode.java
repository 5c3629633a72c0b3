package org.qexit.edge;

import org.qexit.common.Checks;

/**
 * An edge node's capacities. A capacity may be 0: such a node serves nobody.
 *
 * @param id name
 * @param bandwidthHz B_j, Eq. (24d)
 * @param computeUnits W_j, events per period that go through the whole of the node's model, Eq. (24e)
 * @param securityLevel s_j; 1 is the highest
 * @param powerWatts P_j, budget for its devices' transmission power, Eq. (28), or null for none
 * @param unitsPerEvent r_j, compute units that an offloaded event takes in the mean, in (0, 1]; null means 1: with early exits at the node
 *     an event takes less than one
 */
public record EdgeNode(
        String id,
        double bandwidthHz,
        double computeUnits,
        int securityLevel,
        Double powerWatts,
        Double unitsPerEvent) {
    public EdgeNode {
        Checks.notBlank("id", id);
        NumberRange.NODE_HZ.check("bandwidthHz", bandwidthHz);
        NumberRange.COMPUTE_UNITS.check("computeUnits", computeUnits);
        Checks.within("securityLevel", securityLevel, 1, Integer.MAX_VALUE);
        if (powerWatts != null) {
            NumberRange.NODE_WATTS.check("powerWatts", powerWatts);
        }
        if (unitsPerEvent != null) {
            NumberRange.UNITS_PER_EVENT.check("unitsPerEvent", unitsPerEvent);
        }
    }

    /** Where an offloaded event takes one compute unit. */
    public EdgeNode(String id, double bandwidthHz, double computeUnits, int securityLevel, Double powerWatts) {
        this(id, bandwidthHz, computeUnits, securityLevel, powerWatts, null);
    }

    /** The compute units of so many offloaded events. */
    public double unitsOf(double events) {
        return unitsPerEvent == null ? events : events * unitsPerEvent;
    }

    /** W_j / r_j, the offloaded events per period that the compute suffices for. */
    public double eventsPerPeriod() {
        return unitsPerEvent == null ? computeUnits : computeUnits / unitsPerEvent;
    }
}
