package org.qexit.tier.live.node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.NodeSettings;
import org.qexit.common.Progress;
import org.qexit.device.NodeRuntime;
import org.qexit.tier.live.control.EventRecord;
import org.qexit.tier.live.inference.InferRequest;
import org.qexit.tier.live.inference.InferResponse;
import org.qexit.tier.live.inference.InferenceService.ModelMetadata;
import org.qexit.tier.live.inference.InferenceService.TensorMetadata;
import org.qexit.tier.live.inference.Parameters;
import org.qexit.tier.live.inference.Refusal;
import org.qexit.tier.live.inference.Tensor;
import org.qexit.trace.Thresholds;

/**
 * A node's model in use: one session of each stage, run by many threads at once. Whoever uses it holds it; it is closed when it has been
 * retired and nobody holds it any more.
 */
final class ServedModel {
    private static final int VERSION_DIGITS = 16;
    private static final float LEVELS = 255;
    private static final List<String> OUTPUTS = List.of("class", "exit", "confidences");

    private final Path origin;
    private final String name;
    private final String digest;
    private final NodeRuntime runtime;
    private final Parameters facts;
    /** The owner, until it is retired, and everybody who uses it. */
    private int holders = 1;

    private ServedModel(Bundle bundle, NodeRuntime runtime) {
        this.origin = bundle.origin();
        this.name = bundle.manifest().name();
        this.digest = bundle.sha256();
        this.runtime = runtime;
        NodeSettings node = runtime.node();
        this.facts = Parameters.NONE
                .with("model_digest", digest)
                .with("lower", decimal(node.lower()))
                .with(
                        "upper",
                        node.upper().value() == Thresholds.NEVER
                                ? "never"
                                : decimal(node.upper().value()));
    }

    /** The number that the float's shortest text says. */
    private static Double decimal(float value) {
        return Double.valueOf(Float.toString(value));
    }

    /** Opens it, and says so where it runs on something else than the engine. */
    static ServedModel open(Bundle bundle) {
        NodeRuntime runtime = NodeRuntime.open(bundle);
        runtime.notice().ifPresent(notice -> Progress.say("qexit: " + notice));
        return new ServedModel(bundle, runtime);
    }

    /** Holds it; false if it is closed. */
    synchronized boolean hold() {
        if (holders == 0) {
            return false;
        }
        holders++;
        return true;
    }

    /** Holds it no more. */
    void release() {
        boolean last;
        synchronized (this) {
            last = --holders == 0;
        }
        if (last) {
            runtime.close();
        }
    }

    Path origin() {
        return origin;
    }

    String name() {
        return name;
    }

    String digest() {
        return digest;
    }

    /** The first digits of its digest. */
    String version() {
        return digest.substring(0, VERSION_DIGITS);
    }

    String className(int id) {
        return runtime.node().classes().get(id);
    }

    int exits() {
        return runtime.exits();
    }

    /** Digest and thresholds. */
    Parameters facts() {
        return facts;
    }

    BundleManifest.Input input() {
        return runtime.input();
    }

    /** What the input is called: what devices send. */
    String inputName() {
        return runtime.node().payload().kind().equals("features") ? "features" : "input";
    }

    /** Whether values may be levels of 8 bits. */
    private boolean takesLevels() {
        return !runtime.node().payload().unbounded() && runtime.input().maximum() == LEVELS;
    }

    ModelMetadata metadata(List<String> versions) {
        BundleManifest.Input shape = runtime.input();
        List<Long> events = List.of(-1L, (long) shape.channels(), (long) shape.height(), (long) shape.width());
        Map<String, Object> parameters = new LinkedHashMap<>(facts.values());
        parameters.put("classes", runtime.node().classes());
        parameters.put("critical", runtime.node().critical());
        parameters.put("exits", runtime.exits());
        return new ModelMetadata(
                name,
                versions,
                "qexit",
                List.of(new TensorMetadata(inputName(), takesLevels() ? "UINT8" : "FP32", events)),
                List.of(
                        new TensorMetadata("class", "INT64", List.of(-1L)),
                        new TensorMetadata("exit", "INT64", List.of(-1L)),
                        new TensorMetadata("confidences", "FP32", List.of(-1L, (long)
                                runtime.node().classes().size()))),
                parameters);
    }

