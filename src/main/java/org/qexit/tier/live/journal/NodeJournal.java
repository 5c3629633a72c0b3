package org.qexit.tier.live.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.qexit.common.Checks;

/**
 * What an edge node has answered to whom, so that an event that comes again gets the answer it had, also from a node that was killed in
 * between. An answer is on disk before it is given.
 *
 * <p>A device says with {@code settled} below which number it awaits nothing any more; answers below are forgotten and such ids are stale.
 * Memory and disk are bounded by what is outstanding, and that by {@link Limits}.
 *
 * <pre>{@code
 * EventId id = EventId.parse("00c0ffee00c0ffee-7").orElseThrow();
 * long settled = 7;
 * try (NodeJournal journal = NodeJournal.open(Path.of("en1.state"))) {
 *     if (journal.begin("ue1", id, settled) instanceof NodeJournal.Claim claim) {
 *         byte[] answer = {1}; // admit and infer; if that fails, claim.drop()
 *         claim.answer(answer); // on disk when it returns
 *     }
 * }
 * }</pre>
 *
 * <p>All methods may be called by several threads, {@link #close} by one after the last call of the others.
 */
public final class NodeJournal implements AutoCloseable {
    private static final int LONGEST_NAME = 255;

    private final AppendLog log;
    private final JournalState state;

    /**
     * What one device may hold.
     *
     * @param outstanding answers that it has not settled; more are refused
     * @param epochs outboxes; with one more, what is known of the one that was silent longest is forgotten
     */
    public record Limits(int outstanding, int epochs) {
        public static final Limits STANDARD = new Limits(10_000, 4);

        public Limits {
            Checks.within("outstanding", outstanding, 1, 1 << 24);
            Checks.within("epochs", epochs, 1, 1 << 10);
        }
    }

    /** What an id is to the journal. */
    public sealed interface Entry permits Stored, Running, Stale, Full, Claim {}

    /** Answered before: the same again. */
    public record Stored(byte[] answer) implements Entry {}

    /** Being answered by another thread, which completes this with the answer; or exceptionally, if there will be none. */
    public record Running(CompletableFuture<byte[]> answer) implements Entry {}

    /** Below what the device has settled. */
    public record Stale(long settled) implements Entry {}

    /** The device holds as many answers as it may. */
    public record Full(int outstanding) implements Entry {}

    /** New: to be answered by whoever holds this, or to be dropped. */
    public final class Claim implements Entry {
        private final String device;
        private final EventId id;
        private final CompletableFuture<byte[]> answer = new CompletableFuture<>();

        private Claim(String device, EventId id) {
            this.device = device;
            this.id = id;
        }

        /**
         * Writes the answer; it is on disk when this returns, and may be given.
         *
         * @throws IOException if the disk refuses: there is no answer then, and the claim is dropped
         */
        public void answer(byte[] bytes) throws IOException {
            Appended appended;
            byte[] record = new JournalRecord.Answered(device, id.epoch(), id.seq(), bytes).encoded();
            try {
                synchronized (state) {
                    appended = state.append(log, this, record);
                }
            } catch (IOException e) {
                drop();
                throw e;
            }
            try {
                appended.force();
            } catch (IOException e) {
                synchronized (state) {
                    state.lost(this, appended);
                }
                answer.completeExceptionally(e);
                throw e;
            }
            synchronized (state) {
                state.arrived(this, bytes, appended, record.length);
                clean();
            }
            answer.complete(bytes);
        }

        /** Gives up: there is no answer, and the id is as new as before. */
        public void drop() {
            synchronized (state) {
                state.end(this);
            }
            answer.completeExceptionally(new IOException("there is no answer"));
        }

        String device() {
            return device;
        }

        EventId id() {
            return id;
        }

        CompletableFuture<byte[]> future() {
            return answer;
        }
    }

    private NodeJournal(Path directory, Limits limits, LogSettings settings) {
        state = new JournalState(limits);
        log = AppendLog.open(directory, settings, state::replay);
    }

    /**
     * Opens a directory's journal, or begins one.
     *
     * @throws org.qexit.common.UserError if another process has it open, it is damaged, or the directory cannot be used
     */
    public static NodeJournal open(Path directory) {
        return open(directory, Limits.STANDARD, LogSettings.STANDARD);
    }

    /** As {@link #open(Path)}, with limits of one's own. */
    public static NodeJournal open(Path directory, Limits limits, LogSettings settings) {
        return new NodeJournal(directory, Checks.present("limits", limits), settings);
    }

    /** What a killed process had not finished, in a line. */
    public Optional<String> told() {
        return log.told();
    }

    /**
     * Looks an event up, and claims it if it is new.
     *
     * @param device 1 to 255 characters
     * @param settled below which number of the id's epoch the device awaits nothing any more; 0 if it does not say
     */
    public Entry begin(String device, EventId id, long settled) {
        Checks.within(
                "characters of a device's id", Checks.notBlank("device", device).length(), 1, LONGEST_NAME);
        synchronized (state) {
            state.settle(log, device, id.epoch(), settled);
            Optional<Entry> known = state.known(device, id);
            if (known.isPresent()) {
                return known.get();
            }
            Claim claim = new Claim(device, id);
            state.begin(claim);
            return claim;
        }
    }

    /** Hears that a device awaits nothing below a number any more. */
    public void settled(String device, long epoch, long below) {
        synchronized (state) {
            state.settle(log, device, epoch, below);
        }
    }

    /** Answers that are on disk and not settled. */
    public int outstanding() {
        synchronized (state) {
            return state.outstanding();
        }
    }

    /** Events that were ever answered, by device; each counted once. */
    public Map<String, Long> answered() {
        synchronized (state) {
            return state.answered();
        }
    }

    /** Bytes on disk. */
    public long bytes() {
        return log.bytes();
    }

    private void clean() {
        try {
            state.clean(log);
        } catch (IOException e) {
            // All is as before; the next answer tells of a disk that refuses.
        }
    }

    /** @throws IOException if the disk refuses the last that was settled; answers are safe */
    @Override
    public void close() throws IOException {
        log.close();
    }
}
