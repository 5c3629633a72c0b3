package org.qexit.onnx.graph;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.qexit.common.UserError;

/**
 * Reads models as {@link OnnxWriter} writes them, and those of other exporters: the graph and the version of the standard operators. The
 * numbers are the field numbers of onnx.proto. What cannot be carried over is refused, never dropped: graphs within graphs, tensors of text.
 */
final class ModelReader {
    private final String name;
    private final TensorReader tensors;

    ModelReader(String name) {
        this.name = name;
        this.tensors = new TensorReader(name);
    }

    /** Reads fields of one message, told the tag of each. */
    @FunctionalInterface
    interface Field {
        void read(int tag) throws IOException;
    }

    OnnxModel read(byte[] bytes) {
        try {
            return model(CodedInputStream.newInstance(bytes));
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(name + ": not an ONNX file: " + UserError.shown(String.valueOf(e.getMessage())), e);
        }
    }

    private OnnxModel model(CodedInputStream in) throws IOException {
        long[] versions = {0, 0};
        OnnxGraph[] graph = new OnnxGraph[1];
        fields(in, tag -> {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> versions[0] = in.readInt64();
                case 7 -> graph[0] = inside(in, () -> graph(in));
                case 8 -> versions[1] = Math.max(versions[1], inside(in, () -> opset(in)));
                default -> in.skipField(tag);
            }
        });
        if (graph[0] == null) {
            throw new UserError(name + ": holds no graph; expected an ONNX file");
        }
        return new OnnxModel(versions[0], versions[1], "", "", graph[0], Map.of());
    }

    /** The version of the standard operators; 0 for another domain's. */
    private static long opset(CodedInputStream in) throws IOException {
        String[] domain = {""};
        long[] version = {0};
        fields(in, tag -> {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> domain[0] = in.readStringRequireUtf8();
                case 2 -> version[0] = in.readInt64();
                default -> in.skipField(tag);
            }
        });
        return domain[0].isEmpty() || domain[0].equals("ai.onnx") ? version[0] : 0;
    }

    private OnnxGraph graph(CodedInputStream in) throws IOException {
        String[] own = {""};
        List<OnnxNode> nodes = new ArrayList<>();
        List<OnnxTensor> initialisers = new ArrayList<>();
        List<OnnxValue> inputs = new ArrayList<>();
        List<OnnxValue> outputs = new ArrayList<>();
        fields(in, tag -> {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> nodes.add(inside(in, () -> node(in)));
                case 2 -> own[0] = in.readStringRequireUtf8();
                case 5 -> initialisers.add(inside(in, () -> tensors.read(in)));
                case 11 -> inputs.add(inside(in, () -> value(in)));
                case 12 -> outputs.add(inside(in, () -> value(in)));
                default -> in.skipField(tag);
            }
        });
        return new OnnxGraph(own[0], nodes, initialisers, inputs, outputs);
    }

    private OnnxNode node(CodedInputStream in) throws IOException {
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        String[] texts = {"", "", ""};
        List<Attribute> attributes = new ArrayList<>();
        fields(in, tag -> {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> inputs.add(in.readStringRequireUtf8());
                case 2 -> outputs.add(in.readStringRequireUtf8());
                case 3 -> texts[0] = in.readStringRequireUtf8();
                case 4 -> texts[1] = in.readStringRequireUtf8();
                case 5 -> attributes.add(inside(in, () -> new AttributeReader(name, tensors, in).read()));
                case 7 -> texts[2] = in.readStringRequireUtf8();
                default -> in.skipField(tag);
            }
        });
        String domain = texts[2].equals("ai.onnx") ? "" : texts[2];
        return new OnnxNode(texts[1], domain, texts[0], inputs, outputs, attributes);
    }

    private static OnnxValue value(CodedInputStream in) throws IOException {
        String[] own = {""};
        OnnxValue[] told = {OnnxValue.untold("")};
        fields(in, tag -> {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> own[0] = in.readStringRequireUtf8();
                case 2 -> told[0] = inside(in, () -> type(in));
                default -> in.skipField(tag);
            }
        });
        return new OnnxValue(own[0], told[0].type(), told[0].dims());
    }

    private static OnnxValue type(CodedInputStream in) throws IOException {
        OnnxValue[] told = {OnnxValue.untold("")};
        fields(in, tag -> {
            if (WireFormat.getTagFieldNumber(tag) == 1) {
                told[0] = inside(in, () -> tensorType(in));
            } else {
                in.skipField(tag);
            }
        });
        return told[0];
    }

    private static OnnxValue tensorType(CodedInputStream in) throws IOException {
        ElementType[] type = {null};
        List<String> dims = new ArrayList<>();
        boolean[] shaped = {false};
        fields(in, tag -> {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> type[0] = ElementType.of(in.readInt64());
                case 2 -> {
                    shaped[0] = true;
                    inside(in, () -> {
                        fields(in, inner -> {
                            if (WireFormat.getTagFieldNumber(inner) == 1) {
                                dims.add(inside(in, () -> dimension(in)));
                            } else {
                                in.skipField(inner);
                            }
                        });
                        return null;
                    });
                }
                default -> in.skipField(tag);
            }
        });
        return new OnnxValue("", type[0], shaped[0] ? dims : null);
    }

    /** A size above 0, or "?" for a free one, by whatever name. */
    private static String dimension(CodedInputStream in) throws IOException {
        long[] size = {0};
        fields(in, tag -> {
            if (WireFormat.getTagFieldNumber(tag) == 1) {
                size[0] = in.readInt64();
            } else {
                in.skipField(tag);
            }
        });
        return size[0] > 0 ? Long.toString(size[0]) : "?";
    }

    static void fields(CodedInputStream in, Field field) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            field.read(tag);
        }
    }

    /** What stands in a message within the message. */
    @FunctionalInterface
    interface Message<T> {
        T read() throws IOException;
    }

    static <T> T inside(CodedInputStream in, Message<T> message) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        T value = message.read();
        in.popLimit(outer);
        return value;
    }
}
