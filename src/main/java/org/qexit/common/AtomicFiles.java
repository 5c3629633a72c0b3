package org.qexit.common;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Files appear whole or not at all: written beside their target under a temporary name, then renamed. */
public final class AtomicFiles {
    private AtomicFiles() {}

    /** Writes one file at the path it is given. */
    @FunctionalInterface
    public interface Writer {
        void write(Path temporary) throws IOException;
    }

    /**
     * Creates missing parent directories; on failure {@code target} is as it was and the temporary file is gone. What killed processes
     * left unfinished in the directory goes.
     *
     * @throws UserError if the system refuses: full, read-only, no permission, a directory or file in the way
     */
    public static void write(Path target, Writer writer) {
        Path absolute = target.toAbsolutePath();
        Path temporary = LeftOvers.unfinished(absolute);
        List<Path> made = missing(absolute.getParent());
        boolean written = false;
        try {
            Files.createDirectories(absolute.getParent());
            LeftOvers.sweep(absolute.getParent());
            try {
                writer.write(temporary);
                move(temporary, absolute);
                written = true;
            } finally {
                Files.deleteIfExists(temporary);
                if (!written) {
                    removeEmpty(made);
                }
            }
        } catch (IOException e) {
            throw new UserError(target + ": cannot be written: " + WriteReasons.of(e), e);
        }
    }

    /**
     * As {@link #write}, for a directory: {@code writer} fills an empty one, which then replaces what is there. To be called under the
     * directory's lock.
     */
    public static void writeDirectory(Path target, Writer writer) {
        Path absolute = target.toAbsolutePath().normalize();
        Path temporary = LeftOvers.unfinished(absolute);
        List<Path> made = missing(absolute.getParent());
        boolean written = false;
        try {
            Files.createDirectories(absolute.getParent());
            LeftOvers.sweep(absolute.getParent());
            try {
                Files.createDirectory(temporary);
                writer.write(temporary);
                replaceDirectory(temporary, absolute);
                written = true;
            } finally {
                deleteTree(temporary);
                if (!written) {
                    removeEmpty(made);
                }
            }
        } catch (IOException e) {
            throw new UserError(target + ": cannot be written: " + WriteReasons.of(e), e);
        }
    }

    /** Does work that fills a directory file by file: if it fails, a directory that was not there before goes again. */
    public static <T> T wholeOrNone(Path directory, Supplier<T> work) {
        boolean there = Files.exists(directory);
        try {
            return work.get();
        } catch (RuntimeException | Error failure) {
            if (!there) {
                try {
                    deleteTree(directory);
                } catch (IOException e) {
                    failure.addSuppressed(e);
                }
            }
            throw failure;
        }
    }

    /** The directories that are not there yet, the lowest first. */
    private static List<Path> missing(Path directory) {
        List<Path> missing = new ArrayList<>();
        for (Path at = directory; at != null && Files.notExists(at); at = at.getParent()) {
            missing.add(at);
        }
        return missing;
    }

    /** Of directories that were made for a file that failed, those in which nobody has put anything meanwhile. */
    private static void removeEmpty(List<Path> made) throws IOException {
        try {
            for (Path directory : made) {
                Files.deleteIfExists(directory);
            }
        } catch (DirectoryNotEmptyException others) {
            // Others use it, and those above it.
        }
    }

    public static void writeString(Path target, String text) {
        write(target, temporary -> Files.writeString(temporary, text, StandardCharsets.UTF_8));
    }

    /** As {@link #writeString}, for a secret: only its owner may read or write it, from the first byte on, where the file system can say so. */
    public static void writeSecret(Path target, String text) {
        write(target, temporary -> {
            // What a killed process left under this name has a mode of its own.
            Files.deleteIfExists(temporary);
            if (temporary.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(temporary, text, StandardCharsets.UTF_8);
        });
    }

    /** Writes bytes that are on the disk when this returns, whatever befalls the machine then. */
    public static void writeDurably(Path target, byte[] bytes) {
        write(target, temporary -> {
            try (FileChannel file = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(bytes);
                while (rest.hasRemaining()) {
                    file.write(rest);
                }
                file.force(true);
            }
        });
        try (FileChannel folder = FileChannel.open(target.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException e) {
            // This system has no such thing for directories: it looks after their entries itself.
        }
    }

    /**
     * Puts a finished directory where {@code target} is or shall be, on the same file system; what was there goes. A process killed in
     * between leaves what was there beside it, for {@link #putBack}.
     */
    public static void replaceDirectory(Path finished, Path target) throws IOException {
        putBack(target);
        Path before = before(target);
        if (Files.exists(target)) {
            Files.move(target, before);
        }
        try {
            Files.move(finished, target);
        } catch (IOException e) {
            putBack(target);
            throw e;
        }
        deleteTree(before);
    }

    /** Undoes or ends what a process killed within {@link #replaceDirectory} has begun. To be called under the directory's lock. */
    public static void putBack(Path target) throws IOException {
        Path before = before(target);
        if (Files.exists(before)) {
            if (Files.exists(target)) {
                deleteTree(before);
            } else {
                Files.move(before, target);
            }
        }
    }

    private static Path before(Path target) {
        return target.resolveSibling("." + target.getFileName() + ".qexit-before");
    }

    /** Whether a file is a temporary one of ours, this process's or another's. */
    public static boolean isUnfinished(Path file) {
        return LeftOvers.isUnfinished(file);
    }

    /** Removes a directory with all below it, or a file; links are removed, not followed. Nothing there is no error. */
    public static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
