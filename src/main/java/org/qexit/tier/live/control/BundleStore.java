package org.qexit.tier.live.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Hashing;

/** Bundles in a directory, each under its hash. */
final class BundleStore {
    private BundleStore() {}

    /** Brings the bytes of a bundle to a new file. */
    @FunctionalInterface
    interface Bringer {
        void bring(Path file) throws IOException;
    }

    /** A bundle's file, brought if it is not there whole; appears whole or not at all. */
    static Path get(ModelRelease release, Path into, Bringer bringer) throws IOException {
        Path target = into.resolve(ControlNames.bundle(release.sha256()));
        if (Files.isRegularFile(target) && matches(release, target)) {
            return target;
        }
        try {
            AtomicFiles.write(target, temporary -> bring(release, temporary, bringer));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return target;
    }

    /** A failure here is the source's and no matter of the disk, so it passes the writer by. */
    private static void bring(ModelRelease release, Path temporary, Bringer bringer) {
        try {
            bringer.bring(temporary);
            if (!matches(release, temporary)) {
                throw new IOException("the bundle " + release.sha256() + " came with other bytes");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean matches(ModelRelease release, Path file) throws IOException {
        return Files.size(file) == release.bytes() && Hashing.sha256Hex(file).equals(release.sha256());
    }
}
