package org.qexit.tier.live.cloud;

import java.nio.charset.StandardCharsets;
import org.qexit.common.Json;
import org.qexit.tier.live.control.EventRecord;

/**
 * One thing that came in; one of the first three is there.
 *
 * @param event of a node, else null
 * @param label of an event, else null
 * @param alarm true for an alarm, else null
 * @param copy true for an event that came before and is written again to make room; else null
 */
record LogEntry(EventRecord event, Label label, Boolean alarm, Boolean copy) {
    /** The truth of an event. */
    record Label(String event, int classId) {}

    LogEntry {
        int parts = (event == null ? 0 : 1) + (label == null ? 0 : 1) + (alarm == null ? 0 : 1);
        if (parts != 1) {
            throw new IllegalArgumentException("an entry holds " + parts + " things; expected one");
        }
    }

    static LogEntry of(EventRecord event) {
        return new LogEntry(event, null, null, null);
    }

    static LogEntry of(Label label) {
        return new LogEntry(null, label, null, null);
    }

    static LogEntry ofAlarm() {
        return new LogEntry(null, null, true, null);
    }

    LogEntry again() {
        return new LogEntry(event, null, null, true);
    }

    byte[] bytes() {
        return Json.compact(this).getBytes(StandardCharsets.UTF_8);
    }

    static LogEntry read(String name, byte[] bytes) {
        return Json.parse(name, new String(bytes, StandardCharsets.UTF_8), LogEntry.class);
    }
}
