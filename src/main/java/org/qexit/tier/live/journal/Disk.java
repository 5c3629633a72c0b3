package org.qexit.tier.live.journal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are there, with their names, once a call has returned. */
final class Disk {
    private Disk() {}

    /** Writes a file as a whole, under its name only once it is on disk. */
    static void create(Path file, byte[] content) throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".new");
        try {
            try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
                out.write(content);
                out.getFD().sync();
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        force(file.getParent());
    }

    /** Makes what was created, renamed or removed in a directory last. Systems that open no directories have no need to be asked. */
    static void force(Path directory) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                // A thread that is interrupted closes the channel that it uses: not what others wait for.
                interrupted |= Thread.interrupted();
                try {
                    forceOnce(directory);
                    return;
                } catch (ClosedByInterruptException e) {
                    // Once more.
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void forceOnce(Path directory) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(directory, StandardOpenOption.READ);
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            return;
        }
        try (channel) {
            channel.force(true);
        }
    }
}
