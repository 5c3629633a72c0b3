package org.qexit.export;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleEvents;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.DevicePath;
import org.qexit.bundle.DeviceSettings;
import org.qexit.bundle.Emissions;
import org.qexit.bundle.Golden;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.export.NetworkLowering.ConvolutionWriter;
import org.qexit.nn.EarlyExitModel;
import org.qexit.onnx.graph.OnnxModel;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.QuantilePath;
import org.qexit.trace.Rule;
import org.qexit.trace.RuleKind;
import org.qexit.trace.ThresholdsFile;

/** Makes the files of a bundle, docs/bundle-format.md. The same specification gives the same bytes. */
final class BundleWriter {
    static final String PLAN = "plan.json";
    static final String CARD = "model-card.md";
    static final String MODEL = BundleContents.MODEL;

    private final BundleSpec spec;
    private final BundleContents contents;

    private BundleWriter(BundleSpec spec) {
        this.spec = spec;
        this.contents = new BundleContents(spec.network());
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
        writer.emissions(test -> model.confidences(test.scaled(spec.network().inputMaximum()), test.size()));
        writer.put(CARD, ModelCard.of(spec));
        writer.settings();
        writer.paths(own -> model.confidences(own.scaled(spec.network().inputMaximum()), own.size()));
        return writer.finish(BundleManifest.SINGLE);
    }

    /**
     * The same with convolutions in 8-bit integers, the devices' settings being those of the quantised model.
     *
     * @param scores of the golden events at all exits
     * @param runtime the quantised stages' confidences {@code [exit][event]}
     * @param card text of the model card
     */
    static Map<String, byte[]> quantised(
            BundleSpec spec,
            ConvolutionWriter convolutions,
            GoldenEvents events,
            float[][] scores,
            Function<BundleEvents, float[][]> runtime,
            String card) {
        BundleWriter writer = new BundleWriter(spec);
        writer.graphs(convolutions);
        writer.golden("the int8 stages in ONNX Runtime", Quantisation.TOLERANCE, events, scores);
        writer.emissions(runtime);
        writer.put(CARD, card);
        writer.settings();
        writer.paths(runtime);
        return writer.finish(BundleManifest.INTEGERS);
    }

    private void graphs(ConvolutionWriter convolutions) {
        for (int q = 0; q < spec.network().model().config().exits(); q++) {
            contents.stage(q, new ModelGraphs(network(convolutions)).stage(q));
        }
        put(
                MODEL,
                new ModelGraphs(network(convolutions))
                        .whole(spec.settings().ofGraph().thresholds(), perExit()));
        contents.circuits(spec.network(), network(convolutions), spec.qasm2());
    }

    /** Whether some device has thresholds for each exit: then the whole graph has them, whatever the others have. */
    private boolean perExit() {
        return spec.settings().devices().stream()
                .anyMatch(device -> device.thresholds().kind() == RuleKind.PER_EXIT);
    }

    private NetworkLowering network(ConvolutionWriter convolutions) {
        return new NetworkLowering(spec.network().model(), 1 / spec.network().inputMaximum(), convolutions.fresh());
    }

    private void golden(String reference, double tolerance, GoldenEvents events, float[][] scores) {
        Rule thresholds = spec.settings().ofGraph().thresholds();
        put(Golden.PATH, Json.pretty(Golden.of(reference, tolerance, scores, events.labels(), thresholds)));
        contents.put(Golden.INPUTS, Golden.bytes(events.values()));
    }

    /** What is normal of the devices: their emissions on test events, which nothing was chosen on. */
    private void emissions(Function<BundleEvents, float[][]> scores) {
        List<Emissions.Device> all = spec.events().test().stream()
                .filter(test -> test.size() > 0)
                .map(test -> Emissions.Device.of(
                        test.device(),
                        scores.apply(test),
                        test.size(),
                        spec.settings().of(test.device()).thresholds()))
                .toList();
        if (!all.isEmpty()) {
            put(Emissions.PATH, Json.pretty(Emissions.of(all)));
        }
    }

    private void settings() {
        if (spec.settings().plan() != null) {
            put(PLAN, Json.pretty(spec.settings().plan()));
        }
        settings(
                contents, spec.network().model().config().name(), spec.network().sha256(), spec.settings());
    }

    /** Thresholds of all devices together, and each device's own file. */
    static void settings(BundleContents contents, String model, String sha256, BundleSpec.Settings settings) {
        contents.put(
                Bundle.THRESHOLDS,
                Json.pretty(ThresholdsFile.of(
                        model,
                        sha256,
                        settings.plan() == null ? null : settings.plan().method(),
                        settings.graphDevice(),
                        settings.devices().stream()
                                .map(d -> ThresholdsFile.Device.of(d.device(), d.thresholds(), d.node()))
                                .toList())));
        for (DeviceSettings device : settings.devices()) {
            contents.put(DeviceSettings.FOLDER + fileName(device.device()) + ".json", Json.pretty(device));
        }
    }

    /** The paths along which devices may follow a budget, by what the model says of their validation events. */
    private void paths(Function<BundleEvents, float[][]> confidences) {
        for (BundleEvents events : spec.events().validation()) {
            if (events.size() > 0) {
                DeviceSettings device = spec.settings().of(events.device());
                DeviceTrace trace = ModelCard.trace(events, confidences.apply(events));
                DevicePath path = DevicePath.of(device.device(), QuantilePath.of(trace, device.thresholds()));
                put(DevicePath.FOLDER + fileName(device.device()) + ".json", Json.compact(path));
            }
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
        contents.warn(spec.card().warnings());
        contents.format(perExit() ? BundleManifest.PER_EXIT_FORMAT : BundleManifest.FORMAT);
        return contents.finish(spec.name(), input(spec), precision, null, spec.provenance());
    }

    static BundleManifest.Input input(BundleSpec spec) {
        float maximum = spec.network().inputMaximum();
        return input(
                spec.network(),
                maximum == 1
                        ? "none: values are scaled to 0 to 1 already"
                        : "in the graph: value / " + (maximum == (int) maximum ? "" + (int) maximum : "" + maximum));
    }

    static BundleManifest.Input input(BundleSpec.Network network, String normalisation) {
        return new BundleManifest.Input(
                network.model().config().channels(),
                network.model().config().height(),
                network.model().config().width(),
                "float32",
                network.inputMaximum(),
                normalisation);
    }

    private void put(String path, OnnxModel graph) {
        contents.put(path, graph);
    }

    private void put(String path, String text) {
        contents.put(path, text);
    }
}
