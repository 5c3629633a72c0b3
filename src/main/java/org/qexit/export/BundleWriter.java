package org.qexit.export;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.DeviceSettings;
import org.qexit.bundle.Golden;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.export.NetworkLowering.ConvolutionWriter;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ExitCost;
import org.qexit.nn.head.QuantumHead;
import org.qexit.onnx.graph.OnnxModel;
import org.qexit.trace.Thresholds;
import org.qexit.trace.ThresholdsFile;

/** Makes the files of a bundle, docs/bundle-format.md. The same specification gives the same bytes. */
final class BundleWriter {
    static final String PLAN = "plan.json";
    static final String CARD = "model-card.md";
    static final String MODEL = "model.onnx";

    private final BundleSpec spec;
    private final Map<String, byte[]> files = new TreeMap<>();
    private final SortedSet<String> operators = new TreeSet<>();
    private final List<String> stages = new ArrayList<>();

    private BundleWriter(BundleSpec spec) {
        this.spec = spec;
    }

    /** Files by path in float32, manifest included, signature not. */
    static Map<String, byte[]> plain(BundleSpec spec) {
        BundleWriter writer = new BundleWriter(spec);
        writer.graphs(ConvolutionWriter.PLAIN);
        GoldenEvents events = GoldenEvents.of(spec);
        EarlyExitModel model = spec.network().model();
        writer.golden(
                "qexit's network in float32, circuits in float64",
                Golden.TOLERANCE,
                events,
                model.confidences(events.scaled(spec.network().inputMaximum()), events.count()));
        writer.put(CARD, ModelCard.of(spec));
        writer.settings();
        return writer.finish(BundleManifest.SINGLE);
    }

    /**
     * The same with convolutions in 8-bit integers, the devices' settings being those of the quantised model.
     *
     * @param scores of the golden events at all exits
     * @param card text of the model card
     */
    static Map<String, byte[]> quantised(
            BundleSpec spec, ConvolutionWriter convolutions, GoldenEvents events, float[][] scores, String card) {
        BundleWriter writer = new BundleWriter(spec);
        writer.graphs(convolutions);
        writer.golden("the int8 stages in ONNX Runtime", Quantisation.TOLERANCE, events, scores);
        writer.put(CARD, card);
        writer.settings();
        return writer.finish(BundleManifest.INTEGERS);
    }

    private void graphs(ConvolutionWriter convolutions) {
        for (int q = 0; q < spec.network().model().config().exits(); q++) {
            String name = "stage-" + (q + 1) + ".onnx";
            stages.add(name);
            put(name, new ModelGraphs(network(convolutions)).stage(q));
        }
        put(
                MODEL,
                new ModelGraphs(network(convolutions))
                        .whole(spec.settings().ofGraph().thresholds()));
        circuits(network(convolutions));
    }

    private NetworkLowering network(ConvolutionWriter convolutions) {
        return new NetworkLowering(spec.network().model(), 1 / spec.network().inputMaximum(), convolutions.fresh());
    }

    private void circuits(NetworkLowering network) {
        for (int q = 0; q < spec.network().model().config().exits(); q++) {
            if (spec.network().model().config().heads().get(q) instanceof QuantumHead head) {
                CircuitProgram program = CircuitProgram.of(
                        q + 1, head.ansatz().circuit(), network.theta(q), network.circuitInputs(q, head));
                put("circuits/exit-" + (q + 1) + ".qasm", program.version3());
                if (spec.qasm2()) {
                    put("circuits/exit-" + (q + 1) + "-v2.qasm", program.version2());
                }
            }
        }
    }

    private void golden(String reference, double tolerance, GoldenEvents events, float[][] scores) {
        Thresholds thresholds = spec.settings().ofGraph().thresholds();
        put(Golden.PATH, Json.pretty(Golden.of(reference, tolerance, scores, events.labels(), thresholds)));
        files.put(Golden.INPUTS, Golden.bytes(events.values()));
    }

    private void settings() {
        if (spec.settings().plan() != null) {
            put(PLAN, Json.pretty(spec.settings().plan()));
        }
        put(
                Bundle.THRESHOLDS,
                Json.pretty(ThresholdsFile.of(
                        spec.network().model().config().name(),
                        spec.network().sha256(),
                        spec.settings().plan() == null
                                ? null
                                : spec.settings().plan().method(),
                        spec.settings().graphDevice(),
                        spec.settings().devices().stream()
                                .map(d -> ThresholdsFile.Device.of(d.device(), d.thresholds(), d.node()))
                                .toList())));
        for (DeviceSettings device : spec.settings().devices()) {
            put(DeviceSettings.FOLDER + fileName(device.device()) + ".json", Json.pretty(device));
        }
    }

    /** An id as a file name: what file systems or shells might trip over becomes '-' with a hash behind it. */
    private static String fileName(String id) {
        if (id.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}") && !id.endsWith(".")) {
            return id;
        }
        String plain = id.replaceAll("[^A-Za-z0-9_-]", "-");
        return (plain.length() > 40 ? plain.substring(0, 40) : plain) + "-"
                + Hashing.sha256Hex(id.getBytes(StandardCharsets.UTF_8)).substring(0, 8);
    }

    private Map<String, byte[]> finish(String precision) {
        List<BundleManifest.FileEntry> entries = new ArrayList<>();
        files.forEach((path, bytes) ->
                entries.add(new BundleManifest.FileEntry(path, bytes.length, Hashing.sha256Hex(bytes))));
        List<BundleManifest.Cost> costs = ExitCost.of(spec.network().model().config()).stream()
                .map(c -> new BundleManifest.Cost(c.exit(), c.macs(), c.memoryAccesses(), c.parameters()))
                .toList();
        BundleManifest manifest = new BundleManifest(
                BundleManifest.FORMAT,
                spec.name(),
                // No time: the same specification gives the same bytes.
                null,
                spec.network().model().config().exits(),
                input(spec),
                (int) OnnxModel.OPSET,
                List.copyOf(operators),
                precision,
                MODEL,
                stages,
                costs,
                entries,
                spec.provenance());
        put(Bundle.MANIFEST, Json.pretty(manifest));
        return files;
    }

    static BundleManifest.Input input(BundleSpec spec) {
        float maximum = spec.network().inputMaximum();
        return new BundleManifest.Input(
                spec.network().model().config().channels(),
                spec.network().model().config().height(),
                spec.network().model().config().width(),
                "float32",
                maximum,
                maximum == 1
                        ? "none: values are scaled to 0 to 1 already"
                        : "in the graph: value / " + (maximum == (int) maximum ? "" + (int) maximum : "" + maximum));
    }

    private void put(String path, OnnxModel graph) {
        operators.addAll(graph.operators());
        files.put(path, graph.toBytes());
    }

    private void put(String path, String text) {
        files.put(path, text.getBytes(StandardCharsets.UTF_8));
    }
}
