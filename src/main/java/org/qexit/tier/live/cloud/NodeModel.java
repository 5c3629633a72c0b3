package org.qexit.tier.live.cloud;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;

/** A version of the nodes' model, as the cloud server deals with it. Immutable. */
public interface NodeModel {
    /** The bundle's file in a directory that {@link #write} made. */
    String BUNDLE = "bundle.zip";

    /** SHA-256 of its parameters. */
    String sha256();

    /**
     * An event's payload and true class.
     *
     * @param payload as the device sent it
     * @param classId its class
     */
    record Labelled(byte[] payload, int classId) {}

    /** Whether it decides rightly: the class of critical events, "false alarm" of others; {@code [event]}. */
    boolean[] right(List<Labelled> events);

    /**
     * Trains on from this version; the same arguments give the same candidate.
     *
     * @throws org.qexit.common.UserError if the events do not do
     */
    NodeModel trained(List<Labelled> events, long seed);

    /**
     * Writes it into a directory, for {@link Reader}, and its signed bundle as {@value #BUNDLE} beside.
     *
     * @param name of the bundle
     */
    void write(Path directory, String name, PrivateKey key);

    /** Reads what {@link #write} wrote. */
    @FunctionalInterface
    interface Reader {
        NodeModel read(Path directory);
    }
}
