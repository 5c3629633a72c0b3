package org.qexit.experiment.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.qexit.common.AtomicFiles;
import org.qexit.common.UserError;

/**
 * A run's results, complete or absent: work goes on in {@code NAME.partial} beside the target, which {@link #commit} renames.
 * An interrupted run of the same configuration is taken up again where its finished parts allow.
 */
final class RunDirectory {
    /** The file that tells a finished run's directory from any other. */
    static final String MARK = "run.json";

    private static final String FINGERPRINT = ".fingerprint";

    private static final String LOCK = ".lock";

    private final Path target;
    private final Path work;
    private final boolean resumed;
    private final FileChannel lock;

    private RunDirectory(Path target, Path work, boolean resumed) {
        this.target = target;
        this.work = work;
        this.resumed = resumed;
        this.lock = lock(work);
    }

    /** Keeps a second run from working here at the same time; the system lets go of it however this one ends. */
    private static FileChannel lock(Path work) {
        try {
            FileChannel channel =
                    FileChannel.open(work.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException e) {
                // Held within this process: as good as held elsewhere.
            }
            channel.close();
            throw new UserError(work + ": another run is at work here. Maybe wait for it, or choose another --out");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + work, e);
        }
    }

    private void unlock() {
        try {
            lock.close();
            Files.deleteIfExists(work.resolve(LOCK));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unlock " + work, e);
        }
    }

    /**
     * @param target where the results will be
     * @param fingerprint what makes two runs the same: configuration, seed, version
     * @throws UserError if {@code target} is something else than an earlier run
     */
    static RunDirectory open(Path target, String fingerprint) {
        Path absolute = target.toAbsolutePath().normalize();
        if (Files.exists(absolute) && !Files.isDirectory(absolute)) {
            throw new UserError(
                    target + ": is a file; expected a directory for the results. Maybe choose another --out");
        }
        if (Files.isDirectory(absolute) && !Files.exists(absolute.resolve(MARK)) && !isEmpty(absolute)) {
            throw new UserError(target + ": is not empty and not a run of qexit. Maybe choose another --out");
        }
        Path work = absolute.resolveSibling(absolute.getFileName() + ".partial");
        boolean resumed = Files.exists(work.resolve(FINGERPRINT))
                && read(work.resolve(FINGERPRINT)).equals(fingerprint);
        if (!resumed) {
            if (Files.exists(work) && !Files.exists(work.resolve(FINGERPRINT))) {
                throw new UserError(work + ": is in the way and not an interrupted run of qexit. Maybe remove it");
            }
            if (Files.exists(work)) {
                // Refuses if somebody is at work there.
                new RunDirectory(absolute, work, false).discard();
            }
            AtomicFiles.writeString(work.resolve(FINGERPRINT), fingerprint);
        }
        return new RunDirectory(absolute, work, resumed);
    }

    /** Where the work goes on until {@link #commit}. */
    Path work() {
        return work;
    }

    Path shown() {
        return target;
    }

    /** Whether an interrupted run of the same fingerprint is taken up. */
    boolean resumed() {
        return resumed;
    }

    /** Puts the finished work in the target's place. */
    void commit() {
        try {
            unlock();
            Files.deleteIfExists(work.resolve(FINGERPRINT));
            AtomicFiles.replaceDirectory(work, target);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot put the results at " + target, e);
        }
    }

    /** Lets go of unfinished work, as the end of the process would. */
    void interrupt() {
        unlock();
    }

    /** Removes unfinished work. */
    void discard() {
        unlock();
        delete(work);
    }

    /** Files below the working directory, relative, sorted. */
    List<Path> files() {
        try (Stream<Path> walk = Files.walk(work)) {
            List<Path> files = new ArrayList<>(walk.filter(Files::isRegularFile)
                    .map(work::relativize)
                    .filter(file -> !List.of(FINGERPRINT, LOCK).contains(file.toString()))
                    .toList());
            Collections.sort(files);
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + work, e);
        }
    }

    private static boolean isEmpty(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static void delete(Path root) {
        try {
            AtomicFiles.deleteTree(root);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + root, e);
        }
    }
}
