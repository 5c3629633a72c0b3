/** The thresholds of edge nodes' models: exact search between class accuracy and computation, and the figures of device and node together. */
package org.qexit.threshold.node;
