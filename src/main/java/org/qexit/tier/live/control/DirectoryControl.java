package org.qexit.tier.live.control;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.qexit.common.UserError;

/** Documents in a directory as {@link ControlPublisher} writes it: {@code KIND-SUBJECT.json} and {@code bundles/SHA256.zip}. */
public final class DirectoryControl implements ControlSource {
    private final Path directory;

    public DirectoryControl(Path directory) {
        this.directory = directory;
    }

    /** A document's file, whether it is there or not. */
    static Path file(Path directory, ControlKind kind, String subject) {
        return directory.resolve(ControlNames.document(kind, subject) + ".json");
    }

    @Override
    public Optional<byte[]> poll(ControlKind kind, String subject) throws IOException {
        return read(file(directory, kind, subject));
    }

    /** At most what an envelope may have. */
    static Optional<byte[]> read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(SignedEnvelope.MAX_BYTES + 1);
            if (bytes.length > SignedEnvelope.MAX_BYTES) {
                throw new UserError(file + ": is longer than " + SignedEnvelope.MAX_BYTES + " bytes");
            }
            return Optional.of(bytes);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public Path fetch(ModelRelease release, Path into) throws IOException {
        Path from = directory.resolve(release.path());
        return BundleStore.get(release, into, file -> {
            if (Files.size(from) != release.bytes()) {
                throw new IOException(from + " has " + Files.size(from) + " bytes; expected " + release.bytes());
            }
            Files.copy(from, file);
        });
    }
}
