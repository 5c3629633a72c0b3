package org.qexit.tier.live.device;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qexit.common.UserError;

/**
 * Where an edge node is.
 *
 * @param id of the node in the plan; empty if it is not said, and then it is the device's planned one
 * @param url without a path
 */
public record NodeAddress(String id, String url) {
    private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]{0,62})=(.*)");

    /**
     * Reads {@code URL} or {@code ID=URL}.
     *
     * @param plain whether it is to be http, and on this machine; else https
     * @throws UserError for anything else
     */
    public static NodeAddress parse(String text, boolean plain) {
        Matcher named = NAMED.matcher(text);
        String id = named.matches() ? named.group(1) : "";
        String url = (named.matches() ? named.group(2) : text).replaceAll("/$", "");
        String scheme = plain ? "http" : "https";
        URI parsed;
        try {
            parsed = new URI(url);
        } catch (URISyntaxException e) {
            throw refused(text, scheme);
        }
        if (parsed.getScheme() == null
                || !parsed.getScheme().toLowerCase(Locale.ROOT).equals(scheme)
                || parsed.getHost() == null
                || parsed.getUserInfo() != null
                || !parsed.getRawPath().isEmpty()
                || parsed.getRawQuery() != null
                || parsed.getRawFragment() != null) {
            throw refused(text, scheme);
        }
        if (plain && !parsed.getHost().matches("localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1]")) {
            throw new UserError("--en is '" + UserError.shown(text) + "'; --plain is for this machine alone: expected"
                    + " http://127.0.0.1:PORT");
        }
        return new NodeAddress(id, url);
    }

    private static UserError refused(String text, String scheme) {
        return new UserError("--en is '" + UserError.shown(text) + "'; expected [ID=]" + scheme + "://HOST:PORT");
    }

    @Override
    public String toString() {
        return id.isEmpty() ? url : id + " at " + url;
    }
}
