package org.qexit.data.formats;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The content of an IDX file, cut along its first dimension. A file of one dimension is one row.
 *
 * @param file where it came from, for messages
 * @param type element type
 * @param dims sizes of the dimensions, slowest first
 * @param rows raw big-endian elements, {@code [row][bytes]}
 * @param sha256 SHA-256 of the unzipped file
 */
public record IdxArray(Path file, IdxType type, int[] dims, byte[][] rows, String sha256) {
    /** Bytes before the first element. */
    int headerBytes() {
        return 4 + 4 * dims.length;
    }

    /** Elements per row. */
    public int rowLength() {
        return rows.length == 0 ? 0 : rows[0].length / type.bytes;
    }

    /** Offset of an element in the unzipped file. */
    long offset(int row, int index) {
        return headerBytes() + ((long) row * rowLength() + index) * type.bytes;
    }

    /** Elements of a row. */
    public double[] values(int row) {
        ByteBuffer buffer = ByteBuffer.wrap(rows[row]);
        double[] values = new double[rows[row].length / type.bytes];
        for (int i = 0; i < values.length; i++) {
            values[i] = type.value(buffer, i);
        }
        return values;
    }
}
