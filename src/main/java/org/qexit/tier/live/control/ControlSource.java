package org.qexit.tier.live.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.qexit.common.UserError;

/** Where control documents come from. Nothing that comes from there is trusted: {@link ControlInbox} judges it. */
public interface ControlSource {
    /**
     * The present envelope, whether seen before or not; empty if there is none.
     *
     * @throws IOException if the source is out of reach now
     * @throws UserError if what is there is too long, or cannot be a document
     */
    Optional<byte[]> poll(ControlKind kind, String subject) throws IOException;

    /**
     * Gets a bundle whose length and hash are as released. What is there already is not fetched again.
     *
     * @param into a directory; the file's name in it is {@code SHA256.zip}
     * @return the file
     * @throws IOException if the source is out of reach now, or has other bytes
     */
    Path fetch(ModelRelease release, Path into) throws IOException;
}
