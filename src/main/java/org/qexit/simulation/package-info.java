/**
 * Discrete-event simulation that knows nothing of devices and nodes: a calendar of events, named random streams, snapshots, replications.
 * Rooms: {@code statistics} of a run, and {@code queue} with the stations whose closed forms are known.
 */
package org.qexit.simulation;
