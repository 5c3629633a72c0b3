package org.qexit.common;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Why something cannot be written: in words after it has failed, and beforehand as far as can be told. */
public final class WriteReasons {
    private WriteReasons() {}

    /** What the system's refusal means, without the names of Java's classes. */
    public static String of(IOException e) {
        if (e instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile();
        }
        if (e instanceof FileAlreadyExistsException in) {
            return in.getFile() + " is in the way";
        }
        if (e instanceof DirectoryNotEmptyException full) {
            return full.getFile() + " is a directory with files in it";
        }
        if (e instanceof NotDirectoryException || e instanceof NoSuchFileException) {
            return ((FileSystemException) e).getFile() + " cannot be made";
        }
        if (e instanceof FileSystemException other && other.getReason() != null) {
            return other.getReason();
        }
        return e.getMessage() == null ? "the system refuses" : e.getMessage();
    }

    /**
     * Looks before long work whether a result can be put at {@code target}: that is no directory where a file is meant, nor the reverse, and
     * the directory in which it, or the first missing one above it, will be made may be written.
     *
     * @throws UserError if not, in one line
     */
    public static void check(Path target, boolean directory) {
        Path absolute = target.toAbsolutePath();
        if (!directory && Files.isDirectory(absolute)) {
            throw new UserError(target + ": cannot be written: it is a directory; expected the name of a file");
        }
        if (directory && Files.exists(absolute) && !Files.isDirectory(absolute)) {
            throw new UserError(target + ": cannot be written: it is a file; expected a directory");
        }
        Path nearest = directory ? absolute : absolute.getParent();
        while (nearest != null && !Files.exists(nearest)) {
            nearest = nearest.getParent();
        }
        if (nearest == null) {
            throw new UserError(target + ": cannot be written: no part of this path exists");
        }
        if (!Files.isDirectory(nearest)) {
            throw new UserError(target + ": cannot be written: " + nearest + " is a file; expected a directory");
        }
        if (!Files.isWritable(nearest)) {
            throw new UserError(target + ": cannot be written: no permission in " + nearest + ", or it is read-only");
        }
    }
}
