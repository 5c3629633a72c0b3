package org.qexit.onnx.graph;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.qexit.common.UserError;

/** Reads tensors, whose elements stand as raw bytes or in lists of numbers by their type. */
final class TensorReader {
    private final String name;

    TensorReader(String name) {
        this.name = name;
    }

    /** Reads one element. */
    @FunctionalInterface
    interface Element {
        void read() throws IOException;
    }

    /** One element, or all of a packed field. */
    static void repeated(CodedInputStream in, boolean packed, Element element) throws IOException {
        if (!packed) {
            element.read();
            return;
        }
        int outer = in.pushLimit(in.readRawVarint32());
        while (!in.isAtEnd()) {
            element.read();
        }
        in.popLimit(outer);
    }

    OnnxTensor read(CodedInputStream in) throws IOException {
        List<Long> dims = new ArrayList<>();
        LongStream.Builder elements = LongStream.builder();
        String[] own = {""};
        int[] type = {0};
        byte[][] raw = {null};
        ModelReader.fields(in, tag -> {
            boolean packed = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> repeated(in, packed, () -> dims.add(in.readInt64()));
                case 2 -> type[0] = in.readInt32();
                // Floats and doubles by their bits.
                case 4 -> repeated(in, packed, () -> elements.add((long) in.readFixed32()));
                case 5 -> repeated(in, packed, () -> elements.add((long) in.readInt32()));
                case 6 -> throw new UserError(name + ": a tensor holds text; expected numbers");
                case 7, 11 -> repeated(in, packed, () -> elements.add(in.readInt64()));
                case 8 -> own[0] = in.readStringRequireUtf8();
                case 9 -> raw[0] = in.readByteArray();
                case 10 -> repeated(in, packed, () -> elements.add(in.readFixed64()));
                default -> in.skipField(tag);
            }
        });
        ElementType element = ElementType.of(type[0]);
        long[] shape = dims.stream().mapToLong(Long::longValue).toArray();
        return new OnnxTensor(
                own[0],
                element,
                shape,
                raw[0] == null ? bytes(element, elements.build().toArray()) : raw[0]);
    }

    private static byte[] bytes(ElementType type, long[] elements) {
        ByteBuffer raw = ByteBuffer.allocate(Math.multiplyExact(elements.length, type.bytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (long element : elements) {
            switch (type.bytes()) {
                case 1 -> raw.put((byte) element);
                case 2 -> raw.putShort((short) element);
                case 4 -> raw.putInt((int) element);
                default -> raw.putLong(element);
            }
        }
        return raw.array();
    }
}
