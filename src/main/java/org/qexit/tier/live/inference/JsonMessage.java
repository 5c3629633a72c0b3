package org.qexit.tier.live.inference;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.qexit.common.NumberArray;

/** The JSON parts of requests and answers. */
final class JsonMessage {
    private JsonMessage() {}

    /** A request; all but {@code inputs} may be missing. */
    record Request(String id, Map<String, Object> parameters, List<Part> inputs, List<Wanted> outputs) {}

    /** A tensor; without data it is among the binary ones. */
    record Part(String name, List<Integer> shape, String datatype, Map<String, Object> parameters, NumberArray data) {}

    /** An output that the client wants. */
    record Wanted(String name, Map<String, Object> parameters) {}

    /** An answer. */
    record Response(
            @JsonProperty("model_name") String modelName,
            @JsonProperty("model_version") String modelVersion,
            String id,
            Map<String, Object> parameters,
            List<Part> outputs) {}

    /** What is said instead of an answer. */
    record Failure(String error, Map<String, Object> parameters) {}
}
