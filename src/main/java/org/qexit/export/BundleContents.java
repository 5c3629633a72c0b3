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
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.common.Provenance;
import org.qexit.common.Warning;
import org.qexit.nn.ExitCost;
import org.qexit.nn.head.QuantumHead;
import org.qexit.onnx.graph.OnnxModel;

/** The files of a bundle while it is made, and the manifest over them. The same files give the same bytes. */
final class BundleContents {
    static final String MODEL = "model.onnx";

    private final List<BundleManifest.Cost> costs;
    private final Map<String, byte[]> files = new TreeMap<>();
    private final SortedSet<String> operators = new TreeSet<>();
    private final List<String> stages = new ArrayList<>();
    private List<Warning> warnings = List.of();
    private String format = BundleManifest.FORMAT;
    private long opset = OnnxModel.OPSET;
    private List<Integer> carries;
    private Integer batch;

    BundleContents(BundleSpec.Network network) {
        this(ExitCost.of(network.model().config()).stream()
                .map(c -> new BundleManifest.Cost(c.exit(), c.macs(), c.memoryAccesses(), c.parameters()))
                .toList());
    }

    /** @param costs of every exit */
    BundleContents(List<BundleManifest.Cost> costs) {
        this.costs = costs;
    }

    /** Graphs that are not as version 1 has them: several tensors between stages, one event at a time, or other operators. */
    void graphsOf(StagedNetwork network) {
        opset = network.operators().opset();
        batch = network.oneByOne() ? 1 : null;
        List<Integer> counts = new ArrayList<>();
        for (int q = 0; q < network.exits() - 1; q++) {
            counts.add(network.given(q).size());
        }
        carries = counts.stream().allMatch(count -> count == 1) ? null : counts;
    }

    void stage(int exit, OnnxModel graph) {
        String name = "stage-" + (exit + 1) + ".onnx";
        stages.add(name);
        put(name, graph);
    }

    /** The circuits of all quantum heads in OpenQASM. */
    void circuits(BundleSpec.Network network, NetworkLowering lowering, boolean qasm2) {
        for (int q = 0; q < network.model().config().exits(); q++) {
            if (network.model().config().heads().get(q) instanceof QuantumHead head) {
                CircuitProgram program = CircuitProgram.of(
                        q + 1, head.ansatz().circuit(), lowering.theta(q), lowering.circuitInputs(q, head));
                put("circuits/exit-" + (q + 1) + ".qasm", program.version3());
                if (qasm2) {
                    put("circuits/exit-" + (q + 1) + "-v2.qasm", program.version2());
                }
            }
        }
    }

    /** The format, if it is not {@link BundleManifest#FORMAT}. */
    void format(String other) {
        format = other;
    }

    /** What the manifest warns of. */
    void warn(List<Warning> found) {
        warnings = found;
    }

    void put(String path, OnnxModel graph) {
        operators.addAll(graph.operators());
        files.put(path, graph.toBytes());
    }

    void put(String path, String text) {
        files.put(path, text.getBytes(StandardCharsets.UTF_8));
    }

    void put(String path, byte[] bytes) {
        files.put(path, bytes);
    }

    /**
     * All files, the manifest included.
     *
     * @param kind of the bundle, null for a device's
     */
    Map<String, byte[]> finish(
            String name, BundleManifest.Input input, String precision, String kind, Provenance made) {
        List<BundleManifest.FileEntry> entries = new ArrayList<>();
        files.forEach((path, bytes) ->
                entries.add(new BundleManifest.FileEntry(path, bytes.length, Hashing.sha256Hex(bytes))));
        BundleManifest manifest = new BundleManifest(
                format.equals(BundleManifest.FORMAT) && (carries != null || batch != null)
                        ? BundleManifest.FORMAT_2
                        : format,
                name,
                // No time: the same specification gives the same bytes.
                null,
                costs.size(),
                input,
                (int) opset,
                List.copyOf(operators),
                precision,
                MODEL,
                stages,
                costs,
                entries,
                made,
                kind,
                warnings,
                carries,
                batch);
        put(Bundle.MANIFEST, Json.pretty(manifest));
        return files;
    }
}
