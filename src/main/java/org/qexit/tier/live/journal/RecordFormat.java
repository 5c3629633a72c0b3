package org.qexit.tier.live.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The bytes of a segment, all numbers big endian. First the segment's header,
 *
 * <pre>
 *   0  8  "qexlog/1"
 *   8  8  salt, a random number
 *  16  8  number of the segment's first record
 *  24  4  CRC32C of the 24 bytes before
 * </pre>
 *
 * then records,
 *
 * <pre>
 *   0  4  marker "QXLR"
 *   4  4  n, length of the payload; -1 for the mark that a log was closed, which is no record and has no number of its own
 *   8  8  the record's number, one more than that of the record before
 *  16  8  every record below this number was on disk before this one was written
 *  24  4  CRC32C of the salt, bytes 4 to 23 and the payload
 *  28  n  payload
 * </pre>
 *
 * The salt keeps payloads, which come from anywhere, from looking like records. The third number tells an end that was cut off from a
 * damaged middle: a batch is written only when those before it are on disk, so whatever is unreadable below it was readable once.
 */
final class RecordFormat {
    static final int SEGMENT_HEADER = 28;
    static final int HEADER = 28;
    static final int MARKER = 0x51584c52;
    static final int CLOSED = -1;
    private static final byte[] MAGIC = "qexlog/1".getBytes(StandardCharsets.US_ASCII);

    private RecordFormat() {}

    static byte[] segmentHeader(long salt, long first) {
        ByteBuffer header =
                ByteBuffer.allocate(SEGMENT_HEADER).put(MAGIC).putLong(salt).putLong(first);
        CRC32C crc = new CRC32C();
        crc.update(header.array(), 0, header.position());
        return header.putInt((int) crc.getValue()).array();
    }

    /** Whether these are a header's bytes, of a segment whose first record is {@code first}. */
    static boolean isSegmentHeader(byte[] header, long first) {
        ByteBuffer buffer = ByteBuffer.wrap(header);
        long salt = buffer.getLong(MAGIC.length);
        return Arrays.equals(segmentHeader(salt, first), header);
    }

    static long salt(byte[] segmentHeader) {
        return ByteBuffer.wrap(segmentHeader).getLong(MAGIC.length);
    }

    /** A record's first {@link #HEADER} bytes; {@code length} is {@link #CLOSED} for the mark, whose payload is empty. */
    static byte[] header(long salt, int length, long number, long forced, byte[] payload) {
        ByteBuffer header = ByteBuffer.allocate(HEADER)
                .putInt(MARKER)
                .putInt(length)
                .putLong(number)
                .putLong(forced);
        return header.putInt(crc(salt, header.array(), payload, 0, payload.length))
                .array();
    }

    /** The checksum that a record of this header and this payload must have. */
    static int crc(long salt, byte[] header, byte[] payload, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(salt).flip());
        crc.update(header, Integer.BYTES, HEADER - 2 * Integer.BYTES);
        crc.update(payload, offset, length);
        return (int) crc.getValue();
    }

    /** What a header says, checked or not. */
    record Header(int marker, int length, long number, long forced, int crc) {
        static Header of(byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new Header(
                    buffer.getInt(0), buffer.getInt(4), buffer.getLong(8), buffer.getLong(16), buffer.getInt(24));
        }

        boolean closes() {
            return length == CLOSED;
        }

        /** Bytes of payload that follow. */
        int payload() {
            return closes() ? 0 : length;
        }
    }
}
