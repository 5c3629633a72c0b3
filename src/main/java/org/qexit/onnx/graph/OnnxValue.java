package org.qexit.onnx.graph;

import java.util.Arrays;
import java.util.List;

/**
 * An input or output of a graph.
 *
 * @param name its name
 * @param type of its elements, or null where the file does not say it or it is no tensor: the runtime finds out
 * @param dims its shape: whole numbers as text, or the name of a free dimension; null where the file does not say it
 */
public record OnnxValue(String name, ElementType type, List<String> dims) {
    public OnnxValue {
        dims = dims == null ? null : List.copyOf(dims);
    }

    /** An output of whatever type and shape it has. */
    public static OnnxValue untold(String name) {
        return new OnnxValue(name, null, null);
    }

    /** A batch of float tensors: the first dimension, N, is free. */
    public static OnnxValue batch(String name, long... shape) {
        return batch(name, ElementType.FLOAT, shape);
    }

    public static OnnxValue batch(String name, ElementType type, long... shape) {
        String[] dims = new String[shape.length + 1];
        dims[0] = "N";
        for (int i = 0; i < shape.length; i++) {
            dims[i + 1] = Long.toString(shape[i]);
        }
        return new OnnxValue(name, type, Arrays.asList(dims));
    }
}
