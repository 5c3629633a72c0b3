/**
 * The running system: what a device, an edge node and the server do with an event, written once without a clock and without a socket. The room
 * {@code sim} gives these rules simulated time.
 */
package org.qexit.tier;
