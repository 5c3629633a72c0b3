package org.qexit.onnx.graph;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes models as onnx.proto says; the numbers are its field numbers. The same model gives the same bytes. */
final class OnnxWriter {
    private OnnxWriter() {}

    /** Writes the fields of one message. */
    @FunctionalInterface
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    static byte[] write(OnnxModel model) {
        return message(out -> {
            out.writeInt64(1, model.irVersion());
            out.writeString(2, model.producer());
            out.writeString(3, model.producerVersion());
            out.writeByteArray(7, graph(model.graph()));
            out.writeByteArray(8, message(set -> set.writeInt64(2, model.opset())));
            for (var entry : model.metadata().entrySet()) {
                out.writeByteArray(14, message(pair -> {
                    pair.writeString(1, entry.getKey());
                    pair.writeString(2, entry.getValue());
                }));
            }
        });
    }

    private static byte[] graph(OnnxGraph graph) {
        return message(out -> {
            for (OnnxNode node : graph.nodes()) {
                out.writeByteArray(1, node(node));
            }
            out.writeString(2, graph.name());
            for (OnnxTensor tensor : graph.initialisers()) {
                out.writeByteArray(5, tensor(tensor));
            }
            writeValues(out, 11, graph.inputs());
            writeValues(out, 12, graph.outputs());
        });
    }

    private static byte[] node(OnnxNode node) {
        return message(out -> {
            for (String input : node.inputs()) {
                out.writeString(1, input);
            }
            for (String output : node.outputs()) {
                out.writeString(2, output);
            }
            out.writeString(3, node.name());
            out.writeString(4, node.operator());
            for (Attribute attribute : node.attributes()) {
                out.writeByteArray(5, attribute(attribute));
            }
            if (!node.domain().isEmpty()) {
                out.writeString(7, node.domain());
            }
        });
    }

    private static byte[] attribute(Attribute attribute) {
        return message(out -> {
            out.writeString(1, attribute.name());
            if (attribute instanceof Attribute.Real real) {
                out.writeFloat(2, real.value());
                out.writeEnum(20, 1);
            } else if (attribute instanceof Attribute.Int number) {
                out.writeInt64(3, number.value());
                out.writeEnum(20, 2);
            } else if (attribute instanceof Attribute.Text text) {
                out.writeString(4, text.value());
                out.writeEnum(20, 3);
            } else if (attribute instanceof Attribute.Constant constant) {
                out.writeByteArray(5, tensor(constant.tensor()));
                out.writeEnum(20, 4);
            } else if (attribute instanceof Attribute.Subgraph branch) {
                out.writeByteArray(6, graph(branch.graph()));
                out.writeEnum(20, 5);
            } else if (attribute instanceof Attribute.Ints numbers) {
                for (long value : numbers.values()) {
                    out.writeInt64(8, value);
                }
                out.writeEnum(20, 7);
            } else if (attribute instanceof Attribute.Reals numbers) {
                for (float value : numbers.values()) {
                    out.writeFloat(7, value);
                }
                out.writeEnum(20, 6);
            } else if (attribute instanceof Attribute.Texts texts) {
                for (String value : texts.values()) {
                    out.writeString(9, value);
                }
                out.writeEnum(20, 8);
            } else {
                throw new IllegalStateException("attribute '" + attribute.name() + "' of a kind that is not written");
            }
        });
    }

    private static byte[] tensor(OnnxTensor tensor) {
        return message(out -> {
            for (long extent : tensor.dims()) {
                out.writeInt64(1, extent);
            }
            out.writeInt32(2, tensor.type().number());
            out.writeString(8, tensor.name());
            out.writeByteArray(9, tensor.raw());
        });
    }

    private static void writeValues(CodedOutputStream out, int field, List<OnnxValue> values) throws IOException {
        for (OnnxValue value : values) {
            if (value.type() == null) {
                out.writeByteArray(field, message(info -> info.writeString(1, value.name())));
                continue;
            }
            byte[] tensorType = message(type -> {
                type.writeInt32(1, value.type().number());
                // A value may have a type and no shape.
                if (value.dims() != null) {
                    type.writeByteArray(2, shape(value.dims()));
                }
            });
            out.writeByteArray(field, message(info -> {
                info.writeString(1, value.name());
                info.writeByteArray(2, message(type -> type.writeByteArray(1, tensorType)));
            }));
        }
    }

    private static byte[] shape(List<String> extents) {
        return message(dims -> {
            for (String extent : extents) {
                dims.writeByteArray(1, message(dim -> {
                    if (Character.isDigit(extent.charAt(0))) {
                        dim.writeInt64(1, Long.parseLong(extent));
                    } else {
                        dim.writeString(2, extent);
                    }
                }));
            }
        });
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("an array refused to grow", e);
        }
        return bytes.toByteArray();
    }
}
