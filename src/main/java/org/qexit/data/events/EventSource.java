package org.qexit.data.events;

import java.util.Optional;

/** Unlabelled events, one after the other, as a device meets them. A bad one says what is wrong with it and the next one follows. */
public interface EventSource extends AutoCloseable {
    /** The next event, good or bad; empty after the last. May wait for it. */
    Optional<Event> next();

    @Override
    void close();

    /**
     * One event.
     *
     * @param name where it comes from, for messages
     * @param values channel by channel, row by row; null if it is bad
     * @param problem what is wrong with it, naming its place; null if it is good
     */
    record Event(String name, float[] values, String problem) {
        static Event good(String name, float[] values) {
            return new Event(name, values, null);
        }

        static Event bad(String name, String problem) {
            return new Event(name, null, problem);
        }
    }
}
