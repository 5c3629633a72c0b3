package org.qexit.tier.live.journal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.qexit.common.UserError;

/** What an edge node's journal writes: a byte for the kind, then its fields, numbers big endian, names as Java's modified UTF-8. */
sealed interface JournalRecord {
    /** An answer. */
    record Answered(String device, long epoch, long seq, byte[] answer) implements JournalRecord {}

    /** A device awaits nothing below a number any more. */
    record Settled(String device, long epoch, long below) implements JournalRecord {}

    /** An outbox was silent for too long. */
    record Dropped(String device, long epoch) implements JournalRecord {}

    /** All but the answers themselves. */
    record Snapshot(List<OfEpoch> epochs, List<OfDevice> devices) implements JournalRecord {}

    /** @param answers ever given */
    record OfEpoch(String device, long epoch, long settled, long answers) {}

    /** @param dropped answers given to outboxes that were dropped since */
    record OfDevice(String device, long dropped) {}

    private static void writeSnapshot(DataOutputStream out, Snapshot snapshot) throws IOException {
        out.writeInt(snapshot.devices().size());
        for (OfDevice device : snapshot.devices()) {
            out.writeUTF(device.device());
            out.writeLong(device.dropped());
        }
        out.writeInt(snapshot.epochs().size());
        for (OfEpoch epoch : snapshot.epochs()) {
            out.writeUTF(epoch.device());
            out.writeLong(epoch.epoch());
            out.writeLong(epoch.settled());
            out.writeLong(epoch.answers());
        }
    }

    private static Snapshot readSnapshot(DataInputStream in) throws IOException {
        List<OfDevice> devices = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            devices.add(new OfDevice(in.readUTF(), in.readLong()));
        }
        List<OfEpoch> epochs = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            epochs.add(new OfEpoch(in.readUTF(), in.readLong(), in.readLong(), in.readLong()));
        }
        return new Snapshot(epochs, devices);
    }

    /** Its bytes. */
    default byte[] encoded() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            if (this instanceof Answered answered) {
                out.writeByte(1);
                out.writeUTF(answered.device);
                out.writeLong(answered.epoch);
                out.writeLong(answered.seq);
                out.write(answered.answer);
            } else if (this instanceof Settled settled) {
                out.writeByte(2);
                out.writeUTF(settled.device);
                out.writeLong(settled.epoch);
                out.writeLong(settled.below);
            } else if (this instanceof Dropped dropped) {
                out.writeByte(3);
                out.writeUTF(dropped.device);
                out.writeLong(dropped.epoch);
            } else if (this instanceof Snapshot snapshot) {
                out.writeByte(4);
                writeSnapshot(out, snapshot);
            } else {
                throw new IllegalStateException("unknown record " + this);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws UserError if these are not the bytes of one: then the log is another program's, or a later version's */
    static JournalRecord decoded(long number, byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte kind = in.readByte();
            return switch (kind) {
                case 1 -> new Answered(in.readUTF(), in.readLong(), in.readLong(), in.readAllBytes());
                case 2 -> new Settled(in.readUTF(), in.readLong(), in.readLong());
                case 3 -> new Dropped(in.readUTF(), in.readLong());
                case 4 -> readSnapshot(in);
                default -> throw new IOException("is of kind " + kind + "; expected 1 to 4");
            };
        } catch (IOException e) {
            throw new UserError("record " + number + " is none of an edge node's journal: " + e.getMessage(), e);
        }
    }
}
