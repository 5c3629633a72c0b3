/**
 * The cloud server's process: serves control documents and bundles, takes what nodes and devices tell, keeps it through kills, has the
 * nodes' model trained on, and publishes what passes the test.
 */
package org.qexit.tier.live.cloud;
