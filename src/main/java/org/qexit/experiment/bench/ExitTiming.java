package org.qexit.experiment.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.Golden;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.device.EdgeRuntime;
import org.qexit.device.Latencies;
import org.qexit.onnx.GraphProfile;
import org.qexit.onnx.GraphSession;
import org.qexit.onnx.OnnxScan;

/**
 * Whether the stages behind an event's exit were really not run: the nodes of the whole graph that ONNX Runtime's own profiler saw run for
 * the golden events of each exit, and how long they took.
 *
 * @param nodes of the whole graph, branches included
 * @param layers of them that multiply by weights or matrices
 * @param exits of those exits that golden events leave at, first exit first
 * @param saved whether fewer layers ran for every earlier exit
 */
public record ExitTiming(int nodes, int layers, List<OfExit> exits, boolean saved) {
    /** Until the JVM has compiled the loops. */
    private static final int WARM_UPS = 20;

    private static final int REPETITIONS = 20;
    private static final Set<String> LAYERS = Set.of(
            "Conv",
            "ConvInteger",
            "QLinearConv",
            "ConvTranspose",
            "Gemm",
            "MatMul",
            "MatMulInteger",
            "QLinearMatMul",
            "LSTM",
            "GRU",
            "RNN");

    /**
     * Of the events that leave at one exit.
     *
     * @param exit from 1
     * @param events how many of the golden ones
     * @param nodesRun nodes that ran for at least one of them
     * @param layersRun layers among them
     * @param wholeMicros median of the whole graph, one event at a time [µs]
     * @param stagesMicros median of stage after stage [µs]
     */
    public record OfExit(int exit, int events, int nodesRun, int layersRun, double wholeMicros, double stagesMicros) {}

    /** @throws UserError for an edge node's bundle */
    public static ExitTiming of(Bundle bundle) {
        bundle.checkForDevice();
        BundleManifest manifest = bundle.manifest();
        Golden golden = Json.parse(Golden.PATH, bundle.text(Golden.PATH), Golden.class);
        byte[] graph = bundle.bytes(manifest.model());
        Map<String, Float> constants =
                EarlyExitStudy.constants(manifest, golden.thresholds().perExit(manifest.exits()));
        long[] shape = {
            1,
            manifest.input().channels(),
            manifest.input().height(),
            manifest.input().width()
        };
        List<List<float[]>> byExit = byExit(bundle, golden);
        Map<String, Integer> operators = OnnxScan.of(manifest.model(), graph).operators();
        int nodes = operators.values().stream().mapToInt(Integer::intValue).sum();
        int layers = operators.entrySet().stream()
                .filter(o -> LAYERS.contains(o.getKey()))
                .mapToInt(Map.Entry::getValue)
                .sum();
        List<OfExit> exits = new ArrayList<>();
        boolean saved = true;
        try (EdgeRuntime stages = EdgeRuntime.open(bundle, golden.thresholds(), 1);
                GraphSession whole = GraphSession.open(manifest.model(), graph, constants)) {
            for (int r = 0; r < WARM_UPS; r++) {
                byExit.forEach(events -> events.forEach(event -> {
                    whole.run(event, shape);
                    stages.classify(event);
                }));
            }
            for (int q = 0; q < byExit.size(); q++) {
                List<float[]> events = byExit.get(q);
                if (events.isEmpty()) {
                    continue;
                }
                SortedMap<String, String> ran = GraphProfile.nodes(manifest.model(), graph, constants, events, shape);
                int layersRun =
                        (int) ran.values().stream().filter(LAYERS::contains).count();
                OfExit before = exits.isEmpty() ? null : exits.get(exits.size() - 1);
                saved &= before == null || before.layersRun() < layersRun && before.nodesRun() < ran.size();
                Latencies inOne = new Latencies();
                Latencies staged = new Latencies();
                for (int r = 0; r < REPETITIONS; r++) {
                    for (float[] event : events) {
                        long start = System.nanoTime();
                        whole.run(event, shape);
                        long middle = System.nanoTime();
                        stages.classify(event);
                        long end = System.nanoTime();
                        inOne.add(middle - start);
                        staged.add(end - middle);
                    }
                }
                exits.add(new OfExit(
                        q + 1,
                        events.size(),
                        ran.size(),
                        layersRun,
                        inOne.quantileMicros(0.5),
                        staged.quantileMicros(0.5)));
            }
        }
        return new ExitTiming(nodes, layers, exits, saved);
    }

    private static List<List<float[]>> byExit(Bundle bundle, Golden golden) {
        int size = bundle.manifest().input().size();
        ByteBuffer inputs = ByteBuffer.wrap(bundle.bytes(golden.inputs())).order(ByteOrder.LITTLE_ENDIAN);
        if (inputs.remaining() != (long) Float.BYTES * size * golden.events()) {
            throw new UserError(golden.inputs() + " has " + inputs.remaining() + " bytes; expected "
                    + (long) Float.BYTES * size * golden.events());
        }
        List<List<float[]>> byExit = new ArrayList<>();
        for (int q = 0; q < bundle.manifest().exits(); q++) {
            byExit.add(new ArrayList<>());
        }
        for (int k = 0; k < golden.events(); k++) {
            float[] event = new float[size];
            inputs.asFloatBuffer().get(event);
            inputs.position(inputs.position() + Float.BYTES * size);
            byExit.get(Math.min(byExit.size(), Math.max(1, golden.exits()[k])) - 1)
                    .add(event);
        }
        return byExit;
    }
}
