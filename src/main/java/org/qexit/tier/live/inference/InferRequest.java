package org.qexit.tier.live.inference;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qexit.common.UserError;

/**
 * A request of the Open Inference Protocol v2.
 *
 * @param id of the request, or null; of an event, where a device sends it
 * @param parameters beside it
 * @param inputs at least one, of distinct names
 * @param outputs those wanted, in this order; empty for all
 */
public record InferRequest(String id, Parameters parameters, List<Tensor> inputs, List<WantedOutput> outputs) {
    private static final String BINARY_ALL = "binary_data_output";
    private static final String BINARY = "binary_data";
    private static final int MAX_ID = 256;
    private static final int MAX_TENSORS = 16;

    /** @throws Refusal for an id that is long or not printable, no or very many inputs, a name used twice */
    public InferRequest {
        if (id != null && (id.isEmpty() || id.length() > MAX_ID || !id.chars().allMatch(c -> c > ' ' && c < 127))) {
            throw Refusal.malformed(
                    "id is '" + UserError.shown(id) + "'; expected 1 to " + MAX_ID + " printable ASCII characters");
        }
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        distinct("inputs", inputs.stream().map(Tensor::name).toList());
        distinct("outputs", outputs.stream().map(WantedOutput::name).toList());
        if (inputs.isEmpty()) {
            throw Refusal.malformed("inputs is empty; expected at least one tensor");
        }
    }

    private static void distinct(String list, List<String> names) {
        if (names.size() > MAX_TENSORS) {
            throw Refusal.malformed(list + " has " + names.size() + " tensors; expected at most " + MAX_TENSORS);
        }
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw Refusal.malformed(list + ": '" + name + "' is there twice");
            }
        }
    }

    /**
     * An output that is wanted.
     *
     * @param name of the tensor
     * @param binary whether by the binary tensor extension
     */
    public record WantedOutput(String name, boolean binary) {}

    /** A request for all outputs. */
    public static InferRequest of(String id, Parameters parameters, Tensor... inputs) {
        return new InferRequest(id, parameters, List.of(inputs), List.of());
    }

    /** Whether outputs are binary where nothing else is said of them. */
    public boolean allBinary() {
        return parameters.flag(BINARY_ALL);
    }

    /** Without what only says how the answer is to be written. */
    public Parameters meaning() {
        Map<String, Object> rest = new LinkedHashMap<>(parameters.values());
        rest.remove(BINARY_ALL);
        return new Parameters(rest);
    }

    /**
     * Reads a request.
     *
     * @throws Refusal saying what is wrong with it
     */
    public static InferRequest read(Message message) {
        JsonMessage.Request json = message.json("request", JsonMessage.Request.class);
        if (json.inputs() == null) {
            throw Refusal.malformed("request: inputs is missing");
        }
        if (json.inputs().size() > MAX_TENSORS) {
            throw Refusal.malformed("inputs has " + json.inputs().size() + " tensors; expected at most " + MAX_TENSORS);
        }
        Parameters parameters = Parameters.of(json.parameters());
        boolean binary = parameters.flag(BINARY_ALL);
        List<WantedOutput> outputs = new ArrayList<>();
        for (JsonMessage.Wanted wanted : json.outputs() == null ? List.<JsonMessage.Wanted>of() : json.outputs()) {
            if (wanted == null || wanted.name() == null) {
                throw Refusal.malformed("outputs[" + outputs.size() + "]: name is missing");
            }
            Parameters of = Parameters.of(wanted.parameters());
            of.checkKnown("outputs[" + outputs.size() + "]", Set.of(BINARY));
            boolean asked = of.values().containsKey(BINARY);
            outputs.add(new WantedOutput(UserError.shown(wanted.name()), asked ? of.flag(BINARY) : binary));
        }
        return new InferRequest(json.id(), parameters, message.tensors("inputs", json.inputs()), outputs);
    }

    /** Writes it, inputs as binary tensors or as numbers in JSON. */
    public Message write(boolean binary) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (id != null) {
            json.put("id", id);
        }
        if (!parameters.isEmpty()) {
            json.put("parameters", parameters.values());
        }
        json.put(
                "inputs",
                inputs.stream().map(tensor -> Message.part(tensor, binary)).toList());
        if (!outputs.isEmpty()) {
            json.put(
                    "outputs",
                    outputs.stream()
                            .map(output -> Map.of("name", output.name(), "parameters", Map.of(BINARY, output.binary())))
                            .toList());
        }
        return Message.of(json, binary ? inputs : List.of());
    }
}
