package org.qexit.scale.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.qexit.common.UserError;

/** The files that a path means, in the order of their paths' UTF-8 bytes. */
final class TraceFiles {
    private TraceFiles() {}

    static List<Path> list(String path, Configuration hadoop) {
        List<FileStatus> found = new ArrayList<>();
        try {
            Path root = new Path(path);
            FileSystem system = FileSystems.of(root, hadoop, path);
            FileStatus[] starts;
            try {
                starts = new FileStatus[] {system.getFileStatus(root)};
            } catch (FileNotFoundException e) {
                starts = system.globStatus(root);
            }
            if (starts == null || starts.length == 0) {
                throw new UserError(path + ": no such file or directory");
            }
            for (FileStatus start : starts) {
                if (start.isDirectory()) {
                    below(system, start.getPath(), found);
                } else {
                    found.add(start);
                }
            }
            if (starts.length == 1 && starts[0].isFile() && named(path, ".csv", ".gz")) {
                throw new UserError(path + ": is CSV; expected Parquet. Maybe qexit thresholds, which reads CSV");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(path + ": cannot be read: " + UserError.shown(String.valueOf(e.getMessage())), e);
        }
        if (found.isEmpty()) {
            throw new UserError(path + ": has no files; expected Parquet files (.parquet)");
        }
        return found.stream()
                .map(FileStatus::getPath)
                .sorted(Comparator.comparing(
                        file -> file.toUri().getPath().getBytes(StandardCharsets.UTF_8),
                        java.util.Arrays::compareUnsigned))
                .toList();
    }

    /** Files and directories whose names begin with _ or . are other programs' notes and unfinished work. */
    private static void below(FileSystem system, Path directory, List<FileStatus> found) throws IOException {
        for (FileStatus entry : system.listStatus(directory)) {
            String name = entry.getPath().getName();
            if (name.startsWith("_") || name.startsWith(".")) {
                continue;
            }
            if (entry.isDirectory()) {
                below(system, entry.getPath(), found);
            } else if (named(name, ".parquet", ".parq") || !name.contains(".")) {
                found.add(entry);
            }
        }
    }

    private static boolean named(String name, String... endings) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (String ending : endings) {
            if (lower.endsWith(ending)) {
                return true;
            }
        }
        return false;
    }

    /** A file of this machine without its scheme, as users write it. */
    static String shown(Path file) {
        URI uri = file.toUri();
        return uri.getScheme() == null || uri.getScheme().equals("file") ? uri.getPath() : file.toString();
    }

    static String shown(String file) {
        try {
            // Spark tells paths in their encoded form.
            return file.startsWith("file:") ? URI.create(file).getPath() : file;
        } catch (IllegalArgumentException e) {
            return file.replaceFirst("^file:/+", "/");
        }
    }
}
