package org.qexit.common;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What killed processes left of files that they had not finished: known by its name, which holds the process. */
final class LeftOvers {
    /** {@code .NAME.tmp-PROCESS-THREAD}, and what a database spilt beside it. */
    private static final Pattern UNFINISHED = Pattern.compile("\\..+\\.tmp-(\\d{1,18})-\\d+(\\.spill)?");

    private static final Set<Path> SWEPT = ConcurrentHashMap.newKeySet();

    private LeftOvers() {}

    /** A name, in the target's directory, for what will be renamed to the target. */
    static Path unfinished(Path target) {
        return target.resolveSibling("." + target.getFileName() + ".tmp-"
                + ProcessHandle.current().pid() + "-" + Thread.currentThread().getId());
    }

    static boolean isUnfinished(Path file) {
        return UNFINISHED.matcher(file.getFileName().toString()).matches();
    }

    /** Removes a directory's unfinished files whose makers are no more. Looks once a process: later ones are others' to remove. */
    static void sweep(Path directory) {
        if (!SWEPT.add(directory)) {
            return;
        }
        for (Path file : list(directory)) {
            Matcher name = UNFINISHED.matcher(file.getFileName().toString());
            if (name.matches() && !isAlive(Long.parseLong(name.group(1)), file)) {
                remove(file);
            }
        }
    }

    static List<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Removes what can be removed: another user's stays. */
    static void remove(Path file) {
        try {
            AtomicFiles.deleteTree(file);
        } catch (IOException e) {
            // Not ours, or still held somewhere: it is in nobody's way.
        }
    }

    /** Whether the process that made a file still runs, and is not a later one of the same number. */
    static boolean isAlive(long process, Path file) {
        Optional<ProcessHandle> found = ProcessHandle.of(process);
        if (found.isEmpty()) {
            return false;
        }
        Optional<Instant> start = found.get().info().startInstant();
        try {
            Instant touched =
                    Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
            // The system tells a process's start to some hundredths of a second.
            return start.isEmpty() || !start.get().minusSeconds(1).isAfter(touched);
        } catch (IOException e) {
            return true;
        }
    }
}
