package org.qexit.device;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.GraphNames;
import org.qexit.common.UserError;
import org.qexit.engine.event.Walk;
import org.qexit.onnx.Features;
import org.qexit.onnx.Stage;
import org.qexit.trace.Rule;

/** The stages in ONNX Runtime. */
final class OnnxRunner implements StageRunner {
    /** Values of one call; larger batches are cut. */
    private static final int MAX_BATCH_VALUES = 1 << 24;

    private final BundleManifest manifest;
    private final List<Stage> stages;

    private OnnxRunner(BundleManifest manifest, List<Stage> stages) {
        this.manifest = manifest;
        this.stages = stages;
    }

    /**
     * Hands a bundle's graphs to it.
     *
     * @param answer the name of what a stage says
     * @throws UserError if it refuses a graph
     */
    static OnnxRunner open(Bundle bundle, String answer, int threads) {
        BundleManifest manifest = bundle.manifest();
        List<Stage> stages = new ArrayList<>();
        try {
            for (int q = 0; q < manifest.exits(); q++) {
                String name = manifest.stages().get(q);
                stages.add(Stage.open(
                        bundle.origin().resolve(name).toString(),
                        bundle.bytes(name),
                        manifest.inputsOf(q),
                        GraphNames.outputs(answer, manifest.carried(q)),
                        threads));
            }
            OnnxRunner runner = new OnnxRunner(manifest, List.copyOf(stages));
            stages.clear();
            return runner;
        } finally {
            stages.forEach(Stage::close);
        }
    }

    @Override
    public String name() {
        return "ONNX Runtime";
    }

    @Override
    public Walk begin(float[] event) {
        return new OnnxWalk(features(event));
    }

    private Features features(float[]... events) {
        BundleManifest.Input shape = manifest.input();
        FloatBuffer values = FloatBuffer.allocate(events.length * shape.size());
        for (float[] event : events) {
            values.put(event);
        }
        return Features.of(values.flip(), events.length, shape.channels(), shape.height(), shape.width());
    }

    /** One event. */
    private final class OnnxWalk implements Walk {
        private final Features event;
        private final List<float[]> answers = new ArrayList<>();
        private Stage.Output output;

        OnnxWalk(Features event) {
            this.event = event;
        }

        @Override
        public float[] next() {
            Stage.Output before = output;
            output = stages.get(answers.size()).run(before == null ? event : before.features());
            if (before != null) {
                before.close();
            }
            answers.add(output.confidences());
            return output.confidences();
        }

        @Override
        public float[] answer(int stage) {
            return answers.get(stage);
        }

        @Override
        public float[] handedOn() {
            return output.features().values();
        }

        @Override
        public void leave() {
            event.close();
            if (output != null) {
                output.close();
            }
        }
    }

    /** Each stage runs on those that are still undecided. */
    @Override
    public float[][] confidences(float[][] events, Rule rule, int exits) {
        int most = manifest.oneByOne()
                ? 1
                : Math.max(1, MAX_BATCH_VALUES / manifest.input().size());
        float[][] seen = new float[events.length][0];
        for (int from = 0; from < events.length; from += most) {
            int to = Math.min(events.length, from + most);
            System.arraycopy(batch(Arrays.copyOfRange(events, from, to), rule, exits), 0, seen, from, to - from);
        }
        return seen;
    }

    private float[][] batch(float[][] events, Rule rule, int exits) {
        float[][] confidences = new float[events.length][0];
        int[] open = IntStream.range(0, events.length).toArray();
        Features input = null;
        try {
            input = features(events);
            for (int q = 0; open.length > 0 && q < exits; q++) {
                try (Stage.Output output = stages.get(q).run(input)) {
                    int[] undecided = new int[open.length];
                    int count = 0;
                    for (int i = 0; i < open.length; i++) {
                        float confidence = output.confidences()[i];
                        float[] more = Arrays.copyOf(confidences[open[i]], q + 1);
                        more[q] = confidence;
                        confidences[open[i]] = more;
                        if (!rule.stops(q, confidence)) {
                            undecided[count++] = i;
                        }
                    }
                    input.close();
                    input = null;
                    int[] rest = Arrays.copyOf(undecided, q + 1 < exits ? count : 0);
                    if (rest.length > 0) {
                        input = output.features().select(rest);
                    }
                    int[] before = open;
                    open = Arrays.stream(rest).map(i -> before[i]).toArray();
                }
            }
        } finally {
            if (input != null) {
                input.close();
            }
        }
        return confidences;
    }

    @Override
    public void close() {
        stages.forEach(Stage::close);
    }
}
