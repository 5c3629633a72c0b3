package org.qexit.experiment.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.Provenance;
import org.qexit.common.UserError;
import org.qexit.common.Version;
import org.qexit.common.Warning;
import org.qexit.data.LabelledSet;
import org.qexit.onnx.foreign.EventInput;
import org.qexit.onnx.foreign.ExitCosts;
import org.qexit.onnx.foreign.ExitScores;
import org.qexit.onnx.foreign.ForeignGraph;
import org.qexit.onnx.foreign.ForeignModel;
import org.qexit.onnx.foreign.ForeignRun;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.EventOrigins;
import org.qexit.trace.TraceMetadata;
import org.qexit.trace.TraceWriter;

/**
 * What a foreign model says of labelled events.
 *
 * @param events of devices
 * @param run the model
 * @param scores how its numbers become confidences
 * @param traces the confidences, of each device
 */
public record ForeignTracing(ForeignEvents events, ForeignRun run, ExitScores scores, List<DeviceTrace> traces) {
    /**
     * What to make of the model's numbers.
     *
     * @param critical the model's critical classes; null for those of the data
     * @param ofData whether the data's classes are told apart by the model too
     * @param said whether the numbers are probabilities
     * @param norm what is done to values before the model
     */
    public record Reading(
            List<Integer> critical, boolean ofData, ExitScores.Said said, EventInput.Normalisation norm) {}

    /**
     * Runs a model on all events.
     *
     * @throws UserError if the events do not fit the model
     */
    public static ForeignTracing of(ForeignModel model, ForeignEvents events, Reading reading) {
        if (events.size() == 0) {
            throw new UserError("no events; expected at least one");
        }
        EventInput input = EventInput.of(model, events.shape(), reading.norm());
        LabelledSet any = events.devices().values().stream()
                .filter(set -> set.size() > 0)
                .findFirst()
                .orElseThrow();
        ForeignGraph graph = ForeignGraph.of(model, ForeignEvents.of(any).values(0, 1, input.size()), input);
        ExitCosts.checkOrder(graph);
        ForeignRun run = new ForeignRun(graph, input);
        List<Integer> critical = reading.critical() == null ? events.critical() : reading.critical();
        if (reading.ofData()) {
            checkClasses(run.classes(), events);
        }
        Map<String, float[][]> said = new LinkedHashMap<>();
        events.devices().forEach((id, set) -> said.put(id, run.scores(ForeignEvents.of(set))));
        ExitScores scores = ExitScores.of(run, joined(said.values().stream().toList()), critical, reading.said());
        List<DeviceTrace> traces = new ArrayList<>();
        said.forEach((id, numbers) -> traces.add(trace(id, events.devices().get(id), scores.confidences(numbers))));
        return new ForeignTracing(events, run, scores, traces);
    }

    private static void checkClasses(int classes, ForeignEvents events) {
        int known = Math.max(2, classes);
        for (LabelledSet set : events.devices().values()) {
            for (int k = 0; k < set.size(); k++) {
                if (set.classes()[k] >= known) {
                    throw new UserError("event " + k + " is of class " + set.classes()[k] + "; expected 0 to "
                            + (known - 1) + ", which the model tells apart. Maybe say which labels are critical:"
                            + " --critical-labels");
                }
            }
        }
    }

    private static float[][] joined(List<float[][]> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        float[][] all = new float[parts.get(0).length][];
        for (int q = 0; q < all.length; q++) {
            int exit = q;
            all[q] =
                    new float[parts.stream().mapToInt(part -> part[exit].length).sum()];
            int at = 0;
            for (float[][] part : parts) {
                System.arraycopy(part[q], 0, all[q], at, part[q].length);
                at += part[q].length;
            }
        }
        return all;
    }

    private static DeviceTrace trace(String id, LabelledSet set, float[][] confidences) {
        long[] ids = new long[set.size()];
        Arrays.setAll(ids, k -> k);
        return new DeviceTrace(id, ids, set.labels(), confidences, EventOrigins.of(set.classes(), set.indices()));
    }

    /** What the user should know. */
    public List<Warning> warnings() {
        List<Warning> warnings = new ArrayList<>();
        if (run.graph().warning() != null) {
            warnings.add(new Warning("one-by-one", run.graph().warning()));
        }
        for (int q = 0; q < scores.probabilities().size(); q++) {
            if (scores.doubtful().get(q)) {
                warnings.add(new Warning(
                        "maybe-probabilities",
                        "exit '" + run.graph().model().exits().get(q) + "': all of its numbers lie in 0 to 1; taken for"
                                + " logits. Maybe say --probabilities, or --logits"));
            }
        }
        return warnings;
    }

    /** Writes the trace file. */
    public void write(Path file) {
        TraceWriter.write(file, traces.get(0).exits(), metadata(), out -> traces.forEach(out::append));
    }

    private TraceMetadata metadata() {
        ForeignModel model = run.graph().model();
        return TraceMetadata.of(
                Path.of(model.name()).getFileName().toString(),
                model.sha256(),
                ExitCosts.cumulative(run.graph()).stream()
                        .map(cost ->
                                new TraceMetadata.CumulativeCost(cost.macs(), cost.memoryAccesses(), cost.parameters()))
                        .toList(),
                events.part(),
                new Provenance(
                        Version.current(),
                        null,
                        null,
                        Map.of(events.dataset().name(), events.dataset().sha256())));
    }
}
