package org.qexit.tier.live.up;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.qexit.common.Checks;
import org.qexit.common.UserError;
import org.qexit.tier.live.security.Role;

/**
 * Where a deployment on loopback keeps its files.
 *
 * @param root new or empty
 */
public record UpFolder(Path root) {
    public UpFolder {
        Checks.present("root", root);
    }

    /**
     * Makes the directory.
     *
     * @throws UserError if it holds something, or cannot be made
     */
    public static UpFolder make(Path root) {
        try {
            Files.createDirectories(root);
            try (Stream<Path> inside = Files.list(root)) {
                if (inside.findAny().isPresent()) {
                    throw new UserError(root + ": holds something already; expected a new or an empty directory");
                }
            }
        } catch (IOException e) {
            throw new UserError(root + ": cannot be made: " + e.getMessage(), e);
        }
        return new UpFolder(root);
    }

    /** Begin of the names of the two keys that sign bundles and documents. */
    public Path keys() {
        return root.resolve("keys").resolve("fleet");
    }

    /** The public one. */
    public Path trust() {
        return root.resolve("keys").resolve("fleet.pub.pem");
    }

    /** The other, as PEM. */
    public Path secretKey() {
        return root.resolve("keys").resolve("fleet.key.pem");
    }

    public Path bundle(Role role) {
        return root.resolve("bundles").resolve(role.word() + ".zip");
    }

    public Path plan() {
        return root.resolve("plan.json");
    }

    Path certificates() {
        return root.resolve("certificates");
    }

    /** What {@code --tls} takes. */
    Path certificate(Role role, String id) {
        return certificates().resolve(role.word() + "-" + id);
    }

    Path control() {
        return root.resolve("control");
    }

    /** What the cloud server keeps. */
    public Path cloud() {
        return root.resolve("cloud");
    }

    Path node(String id) {
        return root.resolve("nodes").resolve(id);
    }

    Path device(String id) {
        return root.resolve("devices").resolve(id);
    }

    /** A line per event of a device. */
    Path log(String device) {
        return device(device).resolve("events.jsonl");
    }
}
