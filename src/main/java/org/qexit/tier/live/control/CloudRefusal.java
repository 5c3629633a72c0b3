package org.qexit.tier.live.control;

import java.io.IOException;

/** The cloud server is there, and does not take what it was told. */
public final class CloudRefusal extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int BAD_REQUEST = 400;
    private static final int TOO_LARGE = 413;

    private final int status;

    CloudRefusal(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Whether it is the message that will not do: it would be refused again. */
    public boolean isForGood() {
        return status == BAD_REQUEST || status == TOO_LARGE;
    }
}
