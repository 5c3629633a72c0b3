package org.qexit.tier.cloud;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qexit.common.RandomStreams;

/**
 * Labelled events that wait for a test. Which sources are held out, their names alone say, by a named stream; a source is tested on once, and what is
 * given to training is never tested on. Bounded: the oldest events go, and when the most sources are used that can be remembered no event is fresh.
 */
final class HeldOut {
    static final int MOST_WAITING = 100_000;
    static final int MOST_USED = 4_000_000;
    private static final double ULP = 0x1p-53;

    private final double share;
    private final RandomStreams streams;
    private final Map<String, Example> waiting = new LinkedHashMap<>();
    private final Set<Long> used = new HashSet<>();

    HeldOut(double share, RandomStreams streams) {
        this.share = share;
        this.streams = streams;
    }

    /** Takes an event in if its source is held out and not used; of one source the newest event waits. */
    boolean offer(Example example) {
        if ((draw(example.source()) >>> 11) * ULP >= share
                || used.contains(code(example.source()))
                || used.size() + waiting.size() >= MOST_USED) {
            return false;
        }
        waiting.remove(example.source());
        waiting.put(example.source(), example);
        if (waiting.size() > MOST_WAITING) {
            waiting.remove(waiting.keySet().iterator().next());
        }
        return true;
    }

    private long draw(String source) {
        return streams.seed("held-out/" + source);
    }

    /** Stands for a source among the used ones: two of 4 million have the same with probability below 1e-6, and then one is not tested on. */
    private long code(String source) {
        return streams.seed("source/" + source);
    }

    int size() {
        return waiting.size();
    }

    /** All that wait, which from now on are used. */
    List<Example> take() {
        List<Example> all = new ArrayList<>(waiting.values());
        waiting.keySet().forEach(source -> used.add(code(source)));
        waiting.clear();
        return all;
    }

    /** All that wait go, unused. */
    void forget() {
        waiting.clear();
    }

    List<Example> waiting() {
        return List.copyOf(waiting.values());
    }

    List<Long> used() {
        return used.stream().sorted().toList();
    }

    /** @throws IllegalArgumentException if an event cannot wait */
    void restore(List<Example> events, List<Long> codes) {
        if (codes.size() > MOST_USED || events.size() > MOST_WAITING) {
            throw new IllegalArgumentException("heldOut has " + events.size() + " events and " + codes.size()
                    + " used sources; expected at most " + MOST_WAITING + " and " + MOST_USED);
        }
        used.addAll(codes);
        for (Example example : events) {
            if (waiting.containsKey(example.source()) || !offer(example)) {
                throw new IllegalArgumentException("heldOut: event '" + example.event() + "' of source '"
                        + example.source() + "' is not held out, or used");
            }
        }
    }
}
