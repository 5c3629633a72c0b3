package org.qexit.tier.live.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.qexit.common.Json;

/**
 * What is answered. The body is not copied; do not change it.
 *
 * @param status of HTTP
 * @param contentType of the body
 * @param body the content
 * @param headers further ones
 */
public record HttpReply(int status, String contentType, byte[] body, Map<String, String> headers) {
    public static final String JSON = "application/json";

    public HttpReply {
        headers = Map.copyOf(headers);
    }

    public static HttpReply of(int status, String contentType, byte[] body) {
        return new HttpReply(status, contentType, body, Map.of());
    }

    /** A record or map as JSON. */
    public static HttpReply json(int status, Object value) {
        return of(status, JSON, Json.compact(value).getBytes(StandardCharsets.UTF_8));
    }

    /** {@code {"error": "..."}}. */
    public static HttpReply error(int status, String message) {
        return json(status, Map.of("error", message));
    }

    public HttpReply with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new HttpReply(status, contentType, body, more);
    }
}
