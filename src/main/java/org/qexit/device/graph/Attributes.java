package org.qexit.device.graph;

import java.util.Arrays;
import org.qexit.onnx.graph.Attribute;
import org.qexit.onnx.graph.OnnxNode;
import org.qexit.onnx.graph.OnnxTensor;

/** What a node's operator is told. */
record Attributes(OnnxNode node) {
    long number(String name, long otherwise) throws UnsupportedGraph {
        Attribute found = find(name);
        if (found == null) {
            return otherwise;
        }
        if (found instanceof Attribute.Int number) {
            return number.value();
        }
        throw wrong(name);
    }

    float real(String name, float otherwise) throws UnsupportedGraph {
        Attribute found = find(name);
        if (found == null) {
            return otherwise;
        }
        if (found instanceof Attribute.Real real) {
            return real.value();
        }
        throw wrong(name);
    }

    /** Whole numbers; null where there are none. */
    long[] numbers(String name) throws UnsupportedGraph {
        Attribute found = find(name);
        if (found == null) {
            return null;
        }
        if (found instanceof Attribute.Ints numbers) {
            return numbers.values();
        }
        throw wrong(name);
    }

    /** As many whole numbers from 0 to a million as there are defaults. */
    int[] sizes(String name, int... otherwise) throws UnsupportedGraph {
        long[] found = numbers(name);
        if (found == null) {
            return otherwise;
        }
        if (found.length != otherwise.length || Arrays.stream(found).anyMatch(v -> v < 0 || v > 1_000_000)) {
            throw wrong(name);
        }
        return Arrays.stream(found).mapToInt(Math::toIntExact).toArray();
    }

    String text(String name, String otherwise) throws UnsupportedGraph {
        Attribute found = find(name);
        if (found == null) {
            return otherwise;
        }
        if (found instanceof Attribute.Text text) {
            return text.value();
        }
        throw wrong(name);
    }

    /** The tensor that it has; null for none. */
    OnnxTensor tensor(String name) throws UnsupportedGraph {
        Attribute found = find(name);
        if (found == null) {
            return null;
        }
        if (found instanceof Attribute.Constant constant) {
            return constant.tensor();
        }
        throw wrong(name);
    }

    private Attribute find(String name) {
        return node.attributes().stream()
                .filter(a -> a.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private UnsupportedGraph wrong(String name) {
        return new UnsupportedGraph("attribute " + name + " of " + node.operator() + " '" + node.name() + "'");
    }
}
