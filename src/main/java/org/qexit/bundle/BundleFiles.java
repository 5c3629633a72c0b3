package org.qexit.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.qexit.common.UserError;

/**
 * The files of a bundle, in a directory or a zip file. Nothing is ever unpacked to disk; names are checked all the same, because
 * others may unpack what we accept. No size that a file claims is believed: reading stops at the number of bytes asked for.
 */
abstract class BundleFiles implements AutoCloseable {
    private static final long MAX_ZIP_BYTES = BundleManifest.MAX_TOTAL_BYTES;
    /** JSON of many equal values packs about 50 : 1, weights hardly at all; deflate's limit is 1032 : 1. */
    private static final long MAX_RATIO = 200;
    /** Entries smaller than this may pack as well as they like. */
    private static final long SMALL = 1 << 20;

    private static final int MAX_NAME = 255;
    /** No separators of other systems, no wildcards, no control characters, no leading dot or space, no trailing dot or space. */
    private static final Pattern SEGMENT =
            Pattern.compile("(?![. ])[^\\\\/:*?\"<>|\\p{Cntrl}\\p{Co}\\p{Cn}]{1,120}(?<![. ])");

    final Path origin;

    private BundleFiles(Path origin) {
        this.origin = origin;
    }

    /** Lists a directory or a zip file. */
    static BundleFiles of(Path origin) {
        if (Files.isDirectory(origin)) {
            return new Directory(origin);
        }
        if (!Files.exists(origin)) {
            throw new UserError(origin + ": no such bundle");
        }
        if (!Files.isRegularFile(origin)) {
            throw new UserError(origin + ": is neither a directory nor a file; expected a bundle");
        }
        return new Zip(origin);
    }

    /** @throws IllegalArgumentException unless the path is relative and stays below the bundle on every system */
    static void checkName(String path) {
        if (path == null || path.isEmpty() || path.length() > MAX_NAME) {
            throw new IllegalArgumentException("path is "
                    + (path == null ? "missing" : path.length() + " characters long; expected 1 to " + MAX_NAME));
        }
        for (String segment : path.split("/", -1)) {
            if (!SEGMENT.matcher(segment).matches()) {
                throw new IllegalArgumentException("path '" + UserError.shown(path)
                        + "' is not a plain relative path; expected names separated by '/', none '.' or '..'");
            }
        }
    }

    /** Names of all files. */
    abstract Set<String> names();

    /** Length that is claimed, or -1. */
    abstract long length(String name);

    abstract InputStream open(String name) throws IOException;

    @Override
    public abstract void close();

    /**
     * The whole file.
     *
     * @throws UserError if it is longer than {@code most} or cannot be read
     */
    byte[] read(String name, long most) {
        long claimed = length(name);
        if (claimed > most) {
            throw new UserError(origin + ": " + name + " has " + claimed + " bytes; expected at most " + most);
        }
        try (InputStream in = open(name)) {
            byte[] bytes = in.readNBytes((int) most + 1);
            if (bytes.length > most) {
                throw new UserError(origin + ": " + name + " has more than " + most + " bytes");
            }
            return bytes;
        } catch (IOException | IllegalArgumentException | SecurityException e) {
            throw new UserError(origin + ": " + name + " cannot be read: " + firstLine(e), e);
        }
    }

    final UserError refused(String name, String why) {
        return new UserError(origin + ": '" + UserError.shown(name) + "' " + why);
    }

    private static String firstLine(Exception e) {
        return UserError.shown(
                String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }

    private static final class Directory extends BundleFiles {
        private static final int MAX_DEPTH = 16;
        private final Map<String, Path> files = new TreeMap<>();

        Directory(Path root) {
            super(root);
            try {
                Path top = root.toRealPath();
                Files.walkFileTree(top, Set.of(), MAX_DEPTH, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        add(top.relativize(file), file, attributes);
                        return FileVisitResult.CONTINUE;
                    }
                });
            } catch (IOException e) {
                throw new UserError(root + ": cannot be listed: " + firstLine(e), e);
            }
        }

