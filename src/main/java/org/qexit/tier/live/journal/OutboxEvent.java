package org.qexit.tier.live.journal;

/**
 * An event that waits for an answer.
 *
 * @param event its number in the source, from 1
 * @param seq its number in the outbox, from 1
 * @param exit of the device's model that decided, from 1
 * @param arrivedMicros when it came, microseconds since 1970
 * @param deadlineMicros when an answer is too late
 */
public record OutboxEvent(long event, long seq, int exit, long arrivedMicros, long deadlineMicros) {}
