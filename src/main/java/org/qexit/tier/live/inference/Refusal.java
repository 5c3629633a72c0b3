package org.qexit.tier.live.inference;

import org.qexit.common.UserError;

/** Why a request gets no answer, in one line that its sender is told. Has no stack: it is the sender's doing. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Kinds of refusal, with the status of HTTP. */
    public enum Reason {
        MALFORMED(400),
        FORBIDDEN(403),
        NOT_FOUND(404),
        /** The event's answer has been forgotten, as its device had said that it may be. */
        STALE(409),
        TOO_LARGE(413),
        UNSUPPORTED(415),
        /** More than the plan grants. */
        OVER_PLAN(429),
        FAILED(500),
        /** Full, or about to end. */
        UNAVAILABLE(503);

        private final int status;

        Reason(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    private final Reason reason;
    private final double retrySeconds;

    private Refusal(Reason reason, String message, double retrySeconds) {
        super(new UserError(message).getMessage(), null, false, false);
        this.reason = reason;
        this.retrySeconds = retrySeconds;
    }

    public static Refusal of(Reason reason, String message) {
        return new Refusal(reason, message, Double.NaN);
    }

    /** @param retrySeconds time after which it may go better */
    public static Refusal of(Reason reason, String message, double retrySeconds) {
        return new Refusal(reason, message, retrySeconds);
    }

    public static Refusal malformed(String message) {
        return of(Reason.MALFORMED, message);
    }

    public Reason reason() {
        return reason;
    }

    /** Whether there is a time after which it may go better. */
    public boolean mayRetry() {
        return Double.isFinite(retrySeconds);
    }

    /** Time after which it may go better [s], or NaN. */
    public double retrySeconds() {
        return retrySeconds;
    }
}
