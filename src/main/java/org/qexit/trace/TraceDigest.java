package org.qexit.trace;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.qexit.common.Checks;
import org.qexit.common.Json;

/**
 * SHA-256 of a trace's contents, row by row, whatever the file's encoding. The bytes, integers big-endian: "qexit.digest/1"; the
 * metadata's text (int32 length, UTF-8 bytes; length 0 if there is none); int32 L; then for each row 1, int32 length and UTF-8
 * bytes of the device if it is another than in the row before, else 0; int64 event; one byte label; L float32 scores. With class and
 * source, or several classes: "qexit.digest/2"; after L int32 K (0 without classes) and one byte, 1 with class and source; L·K scores;
 * after them int32 class, int32 length and UTF-8 bytes of the source.
 */
public final class TraceDigest {
    /** Key of {@link Stored} in a Parquet file's metadata. */
    public static final String KEY = "qexit.digest";

    private static final int BUFFER = 1 << 16;

    private final MessageDigest sha256;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private final boolean origins;
    private String device;
    private long rows;

    /**
     * What a file says of its contents.
     *
     * @param rows number of rows
     * @param sha256 digest, 64 hexadecimal digits
     */
    record Stored(long rows, String sha256) {
        Stored {
            Checks.nonNegative("rows", rows);
            Checks.notBlank("sha256", sha256);
        }

        /** What differs from what was written, or null. */
        String difference(Stored written) {
            if (rows != written.rows) {
                return "has " + rows + " events; " + written.rows + " were written";
            }
            return equals(written) ? null : "its contents are not those that were written (SHA-256 differs)";
        }
    }

    /**
     * Of a trace of confidences.
     *
     * @param metadata text of the file's metadata, or ""
     * @param origins whether rows have class and source
     */
    public static TraceDigest of(String metadata, int exits, boolean origins) {
        return new TraceDigest(metadata, new TraceColumns(exits, 0, origins));
    }

    /**
     * What differs from what a file says of its contents, or null; call it once, after the last row.
     *
     * @param place where that stands
     * @param note the text of its {@value #KEY}
     */
    public String difference(String place, String note) {
        return stored().difference(Json.parse(place, note, Stored.class));
    }

    /** @param metadata text of the file's metadata, or "" */
    TraceDigest(String metadata, TraceColumns columns) {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
        boolean plain = columns.classes() == 0 && !columns.origins();
        sha256.update((plain ? "qexit.digest/1" : "qexit.digest/2").getBytes(StandardCharsets.UTF_8));
        text(metadata);
        buffer.putInt(columns.exits());
        if (!plain) {
            buffer.putInt(columns.classes()).put((byte) (columns.origins() ? 1 : 0));
        }
        this.origins = columns.origins();
    }

    /** A row; class and source only count where the columns are there. */
    public void row(String ofDevice, long event, int label, float[] scores, int classId, String source) {
        room(Byte.BYTES);
        if (ofDevice.equals(device)) {
            buffer.put((byte) 0);
        } else {
            buffer.put((byte) 1);
            text(ofDevice);
            device = ofDevice;
        }
        room(Long.BYTES + Byte.BYTES);
        buffer.putLong(event).put((byte) label);
        for (float score : scores) {
            room(Float.BYTES);
            buffer.putFloat(score);
        }
        if (origins) {
            room(Integer.BYTES);
            buffer.putInt(classId);
            text(source);
        }
        rows++;
    }

    /** The digest of all rows so far; call it once. */
    Stored stored() {
        flush();
        return new Stored(rows, HexFormat.of().formatHex(sha256.digest()));
    }

    private void text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        room(Integer.BYTES);
        buffer.putInt(bytes.length);
        if (bytes.length > BUFFER / 2) {
            flush();
            sha256.update(bytes);
        } else {
            room(bytes.length);
            buffer.put(bytes);
        }
    }

    private void room(int bytes) {
        if (buffer.remaining() < bytes) {
            flush();
        }
    }

    private void flush() {
        sha256.update(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}
