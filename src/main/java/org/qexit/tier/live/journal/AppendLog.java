package org.qexit.tier.live.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.qexit.common.Checks;
import org.qexit.common.DirectoryLock;
import org.qexit.common.UserError;
import org.qexit.common.WriteReasons;

/**
 * Records that are only ever appended, in a directory that is this log's alone.
 *
 * <p><b>Durability.</b> {@link #append} puts a record in line; it is on disk when {@link Appended#force} returns. One thread writes for all
 * that wait, so that many appenders share a call of fsync (group commit). A killed process loses nothing that was forced.
 *
 * <p><b>Recovery.</b> {@link #open} reads all records back. What was being written when a process was killed is cut off; records are a prefix
 * of those appended that holds all that were forced. A log that is damaged elsewhere is refused with one line; after {@link #close}, every
 * changed byte is. Of a log that was not closed, a change within the last batch cannot be told from an unfinished one, and is cut.
 *
 * <p><b>Refusals of the disk.</b> If it is full, what was appended since the last force is refused and not in the log, and appending
 * again is tried anew. Only where not even that can be had, the log refuses all appends until it is opened again.
 *
 * <p><b>Space.</b> Records lie in segments; {@link #forget} removes whole ones from the beginning.
 *
 * <p><b>Threads.</b> All methods may be called by several threads, {@link #close} by one after the last call of the others.
 */
public final class AppendLog implements AutoCloseable {
    /** Records in line that make an appender write them itself: keeps what is in line small. */
    private static final int MOST_IN_LINE = 1 << 20;

    private final Path directory;
    private final LogSettings settings;
    private final DirectoryLock held;
    private final String told;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition written = lock.newCondition();
    private final TreeMap<Long, Segment> segments = new TreeMap<>();
    private Segment active;
    private Batch line;
    private boolean writing;
    private boolean closed;
    private IOException broken;

    private AppendLog(Path directory, LogSettings settings, DirectoryLock held, Recovery recovery) {
        this.directory = directory;
        this.settings = settings;
        this.held = held;
        this.told = recovery.told();
        recovery.segments().forEach(segment -> segments.put(segment.first(), segment));
        active = segments.lastEntry().getValue();
        line = new Batch(recovery.next());
    }

    /**
     * Opens a directory's log, or begins one.
     *
     * @param reader is given every record
     * @throws UserError if somebody else has it open, it is damaged, or the directory cannot be used
     */
    public static AppendLog open(Path directory, LogSettings settings, LogReader reader) {
        Checks.present("settings", settings);
        DirectoryLock held = DirectoryLock.inside(directory);
        boolean opened = false;
        try {
            Recovery recovery = Recovery.of(directory.toAbsolutePath().normalize(), settings, reader);
            AppendLog log = new AppendLog(directory.toAbsolutePath().normalize(), settings, held, recovery);
            opened = true;
            return log;
        } catch (IOException e) {
            throw new UserError(directory + ": cannot be used: " + WriteReasons.of(e), e);
        } finally {
            if (!opened) {
                held.close();
            }
        }
    }

    /** What the opening cut off, in a line. */
    public Optional<String> told() {
        return Optional.ofNullable(told);
    }

