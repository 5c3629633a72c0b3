/**
 * Signed, versioned documents by which a deployment is steered: plans, thresholds, models. Who publishes them writes a directory; who
 * follows them reads it, or asks over HTTP, and takes only what is signed, of its fleet, and newer than what it has seen.
 */
package org.qexit.tier.live.control;
