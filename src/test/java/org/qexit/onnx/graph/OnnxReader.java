package org.qexit.onnx.graph;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what {@link OnnxWriter} writes; unknown fields are passed over, but data outside the file, functions and other tensor encodings
 * than raw bytes are refused, as nobody could check them here. Lengths are those of the bytes at hand, so that a lying one ends in a
 * refusal and not in a large array; graphs nest at most {@value #MOST_NESTED} deep.
 */
final class OnnxReader {
    private static final int MOST_NESTED = 128;

    private OnnxReader() {}

    /** Takes one field of a message; says whether it was one. */
    @FunctionalInterface
    private interface Field {
        boolean read(int number, CodedInputStream in) throws IOException;
    }

    static OnnxModel read(byte[] bytes) {
        long[] versions = new long[2];
        String[] producer = {"", ""};
        OnnxGraph[] graph = new OnnxGraph[1];
        Map<String, String> metadata = new LinkedHashMap<>();
        try {
            message(bytes, (number, in) -> {
                switch (number) {
                    case 1 -> versions[0] = in.readInt64();
                    case 2 -> producer[0] = in.readString();
                    case 3 -> producer[1] = in.readString();
                    case 7 -> graph[0] = graph(in.readByteArray(), 0);
                    case 8 -> opset(in.readByteArray(), versions);
                    case 14 -> {
                        String[] pair = {"", ""};
                        message(in.readByteArray(), (n, entry) -> texts(n, entry, pair));
                        metadata.put(pair[0], pair[1]);
                    }
                    case 20, 25 -> throw new IllegalArgumentException("functions or training graphs; expected none");
                    default -> {
                        return false;
                    }
                }
                return true;
            });
        } catch (IOException e) {
            throw new IllegalArgumentException("not an ONNX model: " + e.getMessage(), e);
        }
        if (graph[0] == null || versions[0] == 0 || versions[1] == 0) {
            throw new IllegalArgumentException("not an ONNX model: no graph, no version or no operator set");
        }
        return new OnnxModel(versions[0], versions[1], producer[0], producer[1], graph[0], metadata);
    }

    private static void opset(byte[] bytes, long[] versions) throws IOException {
        message(bytes, (number, in) -> {
            switch (number) {
                case 1 -> {
                    String domain = in.readString();
                    if (!domain.isEmpty() && !domain.equals("ai.onnx")) {
                        throw new IllegalArgumentException(
                                "operators of domain '" + domain + "'; expected standard ones");
                    }
                }
                case 2 -> versions[1] = in.readInt64();
                default -> {
                    return false;
                }
            }
            return true;
        });
    }

    private static OnnxGraph graph(byte[] bytes, int depth) throws IOException {
        if (depth > MOST_NESTED) {
            throw new IllegalArgumentException("graphs nested deeper than " + MOST_NESTED);
        }
        String[] name = {""};
        List<OnnxNode> nodes = new ArrayList<>();
        List<OnnxTensor> initialisers = new ArrayList<>();
        List<OnnxValue> inputs = new ArrayList<>();
        List<OnnxValue> outputs = new ArrayList<>();
        message(bytes, (number, in) -> {
            switch (number) {
                case 1 -> nodes.add(node(in.readByteArray(), depth));
                case 2 -> name[0] = in.readString();
                case 5 -> initialisers.add(tensor(in.readByteArray()));
                case 11 -> inputs.add(value(in.readByteArray()));
                case 12 -> outputs.add(value(in.readByteArray()));
                case 15 -> throw new IllegalArgumentException("sparse initialisers; expected none");
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new OnnxGraph(name[0], nodes, initialisers, inputs, outputs);
    }

    private static OnnxNode node(byte[] bytes, int depth) throws IOException {
        String[] texts = {"", "", ""};
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        List<Attribute> attributes = new ArrayList<>();
        message(bytes, (number, in) -> {
            switch (number) {
                case 1 -> inputs.add(in.readString());
                case 2 -> outputs.add(in.readString());
                case 3 -> texts[0] = in.readString();
                case 4 -> texts[1] = in.readString();
                case 5 -> attributes.add(attribute(in.readByteArray(), depth));
                case 7 -> texts[2] = in.readString();
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new OnnxNode(texts[1], texts[2], texts[0], inputs, outputs, attributes);
    }

    private static Attribute attribute(byte[] bytes, int depth) throws IOException {
        String[] name = {"", ""};
        long[] whole = {0, 0};
        float[] real = {0};
        List<Long> list = new ArrayList<>();
        Object[] nested = new Object[1];
        message(bytes, (number, in) -> {
            switch (number) {
                case 1 -> name[0] = in.readString();
                case 2 -> real[0] = in.readFloat();
                case 3 -> whole[0] = in.readInt64();
                case 4 -> name[1] = in.readString();
                case 5 -> nested[0] = tensor(in.readByteArray());
                case 6 -> nested[0] = graph(in.readByteArray(), depth + 1);
                case 8 -> list.add(in.readInt64());
                case 20 -> whole[1] = in.readEnum();
                default -> {
                    return false;
                }
            }
            return true;
        });
        return switch ((int) whole[1]) {
            case 1 -> new Attribute.Real(name[0], real[0]);
            case 2 -> new Attribute.Int(name[0], whole[0]);
            case 3 -> new Attribute.Text(name[0], name[1]);
            case 4 -> new Attribute.Constant(name[0], kept(name[0], nested[0], OnnxTensor.class));
            case 5 -> new Attribute.Subgraph(name[0], kept(name[0], nested[0], OnnxGraph.class));
            case 7 ->
                new Attribute.Ints(
                        name[0], list.stream().mapToLong(Long::longValue).toArray());
            default ->
                throw new IllegalArgumentException("attribute " + name[0] + " is of type " + whole[1]
                        + "; expected a number, whole numbers, text, a tensor or a graph");
        };
    }

    private static <T> T kept(String name, Object nested, Class<T> type) {
        if (!type.isInstance(nested)) {
            throw new IllegalArgumentException("attribute " + name + " has no value of its type");
        }
        return type.cast(nested);
    }

    private static OnnxTensor tensor(byte[] bytes) throws IOException {
        List<Long> dims = new ArrayList<>();
        long[] type = {0};
        String[] name = {""};
        byte[][] raw = {new byte[0]};
        message(bytes, (number, in) -> {
            switch (number) {
                case 1 -> dims.add(in.readInt64());
                case 2 -> type[0] = in.readInt32();
                case 8 -> name[0] = in.readString();
                case 9 -> raw[0] = in.readByteArray();
                case 13 -> throw new IllegalArgumentException("a tensor's data are outside the file; expected inside");
                case 14 -> {
                    if (in.readEnum() != 0) {
                        throw new IllegalArgumentException("a tensor's data are outside the file; expected inside");
                    }
                }
                case 4, 5, 6, 7, 10, 11 ->
                    throw new IllegalArgumentException("a tensor's data are not raw bytes; expected raw bytes");
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new OnnxTensor(
                name[0],
                ElementType.of(type[0]),
                dims.stream().mapToLong(Long::longValue).toArray(),
                raw[0]);
    }

    private static OnnxValue value(byte[] bytes) throws IOException {
        String[] name = {""};
        long[] type = {0};
        List<String> dims = new ArrayList<>();
        message(bytes, (number, in) -> switch (number) {
            case 1 -> {
                name[0] = in.readString();
                yield true;
            }
            case 2 -> {
                message(in.readByteArray(), (n, kind) -> n == 1 && tensorType(kind.readByteArray(), type, dims));
                yield true;
            }
            default -> false;
        });
        return new OnnxValue(name[0], ElementType.of(type[0]), dims);
    }

    private static boolean tensorType(byte[] bytes, long[] type, List<String> dims) throws IOException {
        message(bytes, (number, in) -> switch (number) {
            case 1 -> {
                type[0] = in.readInt32();
                yield true;
            }
            case 2 -> {
                message(in.readByteArray(), (n, shape) -> n == 1 && dims.add(extent(shape.readByteArray())));
                yield true;
            }
            default -> false;
        });
        return true;
    }

    private static String extent(byte[] bytes) throws IOException {
        String[] text = {"?"};
        message(bytes, (number, in) -> switch (number) {
            case 1 -> {
                text[0] = Long.toString(in.readInt64());
                yield true;
            }
            case 2 -> {
                text[0] = in.readString();
                yield true;
            }
            default -> false;
        });
        return text[0];
    }

    private static boolean texts(int number, CodedInputStream in, String[] pair) throws IOException {
        if (number != 1 && number != 2) {
            return false;
        }
        pair[number - 1] = in.readString();
        return true;
    }

    private static void message(byte[] bytes, Field field) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!field.read(WireFormat.getTagFieldNumber(tag), in)) {
                in.skipField(tag);
            }
        }
    }
}
