package org.qexit.nn.node;

/** What an offloaded event counts at an edge node, in units of one event that goes through the whole network, Eq. (13). */
public enum ComputeUnits {
    /** One unit each. */
    FULL,
    /** Mean over whole computation with the node's early exits, at the thresholds that were chosen for it. */
    MEAN
}
