package org.qexit.tier.live.journal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.qexit.common.UserError;
import org.qexit.device.Latencies;

/** How the events of a device ended, counted. Not for several threads. */
public final class Ledger {
    private final long[] ends = new long[EventEnd.Kind.values().length];
    private final Map<Integer, Long> classes = new TreeMap<>();
    private final Latencies answers = new Latencies();
    private long taken;
    private long accepted;
    private long retries;

    Ledger() {}

    /** A copy. */
    Ledger(Ledger other) {
        this(other.encoded());
    }

    Ledger(byte[] encoded) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded))) {
            taken = in.readLong();
            accepted = in.readLong();
            retries = in.readLong();
            for (int i = in.readInt() - 1; i >= 0; i--) {
                ends[i] = in.readLong();
            }
            for (int left = in.readInt(); left > 0; left--) {
                classes.put(in.readInt(), in.readLong());
            }
            answers.read(in);
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new UserError("the ledger is not readable: " + e.getMessage(), e);
        }
    }

    byte[] encoded() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(taken);
            out.writeLong(accepted);
            out.writeLong(retries);
            out.writeInt(ends.length);
            for (int i = ends.length - 1; i >= 0; i--) {
                out.writeLong(ends[i]);
            }
            out.writeInt(classes.size());
            for (Map.Entry<Integer, Long> one : classes.entrySet()) {
                out.writeInt(one.getKey());
                out.writeLong(one.getValue());
            }
            answers.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    void accepted(OutboxEvent event) {
        taken = Math.max(taken, event.event());
        accepted = Math.max(accepted, event.seq());
    }

    void ended(EventEnd end) {
        taken = Math.max(taken, end.event());
        ends[end.kind().ordinal()]++;
        retries += Math.max(0, end.tries() - 1);
        if (end.kind() == EventEnd.Kind.CLASSIFIED) {
            classes.merge(end.classId(), 1L, Long::sum);
        }
        if (end.kind() == EventEnd.Kind.CLASSIFIED || end.kind() == EventEnd.Kind.REJECTED) {
            answers.add(end.delayNanos());
        }
    }

    /** Events taken from the source, unreadable ones with them. */
    public long taken() {
        return taken;
    }

    /** Events that were to be offloaded. */
    public long offloaded() {
        return accepted;
    }

    /** Times that an event was sent again, of those that have ended. */
    public long retries() {
        return retries;
    }

    /** Events that ended in a way. */
    public long ended(EventEnd.Kind kind) {
        return ends[kind.ordinal()];
    }

    /** Events that count as missed. */
    public long missed() {
        long missed = 0;
        for (EventEnd.Kind kind : EventEnd.Kind.values()) {
            missed += kind.missed() ? ended(kind) : 0;
        }
        return missed;
    }

    /** Events that a node named a class of, by its id. */
    public Map<Integer, Long> classes() {
        return new TreeMap<>(classes);
    }

    /** From arrival to answer, of those that were answered in time. */
    public Latencies answers() {
        return answers;
    }
}
