package org.qexit.threshold.node;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.qexit.common.UserError;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.ClassTrace;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;

/**
 * Events of one or more devices with what an edge node's model says of them, and which of them the devices offload. Pooled: a node's model has
 * one pair of thresholds for whoever sends it events.
 */
public final class NodeEvents {
    private final List<ClassTrace> traces;
    private final boolean[][] offloaded;
    private final List<Integer> critical;
    private final int[] criticalIds;

    private NodeEvents(List<ClassTrace> traces, boolean[][] offloaded, List<Integer> critical) {
        this.traces = traces;
        this.offloaded = offloaded;
        this.critical = List.copyOf(critical);
        this.criticalIds = critical.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * All events, as if devices offloaded every one.
     *
     * @param critical ids of the critical classes, ascending
     */
    public static NodeEvents all(List<ClassTrace> traces, List<Integer> critical) {
        return of(traces, critical, trace -> {
            boolean[] flags = new boolean[trace.size()];
            Arrays.fill(flags, true);
            return flags;
        });
    }

    /**
     * The events as their devices offload them.
     *
     * @param devices traces of the devices' own models on the same events, with their sources
     * @param thresholds of a device by its id
     * @throws UserError if an event of {@code traces} has no counterpart of the same device and source, or a device no thresholds
     */
    public static NodeEvents offloaded(
            List<ClassTrace> traces,
            List<Integer> critical,
            List<DeviceTrace> devices,
            Function<String, Optional<Rule>> thresholds) {
        Map<String, DeviceTrace> byId = new HashMap<>();
        devices.forEach(device -> byId.put(device.device(), device));
        return of(traces, critical, trace -> {
            DeviceTrace device = byId.get(trace.device());
            if (device == null) {
                throw new UserError(
                        "device " + trace.device() + " of the edge node's trace is not in the devices' trace");
            }
            Rule rule = thresholds
                    .apply(trace.device())
                    .orElseThrow(() -> new UserError("device " + trace.device() + " has no thresholds"));
            Map<String, Integer> places = places(device);
            boolean[] flags = new boolean[trace.size()];
            for (int k = 0; k < flags.length; k++) {
                String source = trace.origins().sources()[k];
                Integer at = places.get(source);
                if (at == null) {
                    throw new UserError("device " + trace.device() + ": event " + trace.events()[k] + " of source '"
                            + source + "' is not in the devices' trace. Maybe the traces are of different parts");
                }
                flags[k] = rule.decide(device.scores(), at).critical();
            }
            return flags;
        });
    }

    private static NodeEvents of(
            List<ClassTrace> traces, List<Integer> critical, Function<ClassTrace, boolean[]> offloads) {
        if (traces.isEmpty()) {
            throw new IllegalArgumentException("no traces; expected at least one");
        }
        boolean[][] offloaded = new boolean[traces.size()][];
        for (int i = 0; i < offloaded.length; i++) {
            ClassTrace trace = traces.get(i);
            if (trace.exits() != traces.get(0).exits()
                    || trace.classes() != traces.get(0).classes()) {
                throw new UserError("device " + trace.device() + " has " + trace.exits() + " exits and "
                        + trace.classes() + " classes; expected "
                        + traces.get(0).exits() + " and "
                        + traces.get(0).classes());
            }
            offloaded[i] = offloads.apply(trace);
        }
        return new NodeEvents(List.copyOf(traces), offloaded, critical);
    }

    private static Map<String, Integer> places(DeviceTrace device) {
        if (device.origins() == null) {
            throw new UserError("device " + device.device()
                    + ": its trace has no sources, by which events are found again. Maybe record it anew");
        }
        Map<String, Integer> places = new HashMap<>();
        for (int k = 0; k < device.size(); k++) {
            String source = device.origins().sources()[k];
            if (places.put(source, k) != null) {
                throw new UserError("device " + device.device() + ": source '" + source
                        + "' stands twice; expected every event once");
            }
        }
        return places;
    }

    /** Ids of the critical classes. */
    public List<Integer> critical() {
        return critical;
    }

    /** How many events there are, offloaded or not. */
    public int size() {
        return traces.stream().mapToInt(ClassTrace::size).sum();
    }

    /** How many of them are offloaded. */
    public int offloads() {
        int count = 0;
        for (boolean[] device : offloaded) {
            for (boolean flag : device) {
                count += flag ? 1 : 0;
            }
        }
        return count;
    }

    int exits() {
        return traces.get(0).exits();
    }

    /** What the search sees: the offloaded events. */
    CriticalScores scores() {
        float[][][] probabilities = new float[exits()][offloads()][];
        int[] classes = new int[offloads()];
        int at = 0;
        for (int i = 0; i < offloaded.length; i++) {
            for (int k = 0; k < offloaded[i].length; k++) {
                if (offloaded[i][k]) {
                    float[][] event = traces.get(i).event(k);
                    for (int q = 0; q < event.length; q++) {
                        probabilities[q][at] = event[q];
                    }
                    classes[at++] = traces.get(i).origins().classes()[k];
                }
            }
        }
        return CriticalScores.of(probabilities, classes, criticalIds);
    }

    /**
     * What becomes of all events, with the node's thresholds.
     *
     * @param names of the classes, {@code [class]}
     */
    public ChainFigures figures(List<String> names, ClassThresholds thresholds) {
        ChainFigures.Counter counter = new ChainFigures.Counter(names, critical);
        for (int i = 0; i < offloaded.length; i++) {
            ClassTrace trace = traces.get(i);
            for (int k = 0; k < trace.size(); k++) {
                int truth = trace.origins().classes()[k];
                if (offloaded[i][k]) {
                    counter.answered(
                            truth,
                            thresholds.decide(trace.event(k), criticalIds).classId());
                } else {
                    counter.dropped(truth);
                }
            }
        }
        return counter.figures();
    }

    /**
     * Mean cost of an offloaded event; 0 without any.
     *
     * @param costs multiply-accumulates of an event up to each exit, {@code [exit]}
     */
    public double meanCost(ClassThresholds thresholds, long[] costs) {
        double sum = 0;
        for (int i = 0; i < offloaded.length; i++) {
            for (int k = 0; k < offloaded[i].length; k++) {
                if (offloaded[i][k]) {
                    sum += costs[
                            thresholds
                                    .decide(traces.get(i).event(k), criticalIds)
                                    .exit()];
                }
            }
        }
        return offloads() == 0 ? 0 : sum / offloads();
    }

    /** Offloaded events whose most probable class of all K at an exit is theirs, {@code [exit]}: the network alone, without thresholds. */
    public int[] rightByExit() {
        int[] right = new int[exits()];
        for (int i = 0; i < offloaded.length; i++) {
            ClassTrace trace = traces.get(i);
            for (int k = 0; k < trace.size(); k++) {
                for (int q = 0; offloaded[i][k] && q < right.length; q++) {
                    int best = 0;
                    for (int c = 1; c < trace.classes(); c++) {
                        best = trace.probabilities()[q][c][k] > trace.probabilities()[q][best][k] ? c : best;
                    }
                    right[q] += best == trace.origins().classes()[k] ? 1 : 0;
                }
            }
        }
        return right;
    }
}
