package org.qexit.nn;

/** Where the surrogate's thresholds come from during training. */
public enum ThresholdMode {
    /** Re-set after every epoch by the caller's search on the held-out events. */
    SEARCHED,
    /** Re-set every few batches by the same search on the scores of the latest training events. */
    TRACKED,
    /** As configured, all the time. */
    FIXED,
    /** As configured at first, then moved by projected gradient steps. */
    LEARNED;

    /** Whether an epoch begins with what the search found on the held-out events. */
    public boolean searches() {
        return this == SEARCHED || this == TRACKED;
    }
}
