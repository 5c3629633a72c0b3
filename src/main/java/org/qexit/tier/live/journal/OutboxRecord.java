package org.qexit.tier.live.journal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.qexit.common.UserError;

/** What an outbox writes: a byte for the kind, then its fields, numbers big endian, texts as Java's modified UTF-8. */
sealed interface OutboxRecord {
    /** The first one. */
    record Begun(long epoch, String source) implements OutboxRecord {}

    /** An event to be offloaded. */
    record Accepted(OutboxEvent event, byte[] payload) implements OutboxRecord {}

    /** An event's end. */
    record Ended(EventEnd end) implements OutboxRecord {}

    /** All that was before, but the events that wait. */
    record Snapshot(long epoch, String source, byte[] ledger) implements OutboxRecord {}

    private static void write(DataOutputStream out, Accepted accepted) throws IOException {
        OutboxEvent event = accepted.event();
        out.writeByte(2);
        out.writeLong(event.event());
        out.writeLong(event.seq());
        out.writeInt(event.exit());
        out.writeLong(event.arrivedMicros());
        out.writeLong(event.deadlineMicros());
        out.write(accepted.payload());
    }

    private static void write(DataOutputStream out, EventEnd end) throws IOException {
        out.writeByte(3);
        out.writeLong(end.event());
        out.writeLong(end.seq());
        out.writeByte(end.kind().ordinal());
        out.writeInt(end.classId());
        out.writeInt(end.exit());
        out.writeInt(end.nodeExit());
        out.writeUTF(end.node());
        out.writeInt(end.tries());
        out.writeLong(end.delayNanos());
    }

    private static EventEnd readEnd(DataInputStream in) throws IOException {
        long event = in.readLong();
        long seq = in.readLong();
        int kind = in.readUnsignedByte();
        if (kind >= EventEnd.Kind.values().length) {
            throw new IOException("an event ended in way " + kind);
        }
        return new EventEnd(
                event,
                seq,
                EventEnd.Kind.values()[kind],
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readUTF(),
                in.readInt(),
                in.readLong());
    }

    /** Its bytes. */
    default byte[] encoded() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            if (this instanceof Begun begun) {
                out.writeByte(1);
                out.writeLong(begun.epoch);
                out.writeUTF(begun.source);
            } else if (this instanceof Accepted accepted) {
                write(out, accepted);
            } else if (this instanceof Ended ended) {
                write(out, ended.end);
            } else if (this instanceof Snapshot snapshot) {
                out.writeByte(4);
                out.writeLong(snapshot.epoch);
                out.writeUTF(snapshot.source);
                out.write(snapshot.ledger);
            } else {
                throw new IllegalStateException("unknown record " + this);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws UserError if these are not the bytes of one: then the log is another program's, or a later version's */
    static OutboxRecord decoded(long number, byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte kind = in.readByte();
            return switch (kind) {
                case 1 -> new Begun(in.readLong(), in.readUTF());
                case 2 ->
                    new Accepted(
                            new OutboxEvent(in.readLong(), in.readLong(), in.readInt(), in.readLong(), in.readLong()),
                            in.readAllBytes());
                case 3 -> new Ended(readEnd(in));
                case 4 -> new Snapshot(in.readLong(), in.readUTF(), in.readAllBytes());
                default -> throw new IOException("is of kind " + kind + "; expected 1 to 4");
            };
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError("record " + number + " is none of an outbox: " + e.getMessage(), e);
        }
    }
}
