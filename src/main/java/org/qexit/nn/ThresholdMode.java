package org.qexit.nn;

/** Where the surrogate's thresholds come from during training. */
public enum ThresholdMode {
    /** Re-set after every epoch by the caller's search on the held-out events. */
    SEARCHED,
    /** As configured, all the time. */
    FIXED,
    /** As configured at first, then moved by projected gradient steps. */
    LEARNED
}
