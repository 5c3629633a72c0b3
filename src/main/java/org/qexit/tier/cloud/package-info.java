/**
 * What the cloud server does with what nodes and the source of labels tell it, without a clock and without a socket: it keeps events to learn from,
 * orders trainings of the nodes' model, and accepts a new one only if an exact test on events never used before shows it fit (docs/simulation.md).
 */
package org.qexit.tier.cloud;
