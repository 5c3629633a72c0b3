package org.qexit.tier.live.up;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** Starts edge nodes: in this process ({@link ThreadNodes}), or each in its own ({@link ProcessNodes}). */
public interface NodeHost {
    /**
     * What a node is started with.
     *
     * @param id of the node
     * @param bundle its model
     * @param plan file
     * @param tls directory of its certificate
     * @param state directory of what it keeps
     * @param cloud where control documents are, and who is told
     * @param trust public key of who signs them
     * @param periodSeconds of the plan, at the speed of this run
     * @param unitsPerEvent r
     * @param tells whether it tells the cloud what it answered
     */
    record Order(
            String id,
            Path bundle,
            Path plan,
            Path tls,
            Path state,
            URI cloud,
            Path trust,
            double periodSeconds,
            double unitsPerEvent,
            boolean tells) {}

    /** A running node. */
    interface Running extends AutoCloseable {
        /** Such as {@code https://127.0.0.1:8443}. */
        String address();

        /** Takes no new requests, answers those that run; false if not all were within so long. */
        boolean drain(Duration atMost);

        /** Ends; what it keeps is on disk and nobody's. */
        @Override
        void close();
    }

    /**
     * Starts one; it serves when this returns.
     *
     * @throws org.qexit.common.UserError if it does not
     */
    Running start(Order order, java.util.function.Consumer<String> say);

    /** Where a node's journal is. */
    static Path journal(Path state) {
        return state.resolve("journal");
    }
}
