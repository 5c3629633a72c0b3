package org.qexit.scale.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.qexit.allocation.FleetFile;
import org.qexit.allocation.FleetPlan;
import org.qexit.common.UserError;

/** A directory of Parquet files that appears whole or not at all: written beside its place under another name, then renamed. */
final class Output {
    private static final Set<String> OURS = Set.of("_SUCCESS", FleetFile.NAME, FleetPlan.NAME);
    private static final String UNFINISHED = ".qexit-";

    private final String shown;
    private final Path target;
    private final FileSystem system;

    Output(String directory, Configuration hadoop) {
        shown = directory;
        try {
            Path path = new Path(directory);
            system = FileSystems.of(path, hadoop, "--out " + directory);
            target = system.makeQualified(path);
            // Our files have checksums of their own in every page; no .crc files beside them.
            system.setWriteChecksum(false);
        } catch (IllegalArgumentException e) {
            throw refused(e);
        }
    }

    /** @throws UserError if something is there that is no earlier result */
    void check() {
        try {
            FileStatus[] there = system.listStatus(target);
            for (FileStatus entry : there) {
                String name = entry.getPath().getName();
                if (entry.isDirectory()
                        || !OURS.contains(name) && !name.startsWith("part-") && !name.endsWith(".crc")) {
                    throw new UserError("--out " + shown + ": holds " + UserError.shown(name)
                            + ", which is no earlier result; expected a new or empty directory");
                }
            }
            if (target.isRoot()) {
                throw new UserError(
                        "--out " + shown + ": is the root of its file system; expected a directory below it");
            }
        } catch (FileNotFoundException e) {
            // It will be made.
        } catch (IOException e) {
            throw refused(e);
        }
    }

    /** Hands a path to write a directory at, which then takes the place of what is there. */
    void write(Consumer<String> writer) {
        Path parent = target.getParent();
        String mark = UUID.randomUUID().toString().substring(0, 8);
        Path temporary = new Path(parent, "." + target.getName() + UNFINISHED + mark);
        Path before = new Path(parent, "." + target.getName() + UNFINISHED + mark + "-before");
        Thread cleaner = new Thread(() -> delete(temporary));
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            writer.accept(temporary.toString());
            boolean replaces = system.exists(target);
            if (replaces && !system.rename(target, before)) {
                throw new IOException("the earlier result cannot be moved away");
            }
            if (!system.rename(temporary, target)) {
                if (replaces) {
                    system.rename(before, target);
                }
                throw new IOException("the system refuses to rename " + temporary.getName());
            }
            delete(before);
        } catch (IOException e) {
            throw refused(e);
        } finally {
            delete(temporary);
            try {
                Runtime.getRuntime().removeShutdownHook(cleaner);
            } catch (IllegalStateException e) {
                // The program is ending, and the hook runs.
            }
        }
    }

    private void delete(Path path) {
        try {
            system.delete(path, true);
        } catch (IOException | RuntimeException e) {
            // Nothing more can be done about it; its name says that it is unfinished.
        }
    }

    private UserError refused(Exception e) {
        return new UserError(
                "--out " + shown + ": cannot be written: " + UserError.shown(String.valueOf(e.getMessage())), e);
    }
}
