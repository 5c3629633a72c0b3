package org.qexit.tier.live.node;

import java.net.URI;
import org.qexit.common.Checks;

/**
 * What is posted because of an event.
 *
 * @param key names it for good: device, event id, place in the batch
 * @param url where to
 * @param body JSON
 * @param millis when it was decided, since 1970
 */
record Alert(String key, String url, String body, long millis) {
    Alert {
        Checks.notBlank("key", key);
        Checks.notBlank("url", url);
        Checks.notBlank("body", body);
    }

    URI uri() {
        return URI.create(url);
    }

    /** The receiver, without what may be secret in its address. */
    String receiver() {
        return uri().getScheme() + "://" + uri().getAuthority().replaceFirst(".*@", "");
    }
}
