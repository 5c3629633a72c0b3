package org.qexit.nn;

import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;

/** Chooses thresholds on a trace: the exact search, as a rule. */
@FunctionalInterface
public interface ThresholdChooser {
    /**
     * @param trace scores and labels of held-out events
     * @param offloadBudget the share of events that may be offloaded
     * @return l and u, or those of each exit where the training has the rule per-exit
     */
    Rule choose(DeviceTrace trace, double offloadBudget);
}
