package org.qexit.common;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Keeps a second process, or a second part of this one, from writing to a directory. The system lets go of the lock however the process
 * ends; the file that a killed one leaves locks nobody out, and goes with the next lock.
 *
 * <p>The lock is one byte behind all content, so that others may read who holds it. POSIX lets go of a process's locks on a file as soon as
 * the process closes any of its descriptors of it: hence the list of what this process holds, which is asked first, and hence nothing here
 * opens the file of a lock that is held.
 */
public final class DirectoryLock implements AutoCloseable {
    private static final String INSIDE = ".qexit.lock";
    private static final long BYTE = Long.MAX_VALUE - 1;
    private static final int LONGEST = 1 << 16;
    private static final int TRIES = 100;
    private static final Set<Path> HELD = new HashSet<>();

    private final Path file;
    private final FileChannel channel;
    private final boolean made;

    private DirectoryLock(Path file, FileChannel channel, boolean made) {
        this.file = file;
        this.channel = channel;
        this.made = made;
    }

    /**
     * Locks a directory whose files are replaced one by one; makes it where it is missing.
     *
     * @throws UserError if somebody else is at work there, or it cannot be written
     */
    public static DirectoryLock inside(Path directory) {
        return lock(directory, directory.toAbsolutePath().normalize().resolve(INSIDE));
    }

    /** Does some work under the lock of {@link #inside}. */
    public static <T> T holding(Path directory, Supplier<T> work) {
        DirectoryLock lock = inside(directory);
        try {
            return work.get();
        } finally {
            lock.close();
        }
    }

    /**
     * Locks a directory that is replaced as a whole; makes the one it will be in where that is missing.
     *
     * @throws UserError if somebody else is at work there, or it cannot be written
     */
    public static DirectoryLock beside(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        if (absolute.getFileName() == null) {
            throw new UserError(directory + ": has no name; expected a directory");
        }
        return lock(directory, absolute.resolveSibling("." + absolute.getFileName() + INSIDE));
    }

    /** Whether a file is such a lock, which is no part of what the directory holds. */
    public static boolean isLock(Path file) {
        return file.getFileName().toString().endsWith(INSIDE);
    }

    private static DirectoryLock lock(Path directory, Path named) {
        Path file;
        boolean made = !Files.exists(named.getParent());
        try {
            Files.createDirectories(named.getParent());
            file = named.getParent().toRealPath().resolve(named.getFileName());
        } catch (IOException e) {
            throw new UserError(directory + ": cannot be written: " + WriteReasons.of(e), e);
        }
        synchronized (HELD) {
            if (!HELD.add(file)) {
                throw new UserError(busy(directory, "this process"));
            }
        }
        try {
            return new DirectoryLock(file, channel(directory, file), made);
        } catch (IOException e) {
            forget(file);
            throw new UserError(directory + ": cannot be written: " + WriteReasons.of(e), e);
        } catch (RuntimeException e) {
            forget(file);
            throw e;
        }
    }

    private static FileChannel channel(Path directory, Path file) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            boolean kept = false;
            FileLock lock = null;
            try {
                try {
                    lock = channel.tryLock(BYTE, 1, false);
                } catch (IOException e) {
                    Notices.say("qexit: " + directory + ": this file system knows no locks (" + e.getMessage()
                            + "); keep to one qexit at a time here");
                    kept = true;
                    return channel;
                }
                if (lock == null) {
                    throw new UserError(busy(directory, holder(channel)));
                }
                if (isStill(file, channel)) {
                    kept = true;
                    return channel;
                }
                // Its last holder removed it between our opening and our locking it: the next try makes a new one.
            } catch (IOException e) {
                if (lock != null) {
                    // A full disk: the file that is ours goes while we still hold it.
                    Files.deleteIfExists(file);
                }
                throw e;
            } finally {
                if (!kept) {
                    channel.close();
                }
            }
        }
        throw new UserError(busy(directory, "another process"));
    }

    /** Whether the name still stands for the open file: told by a length that nobody else would have given it. */
    private static boolean isStill(Path file, FileChannel channel) throws IOException {
        String who = "process " + ProcessHandle.current().pid();
        int length = ThreadLocalRandom.current().nextInt(who.length(), LONGEST);
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((who + " ".repeat(length - who.length())).getBytes(StandardCharsets.US_ASCII)));
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) == length;
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(32);
        channel.read(bytes, 0);
        String who = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).trim();
        return who.matches("process \\d+") ? who : "another process";
    }

    private static String busy(Path directory, String who) {
        return directory + ": another qexit (" + who + ") is at work here. Maybe wait for it, or choose another place";
    }

    private static void forget(Path file) {
        synchronized (HELD) {
            HELD.remove(file);
        }
    }

    /** Lets go, and removes a directory that it made and that has stayed empty; may be called twice. */
    @Override
    public void close() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            // While it is still held, so that nobody's new lock is removed.
            Files.deleteIfExists(file);
            if (made) {
                Files.deleteIfExists(file.getParent());
            }
        } catch (IOException e) {
            // Results are in the directory by now, or the file stays: it locks nobody out, and the next holder removes
            // it.
        } finally {
            try {
                channel.close();
            } catch (IOException e) {
                // The system closes it with the process.
            }
            forget(file);
        }
    }
}
