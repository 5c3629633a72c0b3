package org.qexit.onnx;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** ONNX files of a few nodes, written field by field without the program's own writer. */
public final class TinyOnnx {
    public static final int OPSET = 17;
    static final int FLOAT = 1;
    private static final int INT64 = 7;
    private static final int IR_VERSION = 8;
    private static final int INTS = 7;

    private TinyOnnx() {}

    /** Writes fields. */
    @FunctionalInterface
    public interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    public static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    public static byte[] model(byte[] graph, String domain) {
        return message(out -> {
            out.writeInt64(1, IR_VERSION);
            out.writeByteArray(7, graph);
            out.writeByteArray(8, message(o -> {
                o.writeString(1, domain);
                o.writeInt64(2, OPSET);
            }));
        });
    }

    public static byte[] node(String operator, String inputs, String outputs, byte[]... attributes) {
        return message(out -> {
            for (String input : inputs.split(" ")) {
                out.writeString(1, input);
            }
            for (String output : outputs.split(" ")) {
                out.writeString(2, output);
            }
            out.writeString(4, operator);
            for (byte[] attribute : attributes) {
                out.writeByteArray(5, attribute);
            }
        });
    }

    public static byte[] floats(String name, long[] dims, float... values) {
        return message(out -> {
            for (long d : dims) {
                out.writeInt64(1, d);
            }
            out.writeInt32(2, FLOAT);
            for (float value : values) {
                out.writeFloat(4, value);
            }
            out.writeString(8, name);
        });
    }

    public static byte[] longs(String name, long... values) {
        return message(out -> {
            out.writeInt64(1, values.length);
            out.writeInt32(2, INT64);
            for (long value : values) {
                out.writeInt64(INTS, value);
            }
            out.writeString(8, name);
        });
    }

    /** A float tensor's name and shape; a free dimension is null. */
    public static byte[] value(String name, Long... dims) {
        byte[] shape = message(out -> {
            for (Long d : dims) {
                out.writeByteArray(1, message(o -> {
                    if (d == null) {
                        o.writeString(2, "N");
                    } else {
                        o.writeInt64(1, d);
                    }
                }));
            }
        });
        byte[] tensor = message(out -> {
            out.writeInt32(1, FLOAT);
            out.writeByteArray(2, shape);
        });
        return message(out -> {
            out.writeString(1, name);
            out.writeByteArray(2, message(o -> o.writeByteArray(1, tensor)));
        });
    }

    /**
     * A stage that takes [N, 1, 2, 2]: confidence = sigmoid(scale * sum of its values), next_features = ReLU of its input.
     *
     * @param last whether it gives no features
     */
    public static byte[] stage(String input, boolean last, float scale) {
        return model(
                message(out -> {
                    if (!last) {
                        out.writeByteArray(1, node("Relu", input, "next_features"));
                    }
                    out.writeByteArray(1, node("Flatten", input, "flat"));
                    out.writeByteArray(1, node("MatMul", "flat w", "logit"));
                    out.writeByteArray(1, node("Sigmoid", "logit", "column"));
                    out.writeByteArray(1, node("Squeeze", "column axes", "confidence"));
                    out.writeString(2, "stage");
                    out.writeByteArray(5, floats("w", new long[] {4, 1}, scale, scale, scale, scale));
                    out.writeByteArray(5, longs("axes", 1));
                    out.writeByteArray(11, value(input, null, 1L, 2L, 2L));
                    if (!last) {
                        out.writeByteArray(12, value("next_features", null, 1L, 2L, 2L));
                    }
                    out.writeByteArray(12, value("confidence", (Long) null));
                }),
                "");
    }
}
