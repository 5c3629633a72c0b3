package org.qexit.tier.live.http;

import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A request, read whole. The body is not copied; do not change it.
 *
 * @param variables of the route's pattern, by name
 * @param headers the value of a header by its name, or null
 * @param body its content
 * @param peer the client's certificate, checked by TLS; empty without TLS
 */
public record HttpCall(
        Map<String, String> variables, UnaryOperator<String> headers, byte[] body, Optional<X509Certificate> peer) {
    /** A header's value, or null. */
    public String header(String name) {
        return headers.apply(name);
    }

    /** What the pattern's variable stands for; null if the pattern has none of this name. */
    public String variable(String name) {
        return variables.get(name);
    }
}
