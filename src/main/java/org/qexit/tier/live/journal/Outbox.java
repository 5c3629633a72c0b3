package org.qexit.tier.live.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.qexit.common.Checks;
import org.qexit.common.UserError;

/**
 * What a device has decided and what it still owes: every event of its source has one record that it was taken, normal ones with their end,
 * and every event that was to be offloaded has one of its end. A device that goes on after a kill loses no event and repeats none.
 *
 * <p>What is told here goes to the disk with the next {@link #flush}, in order; if the disk refuses, it stays in line and the next flush
 * tries again. Only what is on disk is counted, sent and given out.
 *
 * <p>All methods may be called by several threads, {@link #close} by one after the last call of the others.
 */
public final class Outbox implements AutoCloseable {
    /** Hears of what has reached the disk. */
    public interface Listener {
        /** An event has ended. After a restart it is told again of ends that it may have heard of. */
        void ended(EventEnd end);

        /** An event is on disk and may be sent. */
        void accepted(OutboxEvent event);

        /** What it was told of is about to be forgotten: to be kept by now where it is wanted. */
        void forget();
    }

    private final AppendLog log;
    private final Listener listener;
    private final Object flushing = new Object();
    private final LiveRecords live = new LiveRecords();
    private final TreeMap<Long, Waiting> waiting = new TreeMap<>();
    private final Deque<InLine> line = new ArrayDeque<>();
    private Ledger ledger = new Ledger();
    private long epoch;
    private String source;
    private long taken;
    private long seq;
    private long lineBytes;

    private record Waiting(OutboxEvent event, LiveRecords.Live record) {}

    /** Not on disk yet; {@code at} is null while it is to be appended (again). */
    private static final class InLine {
        private final OutboxRecord record;
        private final byte[] bytes;
        private Appended at;

        private InLine(OutboxRecord record) {
            this.record = record;
            this.bytes = record.encoded();
        }
    }

    private Outbox(Path directory, LogSettings settings, String from, Listener listener) throws IOException {
        this.listener = listener;
        this.log = AppendLog.open(directory, settings, this::replay);
        boolean good = false;
        try {
            if (source == null) {
                source = from;
                epoch = new SecureRandom().nextLong();
                log.append(new OutboxRecord.Begun(epoch, source).encoded()).force();
            } else if (!source.equals(from)) {
                throw new UserError(directory + ": is the outbox of events from " + UserError.shown(source)
                        + "; expected " + UserError.shown(from) + ". Maybe choose another directory");
            }
            taken = ledger.taken();
            seq = ledger.offloaded();
            good = true;
        } finally {
            if (!good) {
                log.close();
            }
        }
    }

