package org.qexit.threshold.offload;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.qexit.common.UserError;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.ClassTrace;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;
import org.qexit.trace.TraceMetadata;
import org.qexit.trace.TraceReader;

/**
 * The answers of an edge node's model to the events of a fleet, from its trace, found again by device and event. A trace of an edge node's
 * model says "critical" where its thresholds name a critical class; a trace of confidences, where the last exit's is above one half.
 * Memory for nine bytes per event.
 */
public final class NodeTrace {
    /** The whole network answers: nothing is settled before the last exit. */
    private static final ClassThresholds LAST_EXIT = new ClassThresholds(0, Thresholds.NEVER);

    private final Path file;
    private final Map<String, Answers> devices = new HashMap<>();

    private NodeTrace(Path file) {
        this.file = file;
    }

    /**
     * One device's.
     *
     * @param events ids, ascending
     * @param said bit 0: the label; bit 1: the answer, {@code [event]}
     */
    private record Answers(long[] events, byte[] said) {}

    /**
     * Reads a trace.
     *
     * @param thresholds of the node's model, or null: its last exit answers
     * @throws UserError if it is no trace, a row is bad, or a device has an event twice
     */
    public static NodeTrace read(Path file, ClassThresholds thresholds) {
        NodeTrace read = new NodeTrace(file);
        List<Integer> critical;
        try (TraceReader reader = TraceReader.openEither(file)) {
            if (reader.classes() == 0) {
                read.addConfidences(reader, thresholds);
                return read;
            }
            critical = reader.metadata()
                    .map(TraceMetadata::classes)
                    .map(TraceMetadata.Classes::critical)
                    .orElse(null);
        }
        int[] ids = (critical == null ? labelledCritical(file) : critical)
                .stream().mapToInt(Integer::intValue).toArray();
        ClassThresholds rule = thresholds == null ? LAST_EXIT : thresholds;
        ClassTrace.each(
                file,
                trace -> read.add(
                        trace.device(),
                        trace.events(),
                        trace.labels(),
                        k -> ids.length > 0 && !rule.decide(trace.event(k), ids).falseAlarm()));
        return read;
    }

    private void addConfidences(TraceReader reader, ClassThresholds thresholds) {
        if (thresholds != null) {
            throw new UserError(file + ": is a trace of confidences, for which thresholds of classes say nothing;"
                    + " expected that of an edge node's model beside --node-thresholds");
        }
        for (DeviceTrace trace : reader) {
            float[] last = trace.scores()[trace.exits() - 1];
            add(trace.device(), trace.events(), trace.labels(), k -> last[k] > ClassThresholds.EVEN);
        }
    }

    /** Where the metadata do not say it, the classes of critical events are the critical ones. */
    private static List<Integer> labelledCritical(Path file) {
        TreeSet<Integer> critical = new TreeSet<>();
        Set<Integer> normal = new HashSet<>();
        ClassTrace.each(file, trace -> {
            for (int k = 0; k < trace.size(); k++) {
                (trace.labels()[k] == 1 ? critical : normal).add(trace.origins().classes()[k]);
            }
        });
        for (int id : critical) {
            if (normal.contains(id)) {
                throw new UserError(
                        file + ": events of class " + id + " are critical and normal; expected metadata with"
                                + " the critical classes, or one label for each class");
            }
        }
        return new ArrayList<>(critical);
    }

    private void add(String device, long[] events, byte[] labels, IntPredicate critical) {
        int[] order = order(events);
        long[] ids = new long[order.length];
        byte[] said = new byte[order.length];
        for (int i = 0; i < order.length; i++) {
            ids[i] = events[order[i]];
            said[i] = (byte) (labels[order[i]] | (critical.test(order[i]) ? 2 : 0));
            if (i > 0 && ids[i] == ids[i - 1]) {
                throw new UserError(file + ": device " + device + ": event " + ids[i]
                        + " is answered twice; expected one answer to every event");
            }
        }
        devices.put(device, new Answers(ids, said));
    }

    /** Places in ascending order of the events' ids. */
    private static int[] order(long[] events) {
        Integer[] order = new Integer[events.length];
        Arrays.setAll(order, k -> k);
        Arrays.sort(order, (a, b) -> Long.compare(events[a], events[b]));
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }

    /**
     * The answers to a device's events.
     *
     * @throws UserError unless there is exactly one to each of them and none to others, of the same labels
     */
    public NodeAnswers of(DeviceTrace trace) {
        String device = file + ": device " + trace.device();
        Answers answers = devices.get(trace.device());
        if (answers == null) {
            throw new UserError(device + " is missing; expected answers to the events of all devices");
        }
        int[] critical = new int[trace.size()];
        int[] order = order(trace.events());
        for (int i = 0; i < Math.max(order.length, answers.events().length); i++) {
            Long asked = i < order.length ? (Long) trace.events()[order[i]] : null;
            Long answered = i < answers.events().length ? (Long) answers.events()[i] : null;
            if (i > 0 && asked != null && asked == trace.events()[order[i - 1]]) {
                throw new UserError("device " + trace.device() + ": event " + asked
                        + " stands twice in the trace; expected every event once beside the node's answers");
            }
            if (answered == null || asked != null && asked < answered) {
                throw new UserError(
                        device + ": event " + asked + " is not answered; expected one answer to every event");
            }
            if (asked == null || answered < asked) {
                throw new UserError(device + ": event " + answered + " is answered, but not in the devices' trace."
                        + " Maybe the traces are of different parts");
            }
            if ((answers.said()[i] & 1) != trace.labels()[order[i]]) {
                throw new UserError(device + ": event " + asked + " has label " + (answers.said()[i] & 1)
                        + ", in the devices' trace " + trace.labels()[order[i]] + "; expected the same events");
            }
            critical[order[i]] = answers.said()[i] >> 1;
        }
        return new NodeAnswers(critical, 1);
    }

    /**
     * Checks, before anything is answered, that the answers are to the events of a trace and to no others.
     *
     * @throws UserError otherwise
     */
    public void check(Path trace) {
        Set<String> left = new TreeSet<>(devices.keySet());
        try (TraceReader reader = TraceReader.open(trace)) {
            for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                left.remove(next.get().device());
                if (next.get().problem() == null) {
                    of(next.get().trace());
                }
            }
        }
        if (!left.isEmpty()) {
            throw new UserError(file + ": device " + left.iterator().next() + " is not in " + trace
                    + "; expected answers to the events of its devices alone");
        }
    }
}
