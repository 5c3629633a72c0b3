package org.qexit.tier.live.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.Checks;

/**
 * Which requests an endpoint answers.
 *
 * @param method GET or POST
 * @param pattern path such as {@code /v2/models/{name}/infer}; a variable stands for one segment
 * @param maxBodyBytes of a request's body
 * @param always whether it is answered when the server is full or ends, too: health and figures
 * @param endpoint answers
 */
public record Route(String method, String pattern, int maxBodyBytes, boolean always, Endpoint endpoint) {
    public Route {
        Checks.notBlank("method", method);
        Checks.notBlank("pattern", pattern);
        Checks.within("maxBodyBytes", maxBodyBytes, 0, Integer.MAX_VALUE);
        Checks.present("endpoint", endpoint);
    }

    /** Something to look at. */
    public static Route get(String pattern, Endpoint endpoint) {
        return new Route("GET", pattern, 0, false, endpoint);
    }

    /** Something to look at whatever the state of the server. */
    public static Route getAlways(String pattern, Endpoint endpoint) {
        return new Route("GET", pattern, 0, true, endpoint);
    }

    public static Route post(String pattern, int maxBodyBytes, Endpoint endpoint) {
        return new Route("POST", pattern, maxBodyBytes, false, endpoint);
    }

    /** The variables if the path is one of this route, else null. */
    Map<String, String> match(List<String> path) {
        String[] wanted = pattern.substring(1).split("/");
        if (wanted.length != path.size()) {
            return null;
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < wanted.length; i++) {
            String segment = path.get(i);
            if (wanted[i].startsWith("{")) {
                variables.put(wanted[i].substring(1, wanted[i].length() - 1), segment);
            } else if (!wanted[i].equals(segment)) {
                return null;
            }
        }
        return variables;
    }
}
