package org.qexit.data.formats;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Types of elements in NumPy's files. */
enum NpyType {
    F2("f", 2) {
        @Override
        double value(ByteBuffer from, int at) {
            return half(from.getShort(at));
        }
    },
    F4("f", 4) {
        @Override
        double value(ByteBuffer from, int at) {
            return from.getFloat(at);
        }
    },
    F8("f", 8) {
        @Override
        double value(ByteBuffer from, int at) {
            return from.getDouble(at);
        }
    },
    I1("i", 1) {
        @Override
        double value(ByteBuffer from, int at) {
            return from.get(at);
        }
    },
    I2("i", 2) {
        @Override
        double value(ByteBuffer from, int at) {
            return from.getShort(at);
        }
    },
    I4("i", 4) {
        @Override
        double value(ByteBuffer from, int at) {
            return from.getInt(at);
        }
    },
    I8("i", 8) {
        @Override
        double value(ByteBuffer from, int at) {
            return from.getLong(at);
        }
    },
    U1("u", 1) {
        @Override
        double value(ByteBuffer from, int at) {
            return from.get(at) & 0xff;
        }
    },
    U2("u", 2) {
        @Override
        double value(ByteBuffer from, int at) {
            return from.getShort(at) & 0xffff;
        }
    },
    U4("u", 4) {
        @Override
        double value(ByteBuffer from, int at) {
            return from.getInt(at) & 0xffff_ffffL;
        }
    },
    U8("u", 8) {
        @Override
        double value(ByteBuffer from, int at) {
            long bits = from.getLong(at);
            return bits >= 0 ? bits : 2.0 * (bits >>> 1);
        }
    },
    B1("b", 1) {
        @Override
        double value(ByteBuffer from, int at) {
            return from.get(at) == 0 ? 0 : 1;
        }
    },
    /** Of any width: four bytes for each character. */
    TEXT("U", 0) {
        @Override
        double value(ByteBuffer from, int at) {
            return Double.NaN;
        }
    };

    final int bytes;
    private final String kind;

    NpyType(String kind, int bytes) {
        this.kind = kind;
        this.bytes = bytes;
    }

    /** Of an element that begins at a byte. */
    abstract double value(ByteBuffer from, int at);

    static Optional<NpyType> of(String kind, int bytes) {
        return Arrays.stream(values())
                .filter(type -> type.kind.equals(kind) && (type == TEXT || type.bytes == bytes))
                .findFirst();
    }

    /** IEEE 754 binary16: sign, five bits of exponent with bias 15, ten of fraction. */
    private static double half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        double size = exponent == 0
                ? Math.scalb((double) fraction, -24)
                : exponent == 31
                        ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                        : Math.scalb(1024.0 + fraction, exponent - 25);
        return bits < 0 ? -size : size;
    }
}
