package org.qexit.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.qexit.bundle.BundleEvents;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.Golden;
import org.qexit.common.Json;
import org.qexit.onnx.foreign.EventInput;
import org.qexit.onnx.foreign.ExitCosts;
import org.qexit.onnx.foreign.ForeignModel;
import org.qexit.onnx.foreign.StageCut;
import org.qexit.trace.Confusion;

/** Makes the files of a bundle of another exporter's model: its graph cut at the exits. The same specification gives the same bytes. */
final class ForeignBundleWriter {
    private final ForeignSpec spec;
    private final StageCut cut;
    private final ForeignNetwork network;
    private final List<BundleManifest.Cost> costs = new ArrayList<>();

    private ForeignBundleWriter(ForeignSpec spec) {
        this.spec = spec;
        this.cut = StageCut.of(spec.reference().run().graph());
        this.network = new ForeignNetwork(
                cut, spec.reference().run().input(), spec.reference().scores());
        for (ExitCosts.Cost cost : ExitCosts.cumulative(cut.graph())) {
            costs.add(new BundleManifest.Cost(costs.size() + 1, cost.macs(), cost.memoryAccesses(), cost.parameters()));
        }
    }

    /** Files by path, manifest included, signature not. */
    static Map<String, byte[]> files(ForeignSpec spec) {
        return new ForeignBundleWriter(spec).files();
    }

    private Map<String, byte[]> files() {
        BundleContents contents = new BundleContents(costs);
        contents.graphsOf(network);
        ModelGraphs graphs = new ModelGraphs(network);
        for (int q = 0; q < network.exits(); q++) {
            contents.stage(q, graphs.stage(q));
        }
        contents.put(
                BundleContents.MODEL, graphs.whole(spec.settings().ofGraph().thresholds()));
        GoldenEvents golden = GoldenEvents.of(
                spec.events(),
                spec.reference().run().input().size(),
                spec.reference()::confidences,
                spec.settings().ofGraph().thresholds());
        contents.put(
                Golden.PATH,
                Json.pretty(Golden.of(
                        "the model that it was cut from, whole, in ONNX Runtime",
                        Golden.TOLERANCE,
                        spec.reference().confidences(golden.values(), golden.count()),
                        golden.labels(),
                        spec.settings().ofGraph().thresholds())));
        contents.put(Golden.INPUTS, Golden.bytes(golden.values()));
        contents.put(BundleWriter.CARD, card());
        ForeignModel model = cut.graph().model();
        BundleWriter.settings(contents, model.name(), model.sha256(), spec.settings());
        return contents.finish(spec.name(), input(), BundleManifest.SINGLE, null, spec.provenance());
    }

    private BundleManifest.Input input() {
        EventInput input = spec.reference().run().input();
        EventInput.Normalisation norm = input.norm();
        String words = norm.scale() == 1 && norm.mean().length == 0
                ? "none: the model takes values as they are"
                : "in the graph: value / " + norm.scale()
                        + (norm.mean().length == 0 ? "" : ", less a mean, by a deviation");
        return new BundleManifest.Input(
                (int) input.event()[0],
                (int) input.event()[1],
                (int) input.event()[2],
                "float32",
                spec.inputMaximum(),
                words);
    }

    private String card() {
        StringBuilder card = new StringBuilder(
                "# " + spec.name()
                        + "\n\nAn early-exit classifier of another exporter, cut at its exits. At each exit in turn, a confidence at or below"
                        + " the lower threshold means normal, else one at or above the upper means critical (offload it), else the next"
                        + " exit looks; undecided after the last means normal.\n\n## Exits\n\n"
                        + "| exit | output | carried on | multiply-accumulates | memory accesses | parameters |\n|---|---|---|---|---|---|\n");
        for (int q = 0; q < costs.size(); q++) {
            card.append(String.format(
                    Locale.ROOT,
                    "| %d | %s | %d | %,d | %,d | %,d |\n",
                    q + 1,
                    cut.graph().model().exits().get(q).replace("|", "\\|"),
                    network.given(q).size(),
                    costs.get(q).macs(),
                    costs.get(q).memoryAccesses(),
                    costs.get(q).parameters()));
        }
        card.append(
                "\n## Metrics\n\nOn the events that the thresholds were chosen on, which is optimistic; 95 % Wilson intervals.\n\n"
                        + "| device | events | critical | TPR | FPR | accuracy | offloaded | exits taken |\n|---|---|---|---|---|---|---|---|\n");
        for (BundleEvents events : spec.events()) {
            float[][] said = spec.reference().confidences(events.values(), events.size());
            Confusion counts = Confusion.of(
                    ModelCard.trace(events, said),
                    spec.settings().of(events.device()).thresholds());
            card.append(ModelCard.metrics(events.device(), counts)).append('\n');
        }
        card.append("\n## Origin\n");
        spec.facts().forEach(fact -> card.append("\n- ").append(fact));
        return card.append('\n').toString();
    }
}
