package org.qexit.data.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qexit.common.Hashing;
import org.qexit.data.catalog.DatasetDescriptor.DataFile;
import org.qexit.data.formats.GzipInput;

/**
 * Whether the files of a data set are those that its descriptor names.
 *
 * @param dataset the data set's name
 * @param checks one per file
 */
public record Verification(String dataset, List<Check> checks) {
    /** What became of a file. */
    public enum Status {
        /** Its content is what the descriptor says. */
        OK,
        /** It is there, but the descriptor gives no hash for it. */
        UNKNOWN,
        /** Its content is another. */
        DIFFERENT,
        /** It is not there. */
        MISSING
    }

    /**
     * One file.
     *
     * @param file its path, or its name where missing
     * @param status the outcome
     * @param expected SHA-256 of the unzipped content, or else of the file; null if none is known
     * @param actual the same of what is there; null where missing, or not a folder of images
     */
    public record Check(String file, Status status, String expected, String actual) {}

    /** Whether no file is different or missing. */
    public boolean passed() {
        return checks.stream().allMatch(c -> c.status == Status.OK || c.status == Status.UNKNOWN);
    }

    /** Reads and hashes every file; where the descriptor knows the unzipped content, that decides. */
    public static Verification of(DatasetCatalog catalog, DatasetCatalog.Entry entry) {
        DatasetDescriptor descriptor = entry.descriptor();
        Optional<Path> directory = catalog.find(entry);
        List<Check> checks = new ArrayList<>();
        for (DataFile file : descriptor.files()) {
            Optional<Path> path = directory.flatMap(d -> DatasetCatalog.resolve(d, file));
            checks.add(path.map(p -> check(p, file))
                    .orElseGet(() -> new Check(file.name(), Status.MISSING, expected(file), null)));
        }
        return new Verification(descriptor.name(), List.copyOf(checks));
    }

    /** The named data sets; if none is named, all whose files are found. */
    public static List<Verification> of(DatasetCatalog catalog, List<String> names) {
        return (names.isEmpty()
                        ? catalog.entries().stream()
                                .filter(entry -> catalog.find(entry).isPresent())
                        : names.stream().map(catalog::entry))
                .map(entry -> of(catalog, entry))
                .toList();
    }

    private static String expected(DataFile file) {
        return file.contentSha256() != null ? file.contentSha256() : file.sha256();
    }

    private static Check check(Path path, DataFile file) {
        if (expected(file) == null || Files.isDirectory(path)) {
            return new Check(path.toString(), Status.UNKNOWN, null, null);
        }
        String actual = file.contentSha256() != null ? contentHash(path) : hash(path);
        Status status = expected(file).equals(actual) ? Status.OK : Status.DIFFERENT;
        return new Check(path.toString(), status, expected(file), actual);
    }

    private static String hash(Path path) {
        try {
            return Hashing.sha256Hex(path);
        } catch (IOException e) {
            return "unreadable: " + e.getMessage();
        }
    }

    static String contentHash(Path path) {
        try (var in = GzipInput.unzipping(path)) {
            var digest = Hashing.sha256();
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return java.util.HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            return "unreadable: " + e.getMessage();
        }
    }
}
