package org.qexit.data.formats;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** An array of one of NumPy's files. */
public final class NpyArray {
    private final NpyType type;
    private final int[] dims;
    private final boolean columnsFirst;
    private final int itemBytes;
    private final ByteBuffer elements;

    NpyArray(NpyType type, int[] dims, boolean columnsFirst, int itemBytes, ByteBuffer elements) {
        this.type = type;
        this.dims = dims.clone();
        this.columnsFirst = columnsFirst;
        this.itemBytes = itemBytes;
        this.elements = elements;
    }

    /** Sizes of the dimensions; none of a single number. */
    public int[] dims() {
        return dims.clone();
    }

    public boolean isText() {
        return type == NpyType.TEXT;
    }

    public boolean isWhole() {
        return type != NpyType.TEXT && type != NpyType.F2 && type != NpyType.F4 && type != NpyType.F8;
    }

    /** A number by its place, one index for each dimension; 8-byte integers beyond 2^53 are rounded. */
    public double number(int... place) {
        return type.value(elements, offset(place));
    }

    /** A text by its place; zeros at its end do not belong to it. */
    public String text(int... place) {
        int at = offset(place);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < itemBytes; i += 4) {
            int point = elements.order() == ByteOrder.BIG_ENDIAN
                    ? elements.getInt(at + i)
                    : Integer.reverseBytes(elements.duplicate().getInt(at + i));
            if (point == 0) {
                break;
            }
            text.appendCodePoint(Character.isValidCodePoint(point) ? point : 0xfffd);
        }
        return text.toString();
    }

    private int offset(int... place) {
        long index = 0;
        for (int i = 0; i < dims.length; i++) {
            int d = columnsFirst ? dims.length - 1 - i : i;
            index = index * dims[d] + place[d];
        }
        return (int) (index * itemBytes);
    }
}
