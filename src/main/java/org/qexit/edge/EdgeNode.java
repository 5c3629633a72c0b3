package org.qexit.edge;

import org.qexit.common.Checks;

/**
 * An edge node's capacities. A capacity may be 0: such a node serves nobody.
 *
 * @param id name
 * @param bandwidthHz B_j, Eq. (24d)
 * @param computeUnits W_j, offloaded events per period, Eq. (24e)
 * @param securityLevel s_j; 1 is the highest
 * @param powerWatts P_j, budget for its devices' transmission power, Eq. (28), or null for none
 */
public record EdgeNode(String id, double bandwidthHz, double computeUnits, int securityLevel, Double powerWatts) {
    public EdgeNode {
        Checks.notBlank("id", id);
        NumberRange.NODE_HZ.check("bandwidthHz", bandwidthHz);
        NumberRange.COMPUTE_UNITS.check("computeUnits", computeUnits);
        Checks.within("securityLevel", securityLevel, 1, Integer.MAX_VALUE);
        if (powerWatts != null) {
            NumberRange.NODE_WATTS.check("powerWatts", powerWatts);
        }
    }
}
