/**
 * A device's process: decides events by the stages of its model, offloads the critical ones through an outbox on disk to an edge node, and
 * accounts for each. Needs Java's own HTTP client and nothing that devices do not have: it is part of the artefact qexit-device.
 */
package org.qexit.tier.live.device;
