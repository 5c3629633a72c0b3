package org.qexit.onnx.graph;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.qexit.common.UserError;

/** Reads one attribute of a node. Files of old exporters do not say its kind: there the fields that are set do. */
final class AttributeReader {
    private final String name;
    private final TensorReader tensors;
    private final CodedInputStream in;

    private String own = "";
    private int kind;
    private Float real;
    private Long number;
    private String text;
    private OnnxTensor tensor;
    private final List<Float> reals = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    AttributeReader(String name, TensorReader tensors, CodedInputStream in) {
        this.name = name;
        this.tensors = tensors;
        this.in = in;
    }

    Attribute read() throws IOException {
        ModelReader.fields(in, this::field);
        return switch (kind == 0 ? guess() : kind) {
            case 1 -> new Attribute.Real(own, real == null ? 0 : real);
            case 2 -> new Attribute.Int(own, number == null ? 0 : number);
            case 3 -> new Attribute.Text(own, text == null ? "" : text);
            case 4 -> new Attribute.Constant(own, told());
            case 6 -> new Attribute.Reals(own, floats());
            case 7 ->
                new Attribute.Ints(
                        own, numbers.stream().mapToLong(Long::longValue).toArray());
            case 8 -> new Attribute.Texts(own, texts);
            default ->
                throw new UserError(name + ": attribute '" + UserError.shown(own) + "' is of kind " + kind
                        + "; expected numbers, texts or a tensor");
        };
    }

    private void field(int tag) throws IOException {
        boolean packed = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
        switch (WireFormat.getTagFieldNumber(tag)) {
            case 1 -> own = in.readStringRequireUtf8();
            case 2 -> real = in.readFloat();
            case 3 -> number = in.readInt64();
            case 4 -> text = in.readStringRequireUtf8();
            case 5 -> tensor = ModelReader.inside(in, () -> tensors.read(in));
            case 7 -> TensorReader.repeated(in, packed, () -> reals.add(in.readFloat()));
            case 8 -> TensorReader.repeated(in, packed, () -> numbers.add(in.readInt64()));
            case 9 -> texts.add(in.readStringRequireUtf8());
            case 20 -> kind = in.readInt32();
            case 6, 11 ->
                throw new UserError(name + ": has control flow inside (attribute '" + UserError.shown(own)
                        + "' holds a graph); expected a plain graph, whose exits qexit makes");
            case 10, 14, 15, 22, 23 ->
                throw new UserError(name + ": attribute '" + UserError.shown(own)
                        + "' holds what no exit needs; expected numbers, texts or a tensor");
            default -> in.skipField(tag);
        }
    }

    private int guess() {
        if (real != null) {
            return 1;
        }
        if (number != null) {
            return 2;
        }
        if (text != null) {
            return 3;
        }
        if (tensor != null) {
            return 4;
        }
        if (!reals.isEmpty()) {
            return 6;
        }
        return texts.isEmpty() ? 7 : 8;
    }

    private OnnxTensor told() {
        if (tensor == null) {
            throw new UserError(name + ": attribute '" + UserError.shown(own) + "' holds no tensor; expected one");
        }
        return tensor;
    }

    private float[] floats() {
        float[] values = new float[reals.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = reals.get(i);
        }
        return values;
    }
}
