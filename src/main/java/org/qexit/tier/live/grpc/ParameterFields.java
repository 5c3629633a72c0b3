package org.qexit.tier.live.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.qexit.tier.live.inference.Parameters;
import org.qexit.tier.live.inference.Refusal;

/**
 * {@code map<string, InferParameter>}: bool_param = 1, int64_param = 2, string_param = 3, double_param = 4, uint64_param = 5, one of them.
 */
final class ParameterFields {
    private ParameterFields() {}

    /** Reads one entry of the map. */
    static void take(CodedInputStream in, Map<String, Object> into) throws IOException {
        String[] key = {""};
        Object[] value = new Object[1];
        Fields.nested(in, (tag, entry) -> {
            if (tag == Fields.delimited(1)) {
                key[0] = entry.readStringRequireUtf8();
            } else if (tag == Fields.delimited(2)) {
                Fields.nested(entry, (field, choice) -> value(field, choice, value));
            } else {
                return false;
            }
            return true;
        });
        if (value[0] == null) {
            throw Refusal.malformed("a parameter has no value that is known here");
        }
        into.put(key[0], value[0]);
    }

    private static boolean value(int tag, CodedInputStream in, Object[] value) throws IOException {
        if (tag == Fields.varint(1)) {
            value[0] = in.readBool();
        } else if (tag == Fields.varint(2)) {
            value[0] = in.readInt64();
        } else if (tag == Fields.delimited(3)) {
            value[0] = in.readStringRequireUtf8();
        } else if (tag == Fields.fixed64(4)) {
            value[0] = in.readDouble();
        } else if (tag == Fields.varint(5)) {
            long unsigned = in.readUInt64();
            if (unsigned < 0) {
                throw Refusal.malformed("a parameter is larger than " + Long.MAX_VALUE);
            }
            value[0] = unsigned;
        } else {
            return false;
        }
        return true;
    }

    /** Writes all entries as field {@code number}. */
    static void put(CodedOutputStream out, int number, Parameters parameters) throws IOException {
        for (Map.Entry<String, Object> entry : new LinkedHashMap<>(parameters.values()).entrySet()) {
            Fields.message(out, number, pair -> {
                pair.writeString(1, entry.getKey());
                Fields.message(pair, 2, choice -> value(choice, entry.getValue()));
            });
        }
    }

    private static void value(CodedOutputStream out, Object value) throws IOException {
        if (value instanceof Boolean flag) {
            out.writeBool(1, flag);
        } else if (value instanceof Long whole) {
            out.writeInt64(2, whole);
        } else if (value instanceof String text) {
            out.writeString(3, text);
        } else if (value instanceof Double decimal) {
            out.writeDouble(4, decimal);
        } else {
            throw new IllegalStateException("no field for " + value.getClass());
        }
    }
}
