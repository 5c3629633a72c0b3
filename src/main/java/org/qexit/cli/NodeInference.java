package org.qexit.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.data.events.EventSource;
import org.qexit.device.NodeRuntime;

/** {@code qexit infer} with an edge node's bundle: a class or a false alarm for each event. */
final class NodeInference {
    private final NodeRuntime runtime;
    private final boolean quiet;
    private final boolean json;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private long events;
    private long skipped;

    NodeInference(NodeRuntime runtime, boolean quiet, boolean json, PrintWriter out, PrintWriter err) {
        this.runtime = runtime;
        this.quiet = quiet;
        this.json = json;
        this.out = out;
        this.err = err;
        runtime.node()
                .critical()
                .forEach(id -> counts.put(runtime.node().classes().get(id), 0));
        counts.put("false alarm", 0);
    }

    /** Decides all events; returns how many could not be used. */
    long run(EventSource source, AtomicBoolean stop) {
        for (Optional<EventSource.Event> event = source.next();
                event.isPresent() && !stop.get();
                event = source.next()) {
            decide(event.get());
        }
        if (json) {
            out.println(
                    Json.compact(Map.of("summary", Map.of("events", events, "skipped", skipped, "decided", counts))));
        } else {
            out.printf(Locale.ROOT, "%d events, %d skipped%n", events, skipped);
            counts.forEach((name, count) -> out.printf(Locale.ROOT, "%-16s %10d%n", name, count));
        }
        out.flush();
        return skipped;
    }

    long events() {
        return events;
    }

    private void decide(EventSource.Event event) {
        NodeRuntime.Result result;
        long nanos;
        try {
            if (event.problem() != null) {
                throw new UserError(event.problem());
            }
            long start = System.nanoTime();
            result = runtime.classify(event.values());
            nanos = System.nanoTime() - start;
        } catch (UserError | IllegalArgumentException e) {
            skipped++;
            err.println("qexit: skipped: " + (event.problem() == null ? event.name() + ": " : "") + e.getMessage());
            return;
        }
        String name =
                result.falseAlarm() ? "false alarm" : runtime.node().classes().get(result.classId());
        counts.merge(name, 1, Integer::sum);
        if (!quiet && json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("event", events);
            line.put("name", event.name());
            line.put("class", result.classId());
            line.put("exit", result.exit());
            line.put("confidences", result.probabilities());
            line.put("micros", nanos / 1000.0);
            out.println(Json.compact(line));
        } else if (!quiet) {
            out.printf(Locale.ROOT, "%-16s exit %d %8.0f us  %s%n", name, result.exit(), nanos / 1000.0, event.name());
        }
        out.flush();
        events++;
    }
}
