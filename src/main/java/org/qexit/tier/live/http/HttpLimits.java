package org.qexit.tier.live.http;

import org.qexit.common.Checks;

/**
 * What a server puts up with.
 *
 * @param requests being answered at a time, the rest is told 503
 * @param connections open at a time, the rest waits
 * @param threads that answer
 * @param requestSeconds from a request's head to the end of its body
 * @param idleSeconds without a byte on a connection
 */
public record HttpLimits(int requests, int connections, int threads, double requestSeconds, double idleSeconds) {
    /** Of the head of a request. */
    static final int HEAD_BYTES = 8 << 10;

    public HttpLimits {
        Checks.within("requests", requests, 1, 1 << 20);
        Checks.within("connections", connections, 1, 1 << 20);
        Checks.within("threads", threads, 8, 1 << 12);
        Checks.within("requestSeconds", requestSeconds, 0.05, 3600);
        Checks.within("idleSeconds", idleSeconds, 0.05, 3600);
    }

    /** Fit for a small machine. */
    public static HttpLimits standard() {
        return new HttpLimits(128, 1024, 64, 10, 30);
    }

    public HttpLimits withRequests(int most) {
        return new HttpLimits(most, connections, Math.max(threads, 8), requestSeconds, idleSeconds);
    }

    public HttpLimits withRequestSeconds(double seconds) {
        return new HttpLimits(requests, connections, threads, seconds, idleSeconds);
    }
}
