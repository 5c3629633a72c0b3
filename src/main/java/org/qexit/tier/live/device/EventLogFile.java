package org.qexit.tier.live.device;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.common.WriteReasons;
import org.qexit.tier.live.journal.EventEnd;

/**
 * One JSON line per event, once it has ended for good. A device that goes on after a kill adds the lines that are missing and repeats none: it
 * looks which events the file has. Used under the outbox's lock.
 */
final class EventLogFile implements AutoCloseable {
    private static final Pattern EVENT = Pattern.compile("\\{\"event\":([1-9][0-9]{0,8}),.*}");

    private final Path file;
    private final RandomAccessFile out;
    private final BitSet there = new BitSet();

    private EventLogFile(Path file, RandomAccessFile out) {
        this.file = file;
        this.out = out;
    }

    /** @throws UserError if it cannot be written, or holds what is no such line */
    static EventLogFile open(Path file) {
        try {
            if (file.toAbsolutePath().getParent() != null) {
                java.nio.file.Files.createDirectories(file.toAbsolutePath().getParent());
            }
            RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw");
            EventLogFile log = new EventLogFile(file, out);
            boolean good = false;
            try {
                log.look();
                good = true;
            } finally {
                if (!good) {
                    out.close();
                }
            }
            return log;
        } catch (IOException e) {
            throw new UserError(file + ": cannot be written: " + WriteReasons.of(e), e);
        }
    }

    /** Notes the events that are there, and cuts off a line that was not finished. */
    private void look() throws IOException {
        long whole = 0;
        try (var lines = new java.io.BufferedInputStream(java.nio.file.Files.newInputStream(file))) {
            java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();
            long number = 1;
            for (int c = lines.read(); c >= 0; c = lines.read()) {
                line.write(c);
                if (c == '\n') {
                    whole += line.size();
                    note(line.toString(StandardCharsets.UTF_8).strip(), number++);
                    line.reset();
                }
                if (line.size() > 1 << 16) {
                    throw new UserError(file + " line " + number + ": is no line of a device's log");
                }
            }
        }
        out.setLength(whole);
        out.seek(whole);
    }

    private void note(String line, long number) {
        Matcher event = EVENT.matcher(line);
        if (!event.matches()) {
            throw new UserError(file + " line " + number + ": is no line of a device's log");
        }
        there.set(Integer.parseInt(event.group(1)));
    }

    /** Adds an event's line if it is not there yet. */
    void ended(EventEnd end, String id) {
        int number = Math.toIntExact(Math.min(end.event(), 999_999_999));
        if (there.get(number)) {
            return;
        }
        there.set(number);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", end.event());
        line.put("end", end.kind().word());
        line.put("exit", end.exit());
        if (end.seq() > 0) {
            line.put("id", id);
            line.put("tries", end.tries());
        }
        if (end.nodeExit() > 0) {
            line.put("class", end.classId());
            line.put("nodeExit", end.nodeExit());
        }
        if (!end.node().isEmpty()) {
            line.put("node", end.node());
        }
        if (end.delayNanos() >= 0) {
            line.put("delaySeconds", end.delayNanos() / 1e9);
        }
        try {
            out.write((Json.compact(line) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UserError(file + ": cannot be written: " + WriteReasons.of(e), e);
        }
    }

    /** What was written is on disk when this returns. */
    void force() {
        try {
            out.getFD().sync();
        } catch (IOException e) {
            throw new UserError(file + ": cannot be written: " + WriteReasons.of(e), e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UserError(file + ": cannot be written: " + WriteReasons.of(e), e);
        }
    }
}
