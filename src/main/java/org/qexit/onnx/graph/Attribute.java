package org.qexit.onnx.graph;

import java.util.List;

/** What a node's operator is told beside its inputs. Arrays are not copied; do not change them. */
public sealed interface Attribute {
    String name();

    static Attribute of(String name, long value) {
        return new Int(name, value);
    }

    static Attribute of(String name, long... values) {
        return new Ints(name, values);
    }

    static Attribute of(String name, OnnxGraph graph) {
        return new Subgraph(name, graph);
    }

    static Attribute of(String name, OnnxTensor tensor) {
        return new Constant(name, tensor);
    }

    /** A whole number. */
    record Int(String name, long value) implements Attribute {}

    /** Whole numbers. */
    record Ints(String name, long[] values) implements Attribute {}

    /** A number. */
    record Real(String name, float value) implements Attribute {}

    /** Text. */
    record Text(String name, String value) implements Attribute {}

    /** Numbers. */
    record Reals(String name, float[] values) implements Attribute {}

    /** Several texts. */
    record Texts(String name, List<String> values) implements Attribute {
        public Texts {
            values = List.copyOf(values);
        }
    }

    /** A tensor. */
    record Constant(String name, OnnxTensor tensor) implements Attribute {}

    /** A graph that sees the names of those around it: a branch of {@code If}. */
    record Subgraph(String name, OnnxGraph graph) implements Attribute {}
}
