package org.qexit.tier.live.inference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An answer of the Open Inference Protocol v2.
 *
 * @param modelName which model answered
 * @param modelVersion and which version of it
 * @param id of the request, or null
 * @param parameters beside it
 * @param outputs the tensors
 */
public record InferResponse(
        String modelName, String modelVersion, String id, Parameters parameters, List<Tensor> outputs) {
    public InferResponse {
        outputs = List.copyOf(outputs);
    }

    /** The output of a name; null if there is none. */
    public Tensor output(String name) {
        return outputs.stream()
                .filter(tensor -> tensor.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /**
     * What the request wants of it, in its order.
     *
     * @throws Refusal for an output that does not exist
     */
    public InferResponse select(List<InferRequest.WantedOutput> wanted) {
        if (wanted.isEmpty()) {
            return this;
        }
        List<Tensor> chosen = new ArrayList<>();
        for (InferRequest.WantedOutput one : wanted) {
            Tensor tensor = output(one.name());
            if (tensor == null) {
                throw Refusal.malformed("outputs: no output '" + one.name() + "'; expected one of: "
                        + String.join(", ", outputs.stream().map(Tensor::name).toList()));
            }
            chosen.add(tensor);
        }
        return new InferResponse(modelName, modelVersion, id, parameters, chosen);
    }

    /** Writes it as a request wants it. */
    public Message write(InferRequest request) {
        InferResponse chosen = select(request.outputs());
        List<Map<String, Object>> parts = new ArrayList<>();
        List<Tensor> binaries = new ArrayList<>();
        for (int i = 0; i < chosen.outputs.size(); i++) {
            boolean binary = request.outputs().isEmpty()
                    ? request.allBinary()
                    : request.outputs().get(i).binary();
            parts.add(Message.part(chosen.outputs.get(i), binary));
            if (binary) {
                binaries.add(chosen.outputs.get(i));
            }
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model_name", modelName);
        json.put("model_version", modelVersion);
        if (id != null) {
            json.put("id", id);
        }
        if (!parameters.isEmpty()) {
            json.put("parameters", parameters.values());
        }
        json.put("outputs", parts);
        return Message.of(json, binaries);
    }

    /**
     * Reads an answer.
     *
     * @throws Refusal saying what is wrong with it
     */
    public static InferResponse read(Message message) {
        JsonMessage.Response json = message.json("answer", JsonMessage.Response.class);
        if (json.modelName() == null || json.outputs() == null) {
            throw Refusal.malformed("answer: model_name or outputs is missing");
        }
        return new InferResponse(
                json.modelName(),
                json.modelVersion(),
                json.id(),
                Parameters.of(json.parameters()),
                message.tensors("outputs", json.outputs()));
    }
}
