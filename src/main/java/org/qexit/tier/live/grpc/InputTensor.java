package org.qexit.tier.live.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qexit.common.UserError;
import org.qexit.tier.live.inference.DataType;
import org.qexit.tier.live.inference.Parameters;
import org.qexit.tier.live.inference.Refusal;
import org.qexit.tier.live.inference.Tensor;

/**
 * {@code InferInputTensor}: name = 1, datatype = 2, shape = 3, parameters = 4, contents = 5; of the contents int64_contents = 3,
 * uint_contents = 4 and fp32_contents = 6.
 */
final class InputTensor {
    private String name = "";
    private String datatype = "";
    private long[] shape = new long[0];
    private final Map<String, Object> parameters = new HashMap<>();
    /** Field number of the contents, 0 for none. */
    private int kind;

    private double[] numbers = new double[0];
    private int size;

    private InputTensor() {}

    static InputTensor read(CodedInputStream in) throws IOException {
        InputTensor tensor = new InputTensor();
        Fields.nested(in, tensor::take);
        return tensor;
    }

    private boolean take(int tag, CodedInputStream in) throws IOException {
        if (tag == Fields.delimited(1)) {
            name = in.readStringRequireUtf8();
        } else if (tag == Fields.delimited(2)) {
            datatype = in.readStringRequireUtf8();
        } else if (tag == Fields.varint(3)) {
            dimension(in);
        } else if (tag == Fields.delimited(3)) {
            packed(in, this::dimension);
        } else if (tag == Fields.delimited(4)) {
            ParameterFields.take(in, parameters);
        } else if (tag == Fields.delimited(5)) {
            Fields.nested(in, this::contents);
        } else {
            return false;
        }
        return true;
    }

    /** Reads one number. */
    @FunctionalInterface
    private interface One {
        void read(CodedInputStream in) throws IOException;
    }

    private static void packed(CodedInputStream in, One one) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        while (!in.isAtEnd()) {
            one.read(in);
        }
        in.popLimit(outer);
    }

    private void dimension(CodedInputStream in) throws IOException {
        if (shape.length == Tensor.MAX_RANK) {
            throw Refusal.malformed("a tensor has more than " + Tensor.MAX_RANK + " dimensions");
        }
        shape = Arrays.copyOf(shape, shape.length + 1);
        shape[shape.length - 1] = in.readInt64();
    }

    private boolean contents(int tag, CodedInputStream in) throws IOException {
        int number = tag >>> 3;
        if (kind != 0 && kind != number) {
            throw Refusal.malformed("a tensor has contents of several types");
        }
        kind = number;
        if (tag == Fields.delimited(3)) {
            packed(in, this::whole);
        } else if (tag == Fields.varint(3)) {
            whole(in);
        } else if (tag == Fields.delimited(4)) {
            packed(in, this::unsigned);
        } else if (tag == Fields.varint(4)) {
            unsigned(in);
        } else if (tag == Fields.delimited(6)) {
            packed(in, this::decimal);
        } else if (tag == Fields.fixed32(6)) {
            decimal(in);
        } else {
            return false;
        }
        return true;
    }

    private void whole(CodedInputStream in) throws IOException {
        add(in.readInt64());
    }

    private void unsigned(CodedInputStream in) throws IOException {
        add(Integer.toUnsignedLong(in.readUInt32()));
    }

    private void decimal(CodedInputStream in) throws IOException {
        add(in.readFloat());
    }

    private void add(double number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(16, 2 * size));
        }
        numbers[size++] = number;
    }

    /** @param raw its bytes, or null where they are among the contents */
    Tensor tensor(String where, ByteString raw) {
        new Parameters(parameters).checkKnown(where, Set.of());
        if (name.isBlank()) {
            throw Refusal.malformed(where + ": name is missing");
        }
        DataType type = DataType.of(where, UserError.shown(datatype));
        List<Integer> lengths = new ArrayList<>();
        for (long length : shape) {
            if (length < 0 || length > Integer.MAX_VALUE) {
                throw Refusal.malformed(where + ": shape is " + Arrays.toString(shape)
                        + "; expected dimensions from 0 to " + Integer.MAX_VALUE);
            }
            lengths.add((int) length);
        }
        int[] dimensions = lengths.stream().mapToInt(Integer::intValue).toArray();
        String shown = UserError.shown(name);
        if (raw != null) {
            if (kind != 0) {
                throw Refusal.malformed(where + ": has contents and raw_input_contents; expected one of the two");
            }
            return Tensor.of(shown, type, dimensions, raw.asReadOnlyByteBuffer());
        }
        int expected = switch (type) {
            case INT64 -> 3;
            case UINT8 -> 4;
            case FP32 -> 6;
        };
        if (kind != expected) {
            throw Refusal.malformed(where + ": has no contents for " + type);
        }
        return Tensor.of(shown, type, dimensions, Arrays.copyOf(numbers, size));
    }
}