    /**
     * Puts a record in line. Where much is in line, it is written first.
     *
     * @param payload is not copied: to be left as it is
     * @throws IllegalArgumentException if it is longer than the settings allow
     * @throws IOException if the disk refuses; nothing was appended
     */
    public Appended append(byte[] payload) throws IOException {
        Checks.within("bytes of a record", payload.length, 0, settings.mostBytes());
        lock.lock();
        try {
            while (line.size() >= MOST_IN_LINE) {
                force(line);
            }
            checkUsable();
            int offset = line.add(payload);
            return new Appended(this, line, line.next() - 1, offset);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all that was appended is on disk. */
    public void force() throws IOException {
        lock.lock();
        try {
            if (!line.isEmpty()) {
                force(line);
            } else {
                while (writing) {
                    written.awaitUninterruptibly();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void force(Batch batch) throws IOException {
        lock.lock();
        try {
            while (!batch.isDone()) {
                if (writing) {
                    written.awaitUninterruptibly();
                } else {
                    writeLine();
                }
            }
        } finally {
            lock.unlock();
        }
        batch.check();
    }

    /** Writes what is in line while others put more in the next. Holds the lock, but not while writing. */
    private void writeLine() {
        Batch batch = line;
        line = new Batch(batch.next());
        writing = true;
        int holds = lock.getHoldCount();
        release(holds);
        IOException failure = null;
        try {
            write(batch);
        } catch (IOException e) {
            failure = e;
        } finally {
            acquire(holds);
            writing = false;
            if (failure != null) {
                refuse(batch, failure);
            }
            written.signalAll();
        }
    }

    private void release(int holds) {
        for (int i = 0; i < holds; i++) {
            lock.unlock();
        }
    }

    private void acquire(int holds) {
        for (int i = 0; i < holds; i++) {
            lock.lock();
        }
    }

    private void write(Batch batch) throws IOException {
        if (active.length() >= settings.segmentBytes()) {
            rotate(batch.first());
        }
        long at = active.length();
        active.append(batch.encoded(active.salt()), batch.size());
        batch.written(active.first(), at);
    }

    private void rotate(long first) throws IOException {
        Segment next = Segment.create(directory, first);
        active.close();
        active = next;
        lock.lock();
        try {
            segments.put(first, next);
        } finally {
            lock.unlock();
        }
    }

    /** Numbers that were given out but not written are given out again: those who hold them are told. */
    private void refuse(Batch batch, IOException failure) {
        IOException why = new IOException(directory + ": cannot be written: " + WriteReasons.of(failure), failure);
        if (failure instanceof Segment.Unsure) {
            broken = why;
        }
        batch.failed(why);
        line.failed(why);
        line = new Batch(batch.first());
    }

    private void checkUsable() throws IOException {
        if (closed) {
            throw new IllegalStateException(directory + ": is closed");
        }
        if (broken != null) {
            throw new IOException(broken.getMessage() + "; nothing is written until it is opened again", broken);
        }
    }

    /**
     * Reads a record that is on disk and not forgotten.
     *
     * @throws IOException if it cannot be read, or is damaged
     */
    public byte[] read(Place place) throws IOException {
        long salt;
        Path file;
        lock.lock();
        try {
            Segment segment = segments.get(place.segment());
            if (segment == null) {
                throw new IllegalArgumentException("record " + place.number() + " is forgotten");
            }
            salt = segment.salt();
            file = segment.file();
        } finally {
            lock.unlock();
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(place.offset());
            byte[] bytes = new byte[RecordFormat.HEADER];
            in.readFully(bytes);
            RecordFormat.Header header = RecordFormat.Header.of(bytes);
            Checks.within("bytes of a record", header.length(), 0, settings.mostBytes());
            byte[] payload = new byte[header.length()];
            in.readFully(payload);
            if (header.number() != place.number()
                    || RecordFormat.crc(salt, bytes, payload, 0, payload.length) != header.crc()) {
                throw new IOException(file + ": is damaged at byte " + place.offset() + ": record " + place.number()
                        + " is not what was written");
            }
            return payload;
        } catch (java.io.EOFException | IllegalArgumentException e) {
            throw new IOException(file + ": is damaged at byte " + place.offset(), e);
        }
    }

    /** Removes the segments whose records are all below {@code number}; never the one that is written to. */
    public void forget(long number) throws IOException {
        boolean removed = false;
        lock.lock();
        try {
            while (segments.size() > 1 && secondSegment() <= number) {
                Map.Entry<Long, Segment> oldest = segments.firstEntry();
                oldest.getValue().delete();
                segments.remove(oldest.getKey());
                removed = true;
            }
        } finally {
            lock.unlock();
        }
        if (removed) {
            Disk.force(directory);
        }
    }

    /** Number of the first record of the segment after the oldest, or 0 if there is one alone. */
    public long secondSegment() {
        lock.lock();
        try {
            Long second = segments.higherKey(segments.firstKey());
            return second == null ? 0 : second;
        } finally {
            lock.unlock();
        }
    }

    /** Number of the first record that is kept. */
    public long first() {
        lock.lock();
        try {
            return segments.firstKey();
        } finally {
            lock.unlock();
        }
    }

    /** Number of the record that is appended next. */
    public long next() {
        lock.lock();
        try {
            return line.next();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of all segments. */
    public long bytes() {
        lock.lock();
        try {
            return segments.values().stream().mapToLong(Segment::length).sum();
        } finally {
            lock.unlock();
        }
    }

    public LogSettings settings() {
        return settings;
    }

    /** Forces what is in line, marks the log as closed, and lets go of the directory. Called twice it does nothing. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (broken == null) {
                force();
                markClosed();
            }
        } finally {
            closed = true;
            lock.unlock();
            try {
                active.close();
            } finally {
                held.close();
            }
        }
    }

    /** A disk without room for the mark keeps a log that was not closed, which is as good. */
    private void markClosed() {
        byte[] mark = RecordFormat.header(active.salt(), RecordFormat.CLOSED, line.next(), line.next(), new byte[0]);
        try {
            active.append(mark, mark.length);
        } catch (IOException e) {
            broken = e;
        }
    }
}
