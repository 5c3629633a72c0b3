package org.qexit.tier.live.up;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.qexit.tier.live.journal.EventId;

/** Which of a device's events an id stands for; for whoever knows the truth of the events. May be used by several threads. */
public final class Offloaded {
    private record Key(String device, EventId id) {}

    private final Map<Key, Long> events = new ConcurrentHashMap<>();

    void add(String device, EventId id, long event) {
        events.put(new Key(device, id), event);
    }

    /** The event's number in the device's source, from 1; nothing if the device has sent no such event. */
    public OptionalLong event(String device, String id) {
        Long event = EventId.parse(id)
                .map(parsed -> events.get(new Key(device, parsed)))
                .orElse(null);
        return event == null ? OptionalLong.empty() : OptionalLong.of(event);
    }
}
