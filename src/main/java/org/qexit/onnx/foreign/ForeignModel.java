package org.qexit.onnx.foreign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.qexit.common.Hashing;
import org.qexit.common.Suggestion;
import org.qexit.common.UserError;
import org.qexit.onnx.OnnxScan;
import org.qexit.onnx.graph.ElementType;
import org.qexit.onnx.graph.OnnxModel;
import org.qexit.onnx.graph.OnnxTensor;
import org.qexit.onnx.graph.OnnxValue;

/**
 * An ONNX file of any exporter with one input and an output for each exit. It is hostile until it was scanned ({@link OnnxScan}); what it
 * computes is only known by running it.
 *
 * @param name stands for the file in messages
 * @param bytes of the file, as ONNX Runtime gets them
 * @param model what they say
 * @param input what it takes
 * @param exits names of its outputs that are exits, first exit first
 */
public record ForeignModel(String name, byte[] bytes, OnnxModel model, OnnxValue input, List<String> exits) {
    /** The oldest operators whose meaning has not changed since for what a bundle adds. */
    private static final long LEAST_OPSET = 9;

    private static final long MAX_BYTES = 1L << 28;
    private static final int MAX_EXITS = 64;
    /** Draw numbers: no two runs agree. */
    private static final Set<String> RANDOM = Set.of(
            "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli");

    /**
     * Reads and checks a model.
     *
     * @throws UserError if it is no ONNX file that may be run, or has not these exits
     */
    public static ForeignModel read(Path file, List<String> exits) {
        byte[] bytes = bytes(file);
        String name = file.toString();
        OnnxScan scan = OnnxScan.ofForeign(name, bytes);
        for (String operator : scan.operators().keySet()) {
            if (RANDOM.contains(operator)) {
                throw new UserError(name + ": uses the operator " + operator
                        + ", which draws random numbers; expected the same answer to the same event");
            }
        }
        OnnxModel model = OnnxModel.read(name, bytes);
        if (model.opset() < LEAST_OPSET) {
            throw new UserError(name + ": is of operator set " + model.opset() + "; expected " + LEAST_OPSET
                    + " or newer. Maybe export it anew, or convert it with onnx.version_converter");
        }
        OnnxValue input = input(name, model);
        checkExits(name, model, exits);
        return new ForeignModel(name, bytes, model, input, List.copyOf(exits));
    }

    private static byte[] bytes(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UserError(file + ": no such file; expected an ONNX model");
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new UserError(
                        file + ": has " + Files.size(file) + " bytes; expected at most " + MAX_BYTES + " for a model");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static OnnxValue input(String name, OnnxModel model) {
        // Before IR version 4, weights stand among the inputs.
        Set<String> constants =
                model.graph().initialisers().stream().map(OnnxTensor::name).collect(Collectors.toSet());
        List<OnnxValue> inputs = model.graph().inputs().stream()
                .filter(value -> !constants.contains(value.name()))
                .toList();
        if (inputs.size() != 1) {
            throw new UserError(name + ": takes " + inputs.size() + " inputs ("
                    + UserError.shown(inputs.stream().map(OnnxValue::name).collect(Collectors.joining(", ")))
                    + "); expected one, the event");
        }
        OnnxValue input = inputs.get(0);
        if (input.type() != ElementType.FLOAT) {
            throw new UserError(name + ": input '" + UserError.shown(input.name()) + "' is of "
                    + (input.type() == null ? "no known type" : input.type().name()) + "; expected FLOAT (float32)");
        }
        if (input.dims() != null && input.dims().isEmpty()) {
            throw new UserError(
                    name + ": input '" + UserError.shown(input.name()) + "' is a single number; expected events");
        }
        if (input.dims() != null
                && !input.dims().get(0).equals("?")
                && !input.dims().get(0).equals("1")) {
            throw new UserError(name + ": takes batches of " + input.dims().get(0)
                    + " events; expected a free batch size, or 1. Maybe export it with a dynamic first axis");
        }
        return input;
    }

    private static void checkExits(String name, OnnxModel model, List<String> exits) {
        List<String> outputs =
                model.graph().outputs().stream().map(OnnxValue::name).toList();
        if (exits.isEmpty() || exits.size() > MAX_EXITS) {
            throw new UserError("--outputs names " + exits.size() + " exits; expected 1 to " + MAX_EXITS);
        }
        Set<String> seen = new HashSet<>();
        for (String exit : exits) {
            if (!outputs.contains(exit)) {
                throw new UserError(name + ": has no output '" + UserError.shown(exit) + "'; expected some of: "
                        + UserError.shown(String.join(", ", outputs)) + Suggestion.of(exit, outputs));
            }
            if (!seen.add(exit)) {
                throw new UserError("--outputs names '" + UserError.shown(exit) + "' twice; expected every exit once");
            }
        }
    }

    /** Whether it takes one event at a time only. */
    boolean oneByOne() {
        return input.dims() != null && input.dims().get(0).equals("1");
    }

    /** Of the file. */
    public String sha256() {
        return Hashing.sha256Hex(bytes);
    }
}
