package org.qexit.tier.sim;

/**
 * How large a node is.
 *
 * @param capacity W_j [units per period]
 * @param periodSeconds the period
 * @param servers among which it is divided
 * @param room events that wait or are worked on
 * @param batch events that a server may take at a time
 * @param devices of the whole fleet
 */
record NodeSize(double capacity, double periodSeconds, int servers, int room, int batch, int devices) {}
