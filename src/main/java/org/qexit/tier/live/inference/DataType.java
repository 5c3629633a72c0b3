package org.qexit.tier.live.inference;

/** Types of a tensor's elements that services here take and give. */
public enum DataType {
    UINT8(1),
    INT64(8),
    FP32(4);

    private final int bytes;

    DataType(int bytes) {
        this.bytes = bytes;
    }

    /** Of one element. */
    public int bytes() {
        return bytes;
    }

    /** @throws Refusal if it is none of these */
    public static DataType of(String where, String name) {
        for (DataType type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        throw Refusal.malformed(where + ": datatype is '" + name + "'; expected UINT8, INT64 or FP32");
    }
}
