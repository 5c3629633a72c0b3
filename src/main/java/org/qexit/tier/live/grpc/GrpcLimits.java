package org.qexit.tier.live.grpc;

import org.qexit.common.Checks;

/**
 * What a server puts up with.
 *
 * @param messageBytes of one request
 * @param calls being answered at a time, the rest is told UNAVAILABLE
 * @param threads that answer
 * @param requestSeconds from a call's begin to the end of its request
 * @param idleSeconds without a call on a connection
 */
public record GrpcLimits(int messageBytes, int calls, int threads, double requestSeconds, double idleSeconds) {
    public GrpcLimits {
        Checks.within("messageBytes", messageBytes, 1, Integer.MAX_VALUE);
        Checks.within("calls", calls, 1, 1 << 20);
        Checks.within("threads", threads, 1, 1 << 12);
        Checks.within("requestSeconds", requestSeconds, 0.05, 3600);
        Checks.within("idleSeconds", idleSeconds, 0.05, 3600);
    }
}
