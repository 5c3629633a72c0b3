/** Figures of services in Prometheus's text format. */
package org.qexit.tier.live.metrics;