    /**
     * The events of an input.
     *
     * @throws Refusal unless it is one, of this model's shape
     */
    float[][] events(List<Tensor> inputs, int most) {
        if (inputs.size() != 1 || !inputs.get(0).name().equals(inputName())) {
            throw Refusal.malformed(
                    "inputs are " + inputs.stream().map(Tensor::name).toList() + "; expected [" + inputName() + "]");
        }
        Tensor input = inputs.get(0);
        BundleManifest.Input shape = runtime.input();
        int[] expected = {-1, shape.channels(), shape.height(), shape.width()};
        int[] found = input.shape().clone();
        int events = found[0];
        found[0] = -1;
        if (!Arrays.equals(expected, found) || events < 1) {
            throw Refusal.malformed("input '" + input.name() + "' has shape " + Arrays.toString(input.shape())
                    + "; expected [N, " + shape.channels() + ", " + shape.height() + ", " + shape.width() + "]");
        }
        if (events > most) {
            throw Refusal.of(
                    Refusal.Reason.TOO_LARGE,
                    "input '" + input.name() + "' holds " + events + " events; expected at most " + most);
        }
        boolean levels = input instanceof Tensor.Uint8;
        if (!(levels && takesLevels()) && !(input instanceof Tensor.Fp32)) {
            throw Refusal.malformed("input '" + input.name() + "' is " + input.type() + "; expected "
                    + (takesLevels() ? "FP32 or UINT8" : "FP32"));
        }
        float[] all = input.floats();
        float[][] each = new float[events][];
        for (int k = 0; k < events; k++) {
            each[k] = Arrays.copyOfRange(all, k * shape.size(), (k + 1) * shape.size());
        }
        return each;
    }

    /**
     * Decides events one by one, so that an answer does not depend on what came with it.
     *
     * @param all whether every stage runs whatever the exits say
     * @throws Refusal if a value is out of range
     */
    List<NodeRuntime.Result> classify(float[][] events, boolean all) {
        List<NodeRuntime.Result> results = new ArrayList<>(events.length);
        try {
            for (float[] event : events) {
                results.add(all ? runtime.classifyByAllStages(event) : runtime.classify(event));
            }
        } catch (IllegalArgumentException e) {
            throw Refusal.malformed("input '" + inputName() + "': " + e.getMessage());
        }
        return results;
    }

    /** @throws Refusal for an output that no model has */
    static void checkOutputs(List<InferRequest.WantedOutput> wanted) {
        for (InferRequest.WantedOutput output : wanted) {
            if (!OUTPUTS.contains(output.name())) {
                throw Refusal.malformed(
                        "outputs: no output '" + output.name() + "'; expected one of: " + String.join(", ", OUTPUTS));
            }
        }
    }

    /** What the cloud is told of an event. */
    EventRecord record(String device, String id, float[] event, InferResponse answer) {
        long decided = ((Tensor.Int64) answer.output("class")).values()[0];
        long exit = ((Tensor.Int64) answer.output("exit")).values()[0];
        float[] confidences = ((Tensor.Fp32) answer.output("confidences")).values();
        return EventRecord.of(device, id, digest, (int) decided, (int) exit, payload(event))
                .withConfidences(confidences);
    }

    /** As devices send it: bytes where a value has 8 bits, else float32 in little-endian order. */
    private byte[] payload(float[] event) {
        if (runtime.node().payload().bits() != Byte.SIZE) {
            return new Tensor.Fp32(inputName(), new int[] {event.length}, event).littleEndian();
        }
        byte[] bytes = new byte[event.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.round(event[i]);
        }
        return bytes;
    }

    /** The outputs: class, exit, and the confidences of the exit that decided. */
    List<Tensor> outputs(List<NodeRuntime.Result> results) {
        int events = results.size();
        int classes = runtime.node().classes().size();
        long[] decided = new long[events];
        long[] exits = new long[events];
        float[] confidences = new float[events * classes];
        for (int k = 0; k < events; k++) {
            NodeRuntime.Result result = results.get(k);
            decided[k] = result.classId();
            exits[k] = result.exit();
            System.arraycopy(result.probabilities()[result.exit() - 1], 0, confidences, k * classes, classes);
        }
        return List.of(
                new Tensor.Int64("class", new int[] {events}, decided),
                new Tensor.Int64("exit", new int[] {events}, exits),
                new Tensor.Fp32("confidences", new int[] {events, classes}, confidences));
    }
}
