/** What a run tells: tallies, means over time, quantiles in flat memory, the cut of its warm-up. All of it can be written and read back. */
package org.qexit.simulation.statistics;
