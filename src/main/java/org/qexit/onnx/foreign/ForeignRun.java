package org.qexit.onnx.foreign;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.onnx.GraphSession;

/**
 * A foreign model's own graph, byte for byte, in ONNX Runtime on one thread.
 *
 * @param graph what is known of the model
 * @param input how events reach it
 */
public record ForeignRun(ForeignGraph graph, EventInput input) {
    private static final int BATCH = 64;

    /**
     * What the exits say of events.
     *
     * @return {@code [exit][event * classes + class]}
     * @throws UserError if the model cannot be run, or an exit says what is no number
     */
    public float[][] scores(Events events) {
        ForeignModel model = graph.model();
        int classes = classes();
        float[][] scores = new float[model.exits().size()][Math.multiplyExact(events.size(), classes)];
        int most = graph.oneByOne() ? 1 : BATCH;
        try (GraphSession session = GraphSession.open(model.name(), model.bytes());
                Progress progress = Progress.start("events", events.size())) {
            for (int first = 0; first < events.size(); first += most) {
                int batch = Math.min(most, events.size() - first);
                Map<String, GraphSession.Output> outputs = session.run(
                        input.apply(events.values(first, batch, input.size())),
                        input.batch(batch),
                        Set.copyOf(model.exits()));
                for (int q = 0; q < scores.length; q++) {
                    take(outputs.get(model.exits().get(q)), scores[q], q, first, batch);
                }
                progress.step(batch);
            }
        }
        return scores;
    }

    private void take(GraphSession.Output output, float[] scores, int exit, int first, int batch) {
        int classes = classes();
        if (output == null || output.floats() == null || output.floats().length != batch * classes) {
            throw new UserError(place(exit) + ": gives no " + classes + " numbers for each of " + batch
                    + " events; expected float32");
        }
        for (int i = 0; i < output.floats().length; i++) {
            if (!Float.isFinite(output.floats()[i])) {
                throw new UserError(place(exit) + ": says " + output.floats()[i] + " of event " + (first + i / classes)
                        + "; expected a finite number");
            }
        }
        System.arraycopy(output.floats(), 0, scores, first * classes, batch * classes);
    }

    private String place(int exit) {
        return graph.model().name() + ", exit '"
                + UserError.shown(graph.model().exits().get(exit)) + "'";
    }

    /**
     * Numbers that each exit says of an event: one, or one for each class.
     *
     * @throws UserError if exits differ, or say more than a row of numbers
     */
    public int classes() {
        List<Integer> counts = new ArrayList<>();
        for (String exit : graph.model().exits()) {
            ValueKind kind = graph.kind(exit);
            long most = 1;
            for (long size : kind.shape()) {
                most = Math.max(most, size);
            }
            if (kind.elements() != most || most > 1 << 16) {
                throw new UserError(
                        place(counts.size()) + ": gives numbers of shape " + java.util.Arrays.toString(kind.shape())
                                + " for an event; expected one number, or one per class");
            }
            counts.add((int) most);
        }
        if (counts.stream().distinct().count() > 1) {
            throw new UserError(graph.model().name() + ": its exits give " + counts
                    + " numbers for an event; expected as many at every exit, one per class");
        }
        return counts.get(0);
    }
}
