package org.qexit.device;

import java.util.Arrays;
import org.qexit.engine.event.Walk;
import org.qexit.trace.Rule;

/** The stages of a bundle in a runtime. May be used by several threads at once. */
interface StageRunner extends AutoCloseable {
    /** What runs, in words. */
    String name();

    /** Begins with an event, which was checked. */
    Walk begin(float[] event);

    /**
     * The confidences of events at the exits that they reached by a rule.
     *
     * @param events that were checked
     * @return {@code [event][exit]}
     */
    default float[][] confidences(float[][] events, Rule rule, int exits) {
        float[][] seen = new float[events.length][];
        for (int k = 0; k < events.length; k++) {
            seen[k] = confidences(events[k], rule, exits);
        }
        return seen;
    }

    private float[] confidences(float[] event, Rule rule, int exits) {
        float[] confidences = new float[exits];
        Walk walk = begin(event);
        try {
            for (int q = 0; q < exits; q++) {
                confidences[q] = walk.next()[0];
                if (rule.stops(q, confidences[q])) {
                    return Arrays.copyOf(confidences, q + 1);
                }
            }
            return confidences;
        } finally {
            walk.leave();
        }
    }

    @Override
    void close();
}
