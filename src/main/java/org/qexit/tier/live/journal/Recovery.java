package org.qexit.tier.live.journal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.qexit.common.UserError;

/**
 * Reads a log's segments in order. What a killed process had not finished can only be at the very end and is cut off there; whatever else is
 * not as it was written is refused. A record whose checksum is wrong counts as unfinished if nothing behind it says that it was on
 * disk once; the mark of a closed log says so of all records.
 */
final class Recovery {
    private final Path directory;
    private final LogSettings settings;
    private final LogReader reader;
    private final List<Segment> segments = new ArrayList<>();
    private long next = -1;
    private String told;

    private Recovery(Path directory, LogSettings settings, LogReader reader) {
        this.directory = directory;
        this.settings = settings;
        this.reader = reader;
    }

    static Recovery of(Path directory, LogSettings settings, LogReader reader) throws IOException {
        Recovery recovery = new Recovery(directory, settings, reader);
        recovery.run();
        return recovery;
    }

    /** At least one, the last one open for writing. */
    List<Segment> segments() {
        return segments;
    }

    /** Number of the record that comes next. */
    long next() {
        return next;
    }

    /** What was cut off, in a line; or null. */
    String told() {
        return told;
    }

    private void run() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(Segment::isSegment).sorted().toList();
        }
        for (int i = 0; i < files.size(); i++) {
            Path file = files.get(i);
            long first = Segment.first(file);
            if (next >= 0 && first != next) {
                throw new UserError(file + ": begins with record " + first + "; expected " + next
                        + ". A file of the log is missing or cut");
            }
            next = first;
            read(file, i == files.size() - 1);
        }
        if (segments.isEmpty()) {
            next = Math.max(next, 1);
            segments.add(Segment.create(directory, next));
        } else {
            last().openForWriting();
        }
    }

    private Segment last() {
        return segments.get(segments.size() - 1);
    }

    private void read(Path file, boolean last) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            byte[] header = in.readNBytes(RecordFormat.SEGMENT_HEADER);
            if (last && header.length < RecordFormat.SEGMENT_HEADER) {
                unfinishedSegment(file, header.length);
                return;
            }
            if (header.length < RecordFormat.SEGMENT_HEADER || !RecordFormat.isSegmentHeader(header, next)) {
                throw corrupt(file, 0, "its header is not what was written");
            }
            Segment segment = new Segment(file, next, RecordFormat.salt(header), Files.size(file));
            long offset = RecordFormat.SEGMENT_HEADER;
            while (offset < segment.length()) {
                int size = record(segment, in, offset);
                if (size < 0) {
                    segments.add(unfinishedRecord(segment, offset, last));
                    return;
                }
                offset += size;
            }
            segments.add(segment);
        }
    }

    /** Reads a record and hands it on; -1 if there is none that is whole. */
    private int record(Segment segment, InputStream in, long offset) throws IOException {
        byte[] bytes = in.readNBytes(RecordFormat.HEADER);
        if (bytes.length < RecordFormat.HEADER) {
            return -1;
        }
        RecordFormat.Header header = RecordFormat.Header.of(bytes);
        if (!plausible(header, segment.length() - offset) || header.number() != next) {
            return -1;
        }
        byte[] payload = in.readNBytes(header.payload());
        if (RecordFormat.crc(segment.salt(), bytes, payload, 0, payload.length) != header.crc()) {
            return -1;
        }
        if (!header.closes()) {
            reader.record(new Place(next, segment.first(), offset), payload);
            next++;
        }
        return RecordFormat.HEADER + payload.length;
    }

    private boolean plausible(RecordFormat.Header header, long room) {
        return header.marker() == RecordFormat.MARKER
                && header.length() >= RecordFormat.CLOSED
                && header.length() <= settings.mostBytes()
                && header.payload() <= room - RecordFormat.HEADER;
    }

    private void unfinishedSegment(Path file, int bytes) throws IOException {
        told = file + ": cut off its " + bytes + " bytes, which a process that was killed had not finished";
        Files.delete(file);
        segments.add(Segment.create(directory, next));
        last().close();
    }

    private Segment unfinishedRecord(Segment segment, long offset, boolean last) throws IOException {
        if (!last || saysThatItWasThere(segment, offset)) {
            throw corrupt(segment.file(), offset, "record " + next + " is not what was written");
        }
        told = segment.file() + ": cut off the last " + (segment.length() - offset) + " bytes, behind record "
                + (next - 1) + ", which a process that was killed had not finished";
        segment.openForWriting();
        segment.cut(offset);
        segment.close();
        return segment;
    }

    /** Whether a whole record behind the offset was written after the one there had reached the disk. */
    private boolean saysThatItWasThere(Segment segment, long offset) throws IOException {
        byte[] rest;
        try (InputStream in = Files.newInputStream(segment.file())) {
            in.skipNBytes(offset);
            rest = in.readAllBytes();
        }
        ByteBuffer buffer = ByteBuffer.wrap(rest);
        byte[] bytes = new byte[RecordFormat.HEADER];
        for (int at = 1; at <= rest.length - RecordFormat.HEADER; at++) {
            if (buffer.getInt(at) != RecordFormat.MARKER) {
                continue;
            }
            buffer.get(at, bytes);
            RecordFormat.Header header = RecordFormat.Header.of(bytes);
            if (plausible(header, rest.length - at)
                    && header.forced() > next
                    && RecordFormat.crc(segment.salt(), bytes, rest, at + bytes.length, header.payload())
                            == header.crc()) {
                return true;
            }
        }
        return false;
    }

    private static UserError corrupt(Path file, long offset, String how) {
        return new UserError(file + ": is damaged at byte " + offset + ": " + how
                + ". Maybe bring back a copy of the directory, or begin with an empty one");
    }
}
