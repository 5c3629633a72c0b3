package org.qexit.tier.live.report;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.function.BooleanSupplier;

/** Waits in tests for what others do. */
public final class Eventually {
    private static final int TRIES = 1_500;
    private static final int PAUSE_MILLIS = 20;

    private Eventually() {}

    /** Asks until the answer is yes, and not once more, for to ask may be to send something; fails after half a minute. */
    public static void await(BooleanSupplier done) throws InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            if (done.getAsBoolean()) {
                return;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        fail("not done in half a minute");
    }
}
