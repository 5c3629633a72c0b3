package org.qexit.tier.live.http;

/** What answers requests of a route; called by many threads at once. What it throws is told as 500. */
@FunctionalInterface
public interface Endpoint {
    HttpReply answer(HttpCall call);
}
