package org.qexit.threshold.exits;

import org.qexit.common.Checks;
import org.qexit.threshold.BudgetSearch;
import org.qexit.threshold.CostedPairSearch;
import org.qexit.threshold.Frontier;
import org.qexit.threshold.LocalCost;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ExitThresholds;

/**
 * Thresholds per exit with as many true positives as can be found within caps on offloads, false positives and local cost, and a bound on
 * what any thresholds per exit could find, docs/maths.md §11. Never fewer true positives than the best pair at the same caps.
 * Deterministic: effort is counted in confidences looked at, not in seconds.
 */
public final class ExitSearch {
    /** Ten seconds of proof per device at most, as a rule. */
    public static final long EFFORT = 1_000_000_000L;

    private ExitSearch() {}

    /**
     * What is asked.
     *
     * @param offloads most offloads
     * @param falsePositives most false positives
     * @param cost cap on the mean local cost, or null
     */
    public record Limits(long offloads, int falsePositives, LocalCost cost) {
        public Limits {
            if (offloads < 0 || falsePositives < 0) {
                throw new IllegalArgumentException(
                        "caps are " + offloads + " and " + falsePositives + "; expected >= 0");
            }
        }

        /** The best pair within them. */
        public Frontier.Step pair(DeviceTrace trace) {
            return cost == null
                    ? BudgetSearch.of(trace).within(offloads, falsePositives)
                    : CostedPairSearch.within(trace, offloads, falsePositives, cost);
        }

        Caps caps(DeviceTrace trace) {
            int most = (int) Math.min(offloads, trace.size());
            return cost == null
                    ? new Caps(most, falsePositives, null, 0)
                    : new Caps(most, falsePositives, cost.check(trace.exits()).units(), cost.most(trace.size()));
        }
    }

    /**
     * What was found.
     *
     * @param thresholds each in the middle of its gap between the exit's observed confidences
     * @param counts of them on the trace
     * @param margin least distance between a threshold and a confidence of its exit; 1 if all are "never" or "always"
     * @param bound no thresholds per exit within the limits have more true positives on the trace
     */
    public record Found(ExitThresholds thresholds, Confusion counts, float margin, int bound) {
        /** Whether nothing better exists. */
        public boolean proven() {
            return bound == counts.truePositives();
        }
    }

    /**
     * Searches.
     *
     * @param effort confidences that the proof may look at; 0 proves only the least of positives and offloads
     */
    public static Found of(DeviceTrace trace, Limits limits, long effort) {
        Checks.nonNegative("effort", effort);
        Caps caps = limits.caps(trace);
        Ranks ranks = Ranks.of(trace, caps.costed());
        Search search = new Search(ranks, caps);
        search.run(ranks.places(limits.pair(trace).thresholds()));
        int bound = Math.min(trace.positives(), caps.offloads());
        if (search.value() < bound) {
            bound = Math.min(bound, new Proof(ranks, caps, search).bound(effort));
        }
        ExitThresholds thresholds = thresholds(ranks, search.best());
        return new Found(thresholds, Confusion.of(trace, thresholds), ranks.margin(thresholds), bound);
    }

    static ExitThresholds thresholds(Ranks ranks, Places best) {
        int last = ranks.exits() - 1;
        // What the last exit leaves undecided is normal: its l may as well stand at its u.
        best.a[last] = best.b[last] - 1;
        return ranks.thresholds(best);
    }
}
