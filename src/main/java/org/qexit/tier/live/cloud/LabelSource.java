package org.qexit.tier.live.cloud;

import java.util.List;
import org.qexit.tier.live.control.EventRecord;

/** Where the truth of events comes from, late and for a part of them. Called by several threads at once. */
public interface LabelSource {
    /** No labels come by themselves. */
    LabelSource NONE = new LabelSource() {
        @Override
        public void came(EventRecord event, double nowSeconds) {
            // Nothing to do.
        }

        @Override
        public List<Label> due(double nowSeconds) {
            return List.of();
        }
    };

    /**
     * The truth of an event.
     *
     * @param event {@code DEVICE/EPOCH-SEQ}
     * @param classId id of its class
     */
    record Label(String event, int classId) {}

    /** An event came in; after a restart those that wait for a label come again. */
    void came(EventRecord event, double nowSeconds);

    /** Labels that have become known; may hold some of before, and of events that nobody has. */
    List<Label> due(double nowSeconds);
}
