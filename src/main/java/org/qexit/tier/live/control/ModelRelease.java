package org.qexit.tier.live.control;

import org.qexit.common.Checks;

/**
 * Which bundle to run.
 *
 * @param name of the bundle, as its manifest says
 * @param role {@value #DEVICE} for devices, {@value #NODE} for edge nodes
 * @param sha256 of the zip file
 * @param bytes of the zip file
 * @param path where it is, relative to the document's directory
 */
public record ModelRelease(String name, String role, String sha256, long bytes, String path) {
    /** A user equipment's model. */
    public static final String DEVICE = "ue";

    /** An edge node's model. */
    public static final String NODE = "en";

    /** Of a bundle's zip file. */
    public static final long MAX_BYTES = 1L << 29;

    /** @throws IllegalArgumentException for a part that is missing or not as described */
    public ModelRelease {
        Checks.notBlank("name", name);
        if (!DEVICE.equals(role) && !NODE.equals(role)) {
            throw new IllegalArgumentException("role is '" + role + "'; expected " + DEVICE + " or " + NODE);
        }
        Checks.sha256("sha256", sha256);
        if (bytes < 1 || bytes > MAX_BYTES) {
            throw new IllegalArgumentException("bytes is " + bytes + "; expected 1 to " + MAX_BYTES);
        }
        String expected = ControlNames.BUNDLES + "/" + ControlNames.bundle(sha256);
        if (!expected.equals(path)) {
            throw new IllegalArgumentException("path is '" + path + "'; expected " + expected);
        }
    }

    static ModelRelease of(String name, String role, String sha256, long bytes) {
        return new ModelRelease(name, role, sha256, bytes, ControlNames.BUNDLES + "/" + ControlNames.bundle(sha256));
    }
}
