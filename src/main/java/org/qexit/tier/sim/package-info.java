/**
 * The rules of {@code tier} in simulated time: a fleet whose devices meet traffic, queues, fading, faults and drift under plans and policies that are
 * compared under common random numbers.
 */
package org.qexit.tier.sim;