        private void add(Path relative, Path file, BasicFileAttributes attributes) {
            String name = relative.toString().replace(relative.getFileSystem().getSeparator(), "/");
            if (attributes.isSymbolicLink()) {
                throw refused(name, "is a symbolic link; expected a plain file");
            }
            if (!attributes.isRegularFile()) {
                throw refused(
                        name,
                        attributes.isDirectory()
                                ? "lies deeper than " + MAX_DEPTH + " folders"
                                : "is neither a file nor a folder");
            }
            if (files.size() > BundleManifest.MAX_FILES) {
                throw new UserError(origin + ": more than " + BundleManifest.MAX_FILES + " files; not a bundle");
            }
            files.put(name, file);
        }

        @Override
        Set<String> names() {
            return files.keySet();
        }

        @Override
        long length(String name) {
            try {
                return Files.size(files.get(name));
            } catch (IOException e) {
                throw new UserError(origin + ": " + name + " cannot be read: " + firstLine(e), e);
            }
        }

        @Override
        InputStream open(String name) throws IOException {
            return Files.newInputStream(files.get(name), LinkOption.NOFOLLOW_LINKS);
        }

        @Override
        public void close() {
            files.clear();
        }
    }

    private static final class Zip extends BundleFiles {
        private final ZipFile zip;
        private final Map<String, ZipEntry> entries = new TreeMap<>();

        Zip(Path file) {
            super(file);
            ZipFile opened = null;
            try {
                long size = Files.size(file);
                if (size > MAX_ZIP_BYTES) {
                    throw new UserError(file + ": has " + size + " bytes; expected at most " + MAX_ZIP_BYTES);
                }
                opened = new ZipFile(file.toFile());
                list(opened);
                zip = opened;
                opened = null;
            } catch (IOException | IllegalArgumentException e) {
                throw new UserError(
                        file + ": not a readable zip file: " + firstLine(e) + ". Maybe name the bundle's directory", e);
            } finally {
                close(opened);
            }
        }

        private void list(ZipFile opened) {
            if (opened.size() > 2 * BundleManifest.MAX_FILES) {
                throw new UserError(origin + ": has " + opened.size() + " entries; expected at most "
                        + 2 * BundleManifest.MAX_FILES);
            }
            Set<String> folded = new HashSet<>();
            for (Enumeration<? extends ZipEntry> all = opened.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                String name = entry.getName();
                boolean folder = entry.isDirectory();
                try {
                    checkName(folder ? name.substring(0, name.length() - 1) : name);
                } catch (IllegalArgumentException e) {
                    throw new UserError(origin + ": " + e.getMessage(), e);
                }
                if (!folded.add(name.toLowerCase(Locale.ROOT))) {
                    throw refused(name, "is there twice");
                }
                long size = entry.getSize();
                if (size > SMALL && size / MAX_RATIO > entry.getCompressedSize()) {
                    throw refused(
                            name,
                            "would unpack " + entry.getCompressedSize() + " bytes to " + size + ", more than "
                                    + MAX_RATIO + " : 1");
                }
                if (!folder) {
                    entries.put(name, entry);
                }
            }
        }

        @Override
        Set<String> names() {
            return entries.keySet();
        }

        @Override
        long length(String name) {
            return entries.get(name).getSize();
        }

        @Override
        InputStream open(String name) throws IOException {
            InputStream in = zip.getInputStream(entries.get(name));
            if (in == null) {
                throw new IOException("no such entry");
            }
            return in;
        }

        @Override
        public void close() {
            close(zip);
        }

        private static void close(ZipFile zip) {
            try {
                if (zip != null) {
                    zip.close();
                }
            } catch (IOException e) {
                throw new UserError("cannot close " + zip.getName() + ": " + e.getMessage(), e);
            }
        }
    }
}
