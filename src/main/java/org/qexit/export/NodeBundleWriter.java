package org.qexit.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.qexit.bundle.BundleEvents;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.Golden;
import org.qexit.bundle.NodeGolden;
import org.qexit.bundle.NodeSettings;
import org.qexit.common.Json;
import org.qexit.nn.ExitCost;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.Thresholds;

/** Makes the files of an edge node's bundle, docs/bundle-format.md. The same specification gives the same bytes. */
final class NodeBundleWriter {
    private static final int POOL = 1024;

    private final NodeSpec spec;
    private final int features;
    private final int classes;

    private NodeBundleWriter(NodeSpec spec) {
        this.spec = spec;
        this.features = spec.network().model().config().features();
        this.classes = spec.node().classes().size();
    }

    /** Files by path in float32, manifest included, signature not. */
    static Map<String, byte[]> files(NodeSpec spec) {
        return new NodeBundleWriter(spec).files();
    }

    private Map<String, byte[]> files() {
        BundleContents contents = new BundleContents(spec.network());
        for (int q = 0; q < spec.network().model().config().exits(); q++) {
            contents.stage(q, graphs().stage(q));
        }
        contents.put(BundleContents.MODEL, graphs().whole());
        contents.circuits(spec.network(), lowering(), spec.qasm2());
        float[] values = goldenValues();
        contents.put(
                Golden.PATH,
                Json.pretty(NodeGolden.of(
                        "qexit's network in float32, circuits in float64",
                        Golden.TOLERANCE,
                        scores(values),
                        spec.node())));
        contents.put(Golden.INPUTS, Golden.bytes(values));
        contents.put(NodeSettings.PATH, Json.pretty(spec.node()));
        contents.put(BundleWriter.CARD, card());
        BundleManifest.Input input = BundleWriter.input(spec.network(), normalisation());
        return contents.finish(spec.name(), input, BundleManifest.SINGLE, BundleManifest.EDGE_NODE, spec.provenance());
    }

    private String normalisation() {
        if (spec.node().payload().unbounded()) {
            return "none: features as the first block of the devices' model gives them, any finite numbers";
        }
        return spec.network().inputMaximum() == 1
                ? "none: values are scaled to 0 to 1 already"
                : "in the graph: value / 255";
    }

    private NetworkLowering lowering() {
        return new NetworkLowering(
                spec.network().model(),
                1 / spec.network().inputMaximum(),
                NetworkLowering.ConvolutionWriter.PLAIN.fresh());
    }

    private NodeGraphs graphs() {
        return new NodeGraphs(lowering(), spec.node());
    }

    private float[][] scores(float[] values) {
        float[] scaled = BundleEvents.scaled(values, spec.network().inputMaximum());
        return new NetworkReference(spec.network().model()).confidences(scaled, values.length / features);
    }

    /** Some of the test events for every way the walk can end; random inputs where there are no events. */
    private float[] goldenValues() {
        int pool = Math.min(
                POOL, spec.events().stream().mapToInt(BundleEvents::size).sum());
        if (pool == 0) {
            return Golden.randomInputs(features, spec.network().inputMaximum());
        }
        float[] values = new float[pool * features];
        int at = 0;
        for (BundleEvents device : spec.events()) {
            int take = Math.min(pool - at, device.size());
            System.arraycopy(device.values(), 0, values, at * features, take * features);
            at += take;
        }
        float[][] scores = scores(values);
        ClassThresholds thresholds = spec.node().thresholds();
        List<Thresholds.Decision> ways = new ArrayList<>();
        for (int k = 0; k < pool; k++) {
            float[][] probabilities = new float[scores.length][];
            for (int q = 0; q < scores.length; q++) {
                probabilities[q] = Arrays.copyOfRange(scores[q], k * classes, (k + 1) * classes);
            }
            ClassThresholds.Decision decision =
                    thresholds.decide(probabilities, spec.node().criticalIds());
            ways.add(new Thresholds.Decision(decision.exit(), !decision.falseAlarm()));
        }
        int[] chosen = Golden.choose(ways);
        float[] kept = new float[chosen.length * features];
        for (int i = 0; i < chosen.length; i++) {
            System.arraycopy(values, chosen[i] * features, kept, i * features, features);
        }
        return kept;
    }

    private String card() {
        NodeSettings node = spec.node();
        StringBuilder card = new StringBuilder("# " + spec.name() + "\n\nAn edge node's early-exit model for "
                + classes + " classes, critical: "
                + node.critical().stream().map(node.classes()::get).collect(Collectors.joining(", "))
                + ".\n\nDevices send: " + node.payload().kind() + ", "
                + node.payload().bits() + " bits per value"
                + (node.payload().model() == null
                        ? ""
                        : ", behind the first block of model " + node.payload().model() + " (parameters "
                                + node.payload().modelSha256() + ")")
                + ".\n\nThresholds: l' = " + node.lower() + ", u' = " + node.upper()
                + ". At each exit: the critical classes together at or below l' are a false alarm; the most probable of them"
                + " at or above u' is named; else the next exit looks.\n\n"
                + "| exit | head | multiply-accumulates | memory accesses | parameters |\n|---|---|---|---|---|\n");
        for (ExitCost cost : ExitCost.of(spec.network().model().config())) {
            card.append(String.format(
                    Locale.ROOT,
                    "| %d | %s | %d | %d | %d |%n",
                    cost.exit(),
                    cost.head().toLowerCase(Locale.ROOT),
                    cost.macs(),
                    cost.memoryAccesses(),
                    cost.parameters()));
        }
        card.append("\nParameters: SHA-256 ").append(node.modelSha256()).append('\n');
        spec.facts().forEach(fact -> card.append('\n').append("- ").append(fact));
        return card.append('\n').toString().replace("\r\n", "\n");
    }
}
