package org.qexit.simulation;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.qexit.common.Hashing;
import org.qexit.common.UserError;

/** Reads what {@link SnapshotWriter} wrote, from anywhere: whatever the bytes are, they give a state or a {@link UserError}. */
public final class SnapshotReader {
    private static final int DIGEST_BYTES = 32;
    private static final int HEAD_BYTES = SnapshotWriter.MAGIC.length + Integer.BYTES;

    private final String name;
    private final ByteBuffer state;

    /**
     * @param name of the file, for messages
     * @throws UserError if the bytes are no whole snapshot of this version
     */
    public SnapshotReader(String name, byte[] bytes) {
        this.name = name;
        int magic = SnapshotWriter.MAGIC.length;
        if (bytes.length < magic || !Arrays.equals(bytes, 0, magic - 1, SnapshotWriter.MAGIC, 0, magic - 1)) {
            throw broken("it does not begin as snapshots of a simulation do");
        }
        if (bytes[magic - 1] != SnapshotWriter.MAGIC[magic - 1]) {
            throw broken("version " + bytes[magic - 1] + "; expected " + SnapshotWriter.MAGIC[magic - 1]);
        }
        if (bytes.length < HEAD_BYTES + DIGEST_BYTES) {
            throw broken("it ends within its head");
        }
        int length = ByteBuffer.wrap(bytes).getInt(magic);
        if (length != bytes.length - HEAD_BYTES - DIGEST_BYTES) {
            throw broken(bytes.length + " bytes, of which " + length + " of state; expected "
                    + (bytes.length - HEAD_BYTES - DIGEST_BYTES));
        }
        MessageDigest digest = Hashing.sha256();
        digest.update(bytes, 0, HEAD_BYTES + length);
        if (!MessageDigest.isEqual(digest.digest(), Arrays.copyOfRange(bytes, HEAD_BYTES + length, bytes.length))) {
            throw broken("its SHA-256 is not the one written at its end");
        }
        state = ByteBuffer.wrap(bytes, HEAD_BYTES, length);
    }

    /** The error to throw where what was read makes no sense. */
    public UserError broken(String why) {
        return new UserError("snapshot " + name + ": " + why);
    }

    /** Bytes of state not read yet. */
    public int remaining() {
        return state.remaining();
    }

    /** Expects the part that {@link SnapshotWriter#section} began under this name. */
    public void section(String expected) {
        try {
            byte[] found = new byte[Math.min(state.getShort() & 0xffff, state.remaining())];
            state.get(found);
            String text = new String(found, StandardCharsets.UTF_8);
            if (!text.equals(expected)) {
                throw broken("a part other than '" + expected + "' where that was expected");
            }
        } catch (BufferUnderflowException e) {
            throw ended(e);
        }
    }

    /** Expects the end of the state. */
    public void end() {
        if (state.hasRemaining()) {
            throw broken(state.remaining() + " bytes too many");
        }
    }

    public int takeInt() {
        try {
            return state.getInt();
        } catch (BufferUnderflowException e) {
            throw ended(e);
        }
    }

    public long takeLong() {
        try {
            return state.getLong();
        } catch (BufferUnderflowException e) {
            throw ended(e);
        }
    }

    public double takeDouble() {
        return Double.longBitsToDouble(takeLong());
    }

    /** A number of a known range; NaN is in none. */
    public double number(String what, double least, double most) {
        double value = takeDouble();
        if (!(value >= least && value <= most)) {
            throw broken(what + " is " + value + "; expected " + least + " to " + most);
        }
        return value;
    }

    /** A whole number of a known range. */
    public long wholeNumber(String what, long least, long most) {
        long value = takeLong();
        if (value < least || value > most) {
            throw broken(what + " is " + value + "; expected " + least + " to " + most);
        }
        return value;
    }

    /** A whole number of 32 bits and a known range. */
    public int wholeNumberInt(String what, int least, int most) {
        int value = takeInt();
        if (value < least || value > most) {
            throw broken(what + " is " + value + "; expected " + least + " to " + most);
        }
        return value;
    }

    public int[] takeInts() {
        int[] values = new int[length(Integer.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = takeInt();
        }
        return values;
    }

    public long[] takeLongs() {
        long[] values = new long[length(Long.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = takeLong();
        }
        return values;
    }

    public double[] takeDoubles() {
        double[] values = new double[length(Double.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = takeDouble();
        }
        return values;
    }

    /** No longer than what is there, so that a false length asks for no memory. */
    private int length(int bytesEach) {
        return wholeNumberInt("length of a list", 0, Math.max(0, (state.remaining() - Integer.BYTES) / bytesEach));
    }

    private UserError ended(BufferUnderflowException e) {
        return new UserError("snapshot " + name + ": it ends within its state", e);
    }
}
