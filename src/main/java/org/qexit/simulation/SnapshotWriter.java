package org.qexit.simulation;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.qexit.common.Hashing;

/**
 * Collects the state of a run as bytes, big-endian: the magic number {@code "QXSNAP"} with a version, the length of what follows, the state
 * in named sections, and the SHA-256 of all before it. Same state, same bytes.
 */
public final class SnapshotWriter {
    static final byte[] MAGIC = {'Q', 'X', 'S', 'N', 'A', 'P', 0, 1};

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    @FunctionalInterface
    private interface Writing {
        void run() throws IOException;
    }

    /** Marks the start of a part; whoever reads it asks for the same name. */
    public void section(String name) {
        write(() -> out.writeUTF(name));
    }

    public void putInt(int value) {
        write(() -> out.writeInt(value));
    }

    public void putLong(long value) {
        write(() -> out.writeLong(value));
    }

    /** The bits as they are, NaN's included. */
    public void putDouble(double value) {
        putLong(Double.doubleToRawLongBits(value));
    }

    /** With its length. */
    public void putInts(int[] values) {
        putInt(values.length);
        for (int value : values) {
            putInt(value);
        }
    }

    /** With its length. */
    public void putLongs(long[] values) {
        putInt(values.length);
        for (long value : values) {
            putLong(value);
        }
    }

    /** With its length. */
    public void putDoubles(double[] values) {
        putInt(values.length);
        for (double value : values) {
            putDouble(value);
        }
    }

    /** The whole snapshot. */
    public byte[] toBytes() {
        byte[] state = bytes.toByteArray();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        DataOutputStream file = new DataOutputStream(whole);
        try {
            file.write(MAGIC);
            file.writeInt(state.length);
            file.write(state);
            file.write(Hashing.sha256().digest(whole.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return whole.toByteArray();
    }

    private static void write(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
