package org.qexit.bundle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.UserError;
import org.qexit.onnx.GraphSession;

/** All stages of a bundle in ONNX Runtime, run one after the other on batches, whatever the thresholds say. */
public final class StagedRun implements AutoCloseable {
    private static final int BATCH = 64;

    private final List<GraphSession> stages = new ArrayList<>();
    private final int most;
    private final long[] shape;
    private final int features;
    private final String output;
    private final int width;

    /**
     * @param names of the stages, for messages
     * @param graphs their bytes
     * @param input what stage 1 takes
     */
    public StagedRun(List<String> names, List<byte[]> graphs, BundleManifest.Input input) {
        this(names, graphs, input, GraphNames.CONFIDENCE, 1, false);
    }

    private StagedRun(
            List<String> names,
            List<byte[]> graphs,
            BundleManifest.Input input,
            String output,
            int width,
            boolean oneByOne) {
        this.most = oneByOne ? 1 : BATCH;
        this.output = output;
        this.width = width;
        this.shape = new long[] {0, input.channels(), input.height(), input.width()};
        this.features = input.size();
        for (int q = 0; q < graphs.size(); q++) {
            stages.add(GraphSession.open(names.get(q), graphs.get(q)));
        }
    }

    static StagedRun of(Bundle bundle) {
        BundleManifest manifest = bundle.manifest();
        return new StagedRun(
                manifest.stages(),
                manifest.stages().stream().map(bundle::shared).toList(),
                manifest.input(),
                manifest.forEdgeNode() ? GraphNames.PROBABILITIES : GraphNames.CONFIDENCE,
                manifest.forEdgeNode() ? bundle.node().classes().size() : 1,
                manifest.oneByOne());
    }

    /** Confidences {@code [exit][event]}, or probabilities {@code [exit][event * K + class]}. */
    public float[][] confidences(float[] values, int events) {
        float[][] scores = new float[stages.size()][events * width];
        for (int first = 0; first < events; first += most) {
            int batch = Math.min(most, events - first);
            Map<String, GraphSession.Output> given = Map.of(GraphNames.INPUT, batch(values, first, batch));
            for (int q = 0; q < stages.size(); q++) {
                Map<String, GraphSession.Output> outputs = stages.get(q).run(given);
                GraphSession.Output confidence = outputs.get(output);
                if (confidence == null || confidence.floats() == null || confidence.floats().length != batch * width) {
                    throw new UserError("stage " + (q + 1) + ": gives no output '" + output + "' of "
                            + (width == 1 ? "one number" : width + " numbers") + " per event");
                }
                System.arraycopy(confidence.floats(), 0, scores[q], first * width, batch * width);
                given = handedOn(outputs);
                if (given.isEmpty() && q < stages.size() - 1) {
                    throw new UserError("stage " + (q + 1) + ": gives no output '" + GraphNames.NEXT_FEATURES + "'");
                }
            }
        }
        return scores;
    }

    /** What a stage gave beside its answer, by the names that the next takes it by. */
    private Map<String, GraphSession.Output> handedOn(Map<String, GraphSession.Output> outputs) {
        Map<String, GraphSession.Output> given = new LinkedHashMap<>();
        outputs.forEach((name, value) -> {
            if (name.startsWith(GraphNames.NEXT_FEATURES)) {
                given.put(name.replace(GraphNames.NEXT_FEATURES, GraphNames.FEATURES), value);
            }
        });
        return given;
    }

    private GraphSession.Output batch(float[] values, int first, int batch) {
        long[] batched = shape.clone();
        batched[0] = batch;
        return new GraphSession.Output(
                batched, java.util.Arrays.copyOfRange(values, first * features, (first + batch) * features), null);
    }

    @Override
    public void close() {
        stages.forEach(GraphSession::close);
    }
}
