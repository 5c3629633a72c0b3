/** Stations with servers and a waiting line, single queues built of them, and the closed forms that these are held against. */
package org.qexit.simulation.queue;
