package org.qexit.bundle;

import java.util.Arrays;
import java.util.Map;
import org.qexit.common.UserError;
import org.qexit.onnx.GraphSession;

/**
 * What the whole graph of a bundle gave, the early exit being inside it.
 *
 * @param confidences {@code [exit][event * width]}, {@link GraphNames#NOT_REACHED} at exits that the event did not reach
 * @param decisions 1 = critical, or the class, {@code [event]}
 * @param exits from 1, {@code [event]}
 */
record WholeRun(float[][] confidences, long[] decisions, long[] exits) {
    /** Events that the graph takes at once: a whole number of times and a rest, so that the free batch dimension is met in two sizes. */
    private static final int BATCH = 50;

    /**
     * Runs it.
     *
     * @param rule says which outputs there are
     * @param constants thresholds in the place of its own, by name
     * @throws UserError if it gives other outputs than those of its format
     */
    static WholeRun of(Bundle bundle, DecisionRule rule, Map<String, Float> constants, float[] values, int events) {
        BundleManifest manifest = bundle.manifest();
        int exits = manifest.exits();
        int width = rule.width();
        int size = manifest.input().size();
        int most = manifest.oneByOne() ? 1 : BATCH;
        WholeRun run = new WholeRun(new float[exits][events * width], new long[events], new long[events]);
        try (GraphSession graph = GraphSession.open(manifest.model(), bundle.shared(manifest.model()), constants)) {
            for (int first = 0; first < events; first += most) {
                int batch = Math.min(most, events - first);
                Map<String, GraphSession.Output> outputs = graph.run(
                        Arrays.copyOfRange(values, first * size, (first + batch) * size),
                        batch,
                        manifest.input().channels(),
                        manifest.input().height(),
                        manifest.input().width());
                System.arraycopy(longs(bundle, outputs, rule.output(), batch), 0, run.decisions, first, batch);
                System.arraycopy(longs(bundle, outputs, GraphNames.EXIT, batch), 0, run.exits, first, batch);
                float[] confidences = floats(bundle, outputs, GraphNames.CONFIDENCES, batch * exits * width);
                for (int k = 0; k < batch; k++) {
                    for (int q = 0; q < exits; q++) {
                        System.arraycopy(
                                confidences, (k * exits + q) * width, run.confidences[q], (first + k) * width, width);
                    }
                }
            }
        }
        return run;
    }

    private static long[] longs(Bundle bundle, Map<String, GraphSession.Output> outputs, String name, int length) {
        GraphSession.Output output = outputs.get(name);
        if (output == null || output.longs() == null || output.longs().length != length) {
            throw missing(bundle, name, length + " whole numbers");
        }
        return output.longs();
    }

    private static float[] floats(Bundle bundle, Map<String, GraphSession.Output> outputs, String name, int length) {
        GraphSession.Output output = outputs.get(name);
        if (output == null || output.floats() == null || output.floats().length != length) {
            throw missing(bundle, name, length + " numbers");
        }
        return output.floats();
    }

    private static UserError missing(Bundle bundle, String name, String what) {
        return new UserError(
                bundle.origin() + ": " + bundle.manifest().model() + " gives no output '" + name + "' of " + what);
    }
}
