package org.qexit.data.formats;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How a signal file writes its samples: signal(5) of the WFDB manual. The least value of each coding marks a sample that is not valid. */
enum WfdbCoding {
    /** Eight bits, 128 for 0. */
    OFFSET_BINARY("80", 8, -128) {
        @Override
        int value(byte[] bytes, int offset, long index) {
            return (bytes[Math.toIntExact(offset + index)] & 0xff) - 128;
        }
    },
    /** Two's complement of 16 bits, low byte first. */
    LOW_BYTE_FIRST("16", 16, Short.MIN_VALUE) {
        @Override
        int value(byte[] bytes, int offset, long index) {
            int at = Math.toIntExact(offset + 2 * index);
            return bytes[at] & 0xff | bytes[at + 1] << 8;
        }
    },
    /** Two's complement of 16 bits, high byte first. */
    HIGH_BYTE_FIRST("61", 16, Short.MIN_VALUE) {
        @Override
        int value(byte[] bytes, int offset, long index) {
            int at = Math.toIntExact(offset + 2 * index);
            return bytes[at + 1] & 0xff | bytes[at] << 8;
        }
    },
    /** Two's complement of 12 bits, two samples in three bytes. */
    TWELVE_BITS("212", 12, -2048) {
        @Override
        int value(byte[] bytes, int offset, long index) {
            int at = Math.toIntExact(offset + index / 2 * 3);
            int value = index % 2 == 0
                    ? (bytes[at] & 0xff) | (bytes[at + 1] & 0x0f) << 8
                    : (bytes[at + 2] & 0xff) | (bytes[at + 1] & 0xf0) << 4;
            return value << 20 >> 20;
        }
    };

    private final String number;
    private final int bits;
    private final int invalid;

    WfdbCoding(String number, int bits, int invalid) {
        this.number = number;
        this.bits = bits;
        this.invalid = invalid;
    }

    /** The coding with this number, or null. */
    static WfdbCoding of(String number) {
        return Arrays.stream(values())
                .filter(c -> c.number.equals(number))
                .findFirst()
                .orElse(null);
    }

    static String words() {
        return Arrays.stream(values()).map(c -> c.number).collect(Collectors.joining(", "));
    }

    /** Value {@code index} of all signals of the file, whose samples begin at {@code offset}. */
    abstract int value(byte[] bytes, int offset, long index);

    boolean isInvalid(int value) {
        return value == invalid;
    }

    /** Bytes that this many values take. */
    long bytes(long values) {
        return (values * bits + 7) / 8;
    }

    /** Values that this many bytes hold. */
    long valuesIn(long bytes) {
        return bytes * 8 / bits;
    }

    String number() {
        return number;
    }
}
