package org.qexit.tier.live.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.qexit.common.AtomicFiles;
import org.qexit.common.UserError;

/** Which model was rolled back: it is not served again after a restart, until it is published anew. */
final class RollbackMark {
    private static final int MOST_BYTES = 128;

    /** Null to keep nothing. */
    private final Path file;

    private String digest;

    RollbackMark(Path state) {
        file = state == null ? null : state.resolve("rolled-back");
        digest = file == null ? null : read(file);
    }

    private static String read(Path file) {
        try {
            if (!Files.exists(file)) {
                return null;
            }
            String text = Files.size(file) > MOST_BYTES ? "" : Files.readString(file, StandardCharsets.US_ASCII);
            if (!text.strip().matches("[0-9a-f]{64}")) {
                throw new UserError(file + ": is no digest of a model. Maybe delete it");
            }
            return text.strip();
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** The digest, or null. */
    synchronized String digest() {
        return digest;
    }

    synchronized void set(String model) {
        if (file != null) {
            AtomicFiles.writeString(file, model + "\n");
        }
        digest = model;
    }

    /** The model is served again. */
    synchronized void clear(String model) {
        if (model.equals(digest)) {
            set(NONE);
            digest = null;
        }
    }

    /** No model's. */
    private static final String NONE = "0".repeat(64);
}
