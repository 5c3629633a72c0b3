package org.qexit.tier.live.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One file of a log. The last one is open for writing; what is written to it is on disk or gone again. Files are written by their
 * descriptors: a channel would be closed under all writers by the interruption of one.
 */
final class Segment {
    private static final Pattern NAME = Pattern.compile("[0-8]\\d{18}\\.log");
    private static final SecureRandom SALTS = new SecureRandom();

    private final Path file;
    private final long first;
    private final long salt;
    private volatile long length;
    private RandomAccessFile open;

    Segment(Path file, long first, long salt, long length) {
        this.file = file;
        this.first = first;
        this.salt = salt;
        this.length = length;
    }

    static boolean isSegment(Path file) {
        return NAME.matcher(file.getFileName().toString()).matches();
    }

    static long first(Path file) {
        return Long.parseLong(file.getFileName().toString().substring(0, 19));
    }

    static Path file(Path directory, long first) {
        return directory.resolve(String.format(Locale.ROOT, "%019d.log", first));
    }

    /** Makes an empty one and opens it. */
    static Segment create(Path directory, long first) throws IOException {
        Path file = file(directory, first);
        long salt = SALTS.nextLong();
        Disk.create(file, RecordFormat.segmentHeader(salt, first));
        Segment segment = new Segment(file, first, salt, RecordFormat.SEGMENT_HEADER);
        segment.openForWriting();
        return segment;
    }

    Path file() {
        return file;
    }

    long first() {
        return first;
    }

    long salt() {
        return salt;
    }

    long length() {
        return length;
    }

    void openForWriting() throws IOException {
        open = new RandomAccessFile(file.toFile(), "rw");
    }

    /** Shortens the file, for good. */
    void cut(long to) throws IOException {
        open.setLength(to);
        open.getFD().sync();
        length = to;
    }

    /**
     * Writes at the end, to the disk.
     *
     * @throws IOException if the disk refuses; then the file is as it was, or {@link Unsure} is thrown
     */
    void append(byte[] bytes, int count) throws IOException {
        try {
            open.seek(length);
            open.write(bytes, 0, count);
            open.getFD().sync();
        } catch (IOException e) {
            try {
                cut(length);
            } catch (IOException second) {
                e.addSuppressed(second);
                throw new Unsure(e);
            }
            throw e;
        }
        length = length + count;
    }

    void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    /** The end of the file is not known any more: nothing may be written behind it until it was read again. */
    static final class Unsure extends IOException {
        private static final long serialVersionUID = 1L;

        Unsure(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
