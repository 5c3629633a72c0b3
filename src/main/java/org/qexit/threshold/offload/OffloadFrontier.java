package org.qexit.threshold.offload;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The best pairs of one device in each mode for every budget of offloads. A corner costs one {@linkplain OffloadSearch search}, so the
 * whole of it O(corners KL²). Without a cap on false positives each budget's cap is what the best pair of the mode "critical" has there.
 */
public final class OffloadFrontier {
    private final OffloadChoice search;
    private final int events;
    private final Long cap;

    private OffloadFrontier(OffloadChoice search, int events, Long cap) {
        this.search = search;
        this.events = events;
        this.cap = cap;
    }

    /**
     * Looks nothing up yet.
     *
     * @param events of the device
     * @param cap most false positives end to end, in units of the node's answers, or null: those of the mode "critical"
     */
    public static OffloadFrontier of(OffloadChoice search, int events, Long cap) {
        return new OffloadFrontier(search, events, cap);
    }

    /** The best pair of a mode with at most {@code offloads} offloads. */
    public OffloadChoice.Found<?> within(OffloadMode mode, long offloads) {
        if (mode == OffloadMode.CRITICAL || cap != null) {
            return search.within(mode, offloads, cap == null ? Long.MAX_VALUE : cap);
        }
        return search.within(
                mode, offloads, within(OffloadMode.CRITICAL, offloads).falsePositives());
    }

    /**
     * What becomes best as the budget grows from 0 to all events, ascending in the budget from which it is best. Where the cap changes with
     * the budget a later one need not find more.
     */
    public List<Corner> corners(OffloadMode mode) {
        Deque<Corner> corners = new ArrayDeque<>();
        for (int w = events; w >= 0; ) {
            OffloadChoice.Found<?> critical = cap == null ? within(OffloadMode.CRITICAL, w) : null;
            OffloadChoice.Found<?> found = mode == OffloadMode.CRITICAL && critical != null
                    ? critical
                    : search.within(mode, w, critical == null ? cap : critical.falsePositives());
            // The same pair is best down to its own offloads, and as long as the cap stays.
            int from = Math.max(found.offloads(), critical == null ? 0 : critical.offloads());
            if (!corners.isEmpty() && corners.peekFirst().found().equals(found)) {
                corners.removeFirst();
            }
            corners.addFirst(new Corner(from, found));
            w = from - 1;
        }
        return List.copyOf(corners);
    }

    /**
     * A corner.
     *
     * @param budget the least for which it is best
     */
    public record Corner(int budget, OffloadChoice.Found<?> found) {}
}
