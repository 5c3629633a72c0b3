package org.qexit.threshold.exits;

/**
 * What a rule may use on a trace.
 *
 * @param offloads most offloads
 * @param falsePositives most false positives
 * @param costs cost of an event that stops at each exit, ascending whole numbers, {@code [exit]}; null if it is not capped
 * @param cost most of them over all events
 */
record Caps(int offloads, int falsePositives, long[] costs, long cost) {
    boolean costed() {
        return costs != null;
    }
}
