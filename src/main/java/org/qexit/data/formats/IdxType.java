package org.qexit.data.formats;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Element types of an IDX file: the third byte of its magic number. Values are big endian. */
public enum IdxType {
    UBYTE(0x08, 1),
    BYTE(0x09, 1),
    SHORT(0x0b, 2),
    INT(0x0c, 4),
    FLOAT(0x0d, 4),
    DOUBLE(0x0e, 8);

    final int code;
    public final int bytes;

    IdxType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    static Optional<IdxType> of(int code) {
        return Arrays.stream(values()).filter(t -> t.code == code).findFirst();
    }

    static String codes() {
        return Arrays.stream(values())
                .map(t -> String.format(
                        Locale.ROOT, "0x%02x (%s)", t.code, t.name().toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining(", "));
    }

    public boolean isWhole() {
        return this != FLOAT && this != DOUBLE;
    }

    /** The value at an index, exactly: every type fits a double. */
    double value(ByteBuffer buffer, int index) {
        return switch (this) {
            case UBYTE -> buffer.get(index) & 0xff;
            case BYTE -> buffer.get(index);
            case SHORT -> buffer.getShort(2 * index);
            case INT -> buffer.getInt(4 * index);
            case FLOAT -> buffer.getFloat(4 * index);
            case DOUBLE -> buffer.getDouble(8 * index);
        };
    }
}
