package org.qexit.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleSignature;
import org.qexit.common.AtomicFiles;
import org.qexit.common.UserError;

/** Writes bundles to directories and zip files, whole or not at all. */
public final class BundleExport {
    /**
     * The same content gives the same bytes. Two seconds after the earliest time that the zip format can say: for that itself the JDK adds
     * an entry in UTC, which depends on the time zone.
     */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0, 2);

    private final Map<String, byte[]> files;

    private BundleExport(Map<String, byte[]> files) {
        this.files = files;
    }

    /** Makes the files of a bundle in single precision. */
    public static BundleExport of(BundleSpec spec) {
        return new BundleExport(new TreeMap<>(BundleWriter.plain(spec)));
    }

    /** Makes the files of an edge node's bundle. */
    public static BundleExport of(NodeSpec spec) {
        return new BundleExport(new TreeMap<>(NodeBundleWriter.files(spec)));
    }

    /** Makes the files of a bundle of another exporter's model. */
    public static BundleExport of(ForeignSpec spec) {
        return new BundleExport(new TreeMap<>(ForeignBundleWriter.files(spec)));
    }

    /** Makes the files of a bundle with convolutions in 8-bit integers, and what that changed. */
    public static Quantisation.Report quantise(BundleSpec spec, Consumer<BundleExport> then) {
        Quantisation quantisation = Quantisation.of(spec);
        then.accept(new BundleExport(new TreeMap<>(quantisation.files())));
        return quantisation.report();
    }

    /** Adds a signature of the manifest. */
    public void sign(PrivateKey key) {
        files.put(
                Bundle.SIGNATURE,
                BundleSignature.sign(files.get(Bundle.MANIFEST), key).getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Writes a directory; an earlier bundle there is replaced.
     *
     * @throws UserError if something else is in the way
     */
    public void writeDirectory(Path target) {
        checkFree(target);
        AtomicFiles.writeDirectory(target, temporary -> {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Path path = temporary.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
            }
        });
    }

    /** Whether a bundle may be put here; to be asked before long work. */
    public static void checkFree(Path target) {
        if (Files.isRegularFile(target)) {
            throw new UserError(
                    target + ": is a file; expected a directory for the bundle. Maybe choose another --out");
        }
        if (Files.isDirectory(target) && !Files.exists(target.resolve(Bundle.MANIFEST)) && !isEmpty(target)) {
            throw new UserError(target + ": is not empty and not a bundle. Maybe choose another --out");
        }
    }

    private static boolean isEmpty(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        } catch (IOException e) {
            throw new UserError(directory + ": cannot be listed: " + e.getMessage(), e);
        }
    }

    /** Writes a zip file of the same content. */
    public void writeZip(Path target) {
        AtomicFiles.write(target, temporary -> {
            try (OutputStream out = Files.newOutputStream(temporary);
                    ZipOutputStream zip = new ZipOutputStream(out)) {
                for (Map.Entry<String, byte[]> file : files.entrySet()) {
                    ZipEntry entry = new ZipEntry(file.getKey());
                    entry.setTimeLocal(NO_TIME);
                    zip.putNextEntry(entry);
                    zip.write(file.getValue());
                    zip.closeEntry();
                }
            }
        });
    }
}