    /**
     * Opens a directory's outbox, or begins one. The listener hears at once of ends since the last cleaning and of all events that wait.
     *
     * @param source names where events come from; another one is refused
     * @throws UserError if another process has it open, it is damaged, it is another source's, or the directory cannot be used
     */
    public static Outbox open(Path directory, LogSettings settings, String source, Listener listener) {
        Checks.present("listener", listener);
        try {
            Outbox outbox = new Outbox(directory, settings, Checks.notBlank("source", source), listener);
            outbox.waiting().forEach(listener::accepted);
            return outbox;
        } catch (IOException e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    private void replay(Place place, byte[] bytes) {
        OutboxRecord record = OutboxRecord.decoded(place.number(), bytes);
        if (record instanceof OutboxRecord.Begun begun) {
            epoch = begun.epoch();
            source = begun.source();
        } else if (record instanceof OutboxRecord.Snapshot snapshot) {
            epoch = snapshot.epoch();
            source = snapshot.source();
            ledger = new Ledger(snapshot.ledger());
        } else {
            arrived(record, place, bytes.length);
        }
    }

    /** A record is on disk. */
    private void arrived(OutboxRecord record, Place place, int bytes) {
        if (record instanceof OutboxRecord.Accepted accepted) {
            OutboxEvent event = accepted.event();
            // A copy takes the place of what it is of.
            Waiting before = waiting.put(event.seq(), new Waiting(event, live.add(place, bytes)));
            if (before != null) {
                live.drop(before.record());
            }
            ledger.accepted(event);
        } else if (record instanceof OutboxRecord.Ended ended) {
            ledger.ended(ended.end());
            Waiting done = waiting.remove(ended.end().seq());
            if (done != null) {
                live.drop(done.record());
            }
            listener.ended(ended.end());
        } else {
            throw new IllegalStateException("unknown record " + record);
        }
    }

    /** What a killed process had not finished, in a line. */
    public Optional<String> told() {
        return log.told();
    }

    /** Drawn when the outbox was begun. */
    public long epoch() {
        return epoch;
    }

    /** Events that were taken from the source, also those not on disk yet: the next one has the number after this. */
    public synchronized long taken() {
        return taken;
    }

    /** Events that wait, on disk, in the order in which they came. */
    public synchronized List<OutboxEvent> waiting() {
        return waiting.values().stream().map(Waiting::event).toList();
    }

    /** Below this number nothing is awaited any more, for certain. */
    public synchronized long settled() {
        return waiting.isEmpty() ? ledger.offloaded() + 1 : waiting.firstKey();
    }

    /** Bytes that are not on disk yet. */
    public synchronized long lineBytes() {
        return lineBytes;
    }

    /** Counts of what is on disk. */
    public synchronized Ledger ledger() {
        return new Ledger(ledger);
    }

    /** Takes an event that stays here: normal, or unreadable. */
    public synchronized void keep(EventEnd.Kind kind, int exit, long delayNanos) {
        taken++;
        enqueue(new OutboxRecord.Ended(EventEnd.local(taken, kind, exit, delayNanos)));
    }

    /** Takes an event that is to be offloaded. */
    public synchronized void accept(int exit, long arrivedMicros, long deadlineMicros, byte[] payload) {
        taken++;
        seq++;
        enqueue(new OutboxRecord.Accepted(new OutboxEvent(taken, seq, exit, arrivedMicros, deadlineMicros), payload));
    }

    /** Ends an event that waits. To be called once for each. */
    public synchronized void end(EventEnd end) {
        if (!waiting.containsKey(end.seq())) {
            throw new IllegalArgumentException("event " + end.seq() + " does not wait");
        }
        enqueue(new OutboxRecord.Ended(end));
    }

    private void enqueue(OutboxRecord record) {
        InLine one = new InLine(record);
        line.add(one);
        lineBytes += one.bytes.length;
        notifyAll();
    }

    /**
     * Waits until something is to be flushed, or for so long.
     *
     * @return whether something is
     */
    public synchronized boolean awaitLine(long millis) throws InterruptedException {
        if (line.isEmpty()) {
            wait(millis);
        }
        return !line.isEmpty();
    }

    /**
     * What is to be sent of an event that waits.
     *
     * @throws IOException if it cannot be read
     */
    public byte[] payload(OutboxEvent event) throws IOException {
        Place place;
        synchronized (this) {
            Waiting one = waiting.get(event.seq());
            if (one == null) {
                throw new IllegalArgumentException("event " + event.seq() + " does not wait");
            }
            place = one.record().place();
        }
        byte[] record = log.read(place);
        return ((OutboxRecord.Accepted) OutboxRecord.decoded(place.number(), record)).payload();
    }

    /**
     * Writes what is in line to the disk, then tells the listener. Others may put more in line meanwhile.
     *
     * @throws IOException if the disk refuses: all is kept, and the next flush tries again
     */
    public void flush() throws IOException {
        synchronized (flushing) {
            try {
                synchronized (this) {
                    for (InLine one : line) {
                        one.at = one.at == null ? log.append(one.bytes) : one.at;
                    }
                }
                log.force();
            } finally {
                arrive();
            }
            clean();
        }
    }

    /** Those that are on disk leave the line; what was refused is to be appended again. */
    private synchronized void arrive() {
        for (InLine one : line) {
            one.at = one.at != null && isThere(one.at) ? one.at : null;
        }
        while (!line.isEmpty() && line.peek().at != null) {
            InLine one = line.remove();
            lineBytes -= one.bytes.length;
            arrived(one.record, one.at.place(), one.bytes.length);
            if (one.record instanceof OutboxRecord.Accepted accepted) {
                listener.accepted(accepted.event());
            }
        }
    }

    private static boolean isThere(Appended record) {
        try {
            record.force();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private synchronized void clean() throws IOException {
        if (!line.isEmpty()) {
            return; // A snapshot is of all that is in the log.
        }
        live.clean(log, () -> {
            listener.forget();
            return log.append(new OutboxRecord.Snapshot(epoch, source, ledger.encoded()).encoded());
        });
    }

    /** Bytes on disk. */
    public long bytes() {
        return log.bytes();
    }

    /** @throws IOException if the disk refuses what is in line, which is lost then: those events are as if they had not come */
    @Override
    public void close() throws IOException {
        try {
            flush();
        } finally {
            log.close();
        }
    }
}
