package org.qexit.tier.live.device;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.qexit.common.Json;
import org.qexit.common.UserError;

/**
 * One event in the Open Inference Protocol v2, its tensor behind the JSON (binary tensor extension).
 *
 * @param body JSON, then the tensor
 * @param jsonBytes of it
 */
record InferenceCall(byte[] body, int jsonBytes) {
    static final String HEADER = "Inference-Header-Content-Length";

    /**
     * A request.
     *
     * @param settled below which number the device awaits nothing any more
     */
    static InferenceCall of(String id, String device, long settled, Payload payload) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("device", device);
        parameters.put("settled", settled);
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("name", payload.name());
        input.put("shape", payload.shape());
        input.put("datatype", payload.datatype());
        input.put("parameters", Map.of("binary_data_size", payload.bytes().length));
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("id", id);
        request.put("parameters", parameters);
        request.put("inputs", List.of(input));
        request.put("outputs", List.of(Map.of("name", "class"), Map.of("name", "exit")));
        byte[] json = Json.compact(request).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream body = new ByteArrayOutputStream(json.length + payload.bytes().length);
        body.writeBytes(json);
        body.writeBytes(payload.bytes());
        return new InferenceCall(body.toByteArray(), json.length);
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Output(String name, double[] data) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Response(@JsonProperty("id") String id, List<Output> outputs) {
        private int whole(String name, int least) {
            if (outputs != null) {
                for (Output output : outputs) {
                    if (output != null && name.equals(output.name) && output.data != null && output.data.length == 1) {
                        double value = output.data[0];
                        if (value >= least && value <= 1_000_000 && value == Math.rint(value)) {
                            return (int) value;
                        }
                    }
                }
            }
            throw new UserError("answer: no whole number '" + name + "' of at least " + least);
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Failure(String error, Map<String, Object> parameters) {}

    /**
     * An answer.
     *
     * @param classId or -1 for a false alarm
     * @param exit of the node's model, from 1
     */
    record Answer(int classId, int exit) {}

    /** @throws UserError if this is no answer to the request of that id */
    static Answer answer(String id, byte[] body) {
        Response response = Json.parse("answer", new String(body, StandardCharsets.UTF_8), Response.class);
        if (!id.equals(response.id())) {
            throw new UserError("answer: id is '" + UserError.shown("" + response.id()) + "'; expected " + id);
        }
        return new Answer(response.whole("class", -1), response.whole("exit", 1));
    }

    /** What a refusal says, fit for a line. */
    static String error(byte[] body) {
        Failure failure = failure(body);
        return failure == null || failure.error() == null ? "no reason given" : UserError.shown(failure.error());
    }

    /** How long a refusal asks to wait, exactly. */
    static OptionalDouble retryAfterSeconds(byte[] body) {
        Failure failure = failure(body);
        return failure != null
                        && failure.parameters() != null
                        && failure.parameters().get("retry_after_seconds") instanceof Number seconds
                        && seconds.doubleValue() >= 0
                ? OptionalDouble.of(seconds.doubleValue())
                : OptionalDouble.empty();
    }

    private static Failure failure(byte[] body) {
        try {
            return Json.parse("refusal", new String(body, StandardCharsets.UTF_8), Failure.class);
        } catch (UserError e) {
            return null;
        }
    }
}
