package org.qexit.experiment.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.qexit.common.AtomicFiles;
import org.qexit.common.DirectoryLock;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.common.WriteReasons;

/**
 * A run's results, complete or absent: work goes on in {@code NAME.partial} beside the target, which {@link #commit} renames.
 * An interrupted run of the same configuration is taken up again where its finished parts allow. Whatever a killed run leaves at whatever
 * moment, the next one takes up or clears away.
 */
final class RunDirectory {
    /** The file that tells a finished run's directory from any other. */
    static final String MARK = "run.json";

    private static final String FINGERPRINT = ".fingerprint";

    /** SHA-256 of the finished files by name, so that only what is whole is taken up. */
    private static final String FINISHED = ".finished.json";

    /** Of runs of earlier versions. */
    private static final String LOCK = ".lock";

    private static final Set<String> OURS = Set.of(FINGERPRINT, FINISHED, LOCK);

    private final Path target;
    private final Path work;
    private final boolean resumed;
    private final DirectoryLock lock;
    private final Map<String, String> finished;

    private RunDirectory(Path target, Path work, boolean resumed, DirectoryLock lock, Map<String, String> finished) {
        this.target = target;
        this.work = work;
        this.resumed = resumed;
        this.lock = lock;
        this.finished = finished;
    }

    /**
     * @param target where the results will be
     * @param fingerprint what makes two runs the same: configuration, data, seed, version
     * @throws UserError if {@code target} is something else than an earlier run, or another run is at work there
     */
    static RunDirectory open(Path target, String fingerprint) {
        Path absolute = target.toAbsolutePath().normalize();
        if (Files.exists(absolute) && !Files.isDirectory(absolute)) {
            throw new UserError(
                    target + ": is a file; expected a directory for the results. Maybe choose another --out");
        }
        DirectoryLock lock = DirectoryLock.beside(absolute);
        try {
            return open(target, absolute, fingerprint, lock);
        } catch (IOException e) {
            lock.close();
            throw new UserError(target + ": cannot be written: " + WriteReasons.of(e), e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static RunDirectory open(Path target, Path absolute, String fingerprint, DirectoryLock lock)
            throws IOException {
        AtomicFiles.putBack(absolute);
        Path old = absolute.resolveSibling(absolute.getFileName() + ".old");
        if (!Files.exists(absolute) && Files.exists(old.resolve(MARK))) {
            // An earlier version was killed while it put its results in place.
            Files.move(old, absolute);
        }
        if (Files.isDirectory(absolute)
                && !Files.exists(absolute.resolve(MARK))
                && !list(absolute).isEmpty()) {
            throw new UserError(target + ": is not empty and not a run of qexit. Maybe choose another --out");
        }
        Path work = absolute.resolveSibling(absolute.getFileName() + ".partial");
        boolean resumed = Files.exists(work.resolve(FINGERPRINT))
                && Files.readString(work.resolve(FINGERPRINT)).equals(fingerprint);
        if (!resumed) {
            if (Files.exists(work) && !isOurs(work)) {
                throw new UserError(work + ": is in the way and not an interrupted run of qexit. Maybe remove it");
            }
            delete(work);
            AtomicFiles.writeString(work.resolve(FINGERPRINT), fingerprint);
        }
        return new RunDirectory(absolute, work, resumed, lock, resumed ? finished(work) : new LinkedHashMap<>());
    }

    /** Whether a run made this, even one killed before it had said so or after it had finished. */
    private static boolean isOurs(Path work) {
        return Files.isDirectory(work)
                && (Files.exists(work.resolve(FINGERPRINT))
                        || Files.exists(work.resolve(MARK))
                        || list(work).stream().allMatch(AtomicFiles::isUnfinished));
    }

    private static Map<String, String> finished(Path work) {
        Map<String, String> all = new LinkedHashMap<>();
        Path file = work.resolve(FINISHED);
        if (Files.exists(file)) {
            try {
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) Json.read(file, Map.class)).entrySet()) {
                    all.put((String) entry.getKey(), String.valueOf(entry.getValue()));
                }
            } catch (UserError e) {
                // Damaged: then nothing counts as finished.
                all.clear();
            }
        }
        return all;
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

    /** Notes that a file below the working directory is as it shall be. */
    void finish(String name) {
        finished.put(name, sha256(name));
        Json.write(work.resolve(FINISHED), finished);
    }

    /** Whether a file was noted as finished, and is what it was then. */
    boolean isFinished(String name) {
        return finished.containsKey(name)
                && Files.isRegularFile(work.resolve(name))
                && finished.get(name).equals(sha256(name));
    }

    private String sha256(String name) {
        try {
            return Hashing.sha256Hex(work.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + work.resolve(name), e);
        }
    }

    /** Puts the finished work in the target's place. */
    void commit() {
        try {
            AtomicFiles.replaceDirectory(work, target);
            for (String name : OURS) {
                Files.deleteIfExists(target.resolve(name));
            }
        } catch (IOException e) {
            throw new UserError(
                    target + ": cannot be written: " + WriteReasons.of(e) + ". The results are in " + work, e);
        } finally {
            lock.close();
        }
    }

    /** Ends the work unfinished: what took long is kept for the next run of the same fingerprint, the rest goes. */
    void leave() {
        boolean worthKeeping;
        try (Stream<Path> walk = Files.walk(work)) {
            worthKeeping =
                    walk.anyMatch(file -> file.getFileName().toString().matches("model\\.json|training-\\d+\\.ckpt"));
        } catch (IOException | UncheckedIOException e) {
            // Another training of this run still writes here: so there is something to keep.
            worthKeeping = true;
        }
        if (worthKeeping) {
            lock.close();
        } else {
            discard();
        }
    }

    /** Removes unfinished work. */
    void discard() {
        try {
            delete(work);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + work, e);
        } finally {
            lock.close();
        }
    }

    /** Files below the working directory, relative, sorted. */
    List<Path> files() {
        try (Stream<Path> walk = Files.walk(work)) {
            List<Path> files = new ArrayList<>(walk.filter(Files::isRegularFile)
                    .filter(file -> !AtomicFiles.isUnfinished(file) && !DirectoryLock.isLock(file))
                    .map(work::relativize)
                    .filter(file -> !OURS.contains(file.toString()))
                    .toList());
            Collections.sort(files);
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + work, e);
        }
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    /** What tells that it is ours goes last, so that the next run may end what a killed one has begun. */
    private static void delete(Path work) throws IOException {
        if (Files.isDirectory(work)) {
            for (Path entry : list(work)) {
                if (!entry.getFileName().toString().equals(FINGERPRINT)) {
                    AtomicFiles.deleteTree(entry);
                }
            }
        }
        AtomicFiles.deleteTree(work);
    }
}
