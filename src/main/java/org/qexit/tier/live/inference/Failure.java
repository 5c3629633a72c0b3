package org.qexit.tier.live.inference;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.qexit.common.Json;
import org.qexit.common.UserError;

/**
 * What is said in the place of an answer: {@code {"error": "..."}}.
 *
 * @param error one line
 * @param retrySeconds time after which it may go better [s], or NaN; the parameter {@value #RETRY}
 */
public record Failure(String error, double retrySeconds) {
    /** Name of the parameter with the exact time to wait [s]. */
    public static final String RETRY = "retry_after_seconds";

    public static Failure of(Refusal refusal) {
        return new Failure(refusal.getMessage(), refusal.retrySeconds());
    }

    public byte[] write() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("error", error);
        if (Double.isFinite(retrySeconds)) {
            json.put("parameters", Map.of(RETRY, retrySeconds));
        }
        return Json.compact(json).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what a server said.
     *
     * @throws Refusal if it is something else
     */
    public static Failure read(byte[] body) {
        JsonMessage.Failure json = new Message(body, body.length).json("answer", JsonMessage.Failure.class);
        if (json.error() == null) {
            throw Refusal.malformed("answer: error is missing");
        }
        Object retry = Parameters.of(json.parameters()).values().get(RETRY);
        return new Failure(
                UserError.shown(json.error()), retry instanceof Number number ? number.doubleValue() : Double.NaN);
    }
}
