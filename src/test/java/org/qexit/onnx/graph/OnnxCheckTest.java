package org.qexit.onnx.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The checker finds what it is for, and the builder refuses to make it. */
class OnnxCheckTest {
    private static final OnnxValue X = OnnxValue.batch("x", 2);

    private static OnnxModel model(List<OnnxNode> nodes) {
        OnnxGraph graph = new OnnxGraph("g", nodes, List.of(), List.of(X), List.of(OnnxValue.batch("y", 2)));
        return new OnnxModel(8, 17, "test", "1", graph, Map.of("a", "b"));
    }

    private static OnnxNode relu(String name, String from, String to) {
        return new OnnxNode("Relu", "", name, List.of(from), List.of(to), List.of());
    }

    @Test
    void findsWhatIsWrong() {
        assertEquals(
                List.of(),
                OnnxCheck.problems(model(List.of(relu("n", "x", "y"))).toBytes()));
        assertEquals(
                List.of("n uses z before it is defined"),
                OnnxCheck.problems(
                        model(List.of(relu("n", "z", "y"), relu("m", "x", "z"))).toBytes()));
        assertEquals(
                List.of("two nodes named n", "y is defined twice"),
                OnnxCheck.problems(
                        model(List.of(relu("n", "x", "y"), relu("n", "x", "y"))).toBytes()));
        assertEquals(
                List.of("g does not define its output y"),
                OnnxCheck.problems(model(List.of()).toBytes()));
    }

    @Test
    void theBuilderRefusesNamesThatStandTwice() {
        GraphBuilder graph = GraphBuilder.create();
        graph.input("x");
        graph.node("Relu", "y", List.of("x"));
        GraphBuilder branch = graph.branch();
        assertThrows(IllegalArgumentException.class, () -> branch.node("Relu", "y", List.of("x")));
        assertThrows(IllegalArgumentException.class, () -> graph.scalar("x", 1f));
    }

    @Test
    void readsWhatItWrote() {
        GraphBuilder graph = GraphBuilder.create();
        graph.input("x");
        graph.floats("w", new float[] {1, -2.5f, Float.POSITIVE_INFINITY, 0}, 2, 2);
        graph.node("MatMul", "y", List.of("x", "w"), Attribute.of("ints", 1, 2, -3), Attribute.of("one", 7));
        OnnxModel model = new OnnxModel(
                8, 17, "qexit", "1", graph.build("g", List.of(X), List.of(OnnxValue.batch("y", 2))), Map.of("k", "v"));
        OnnxModel read = OnnxReader.read(model.toBytes());
        assertEquals("qexit", read.producer());
        assertEquals(Map.of("k", "v"), read.metadata());
        assertEquals(model.graph().inputs(), read.graph().inputs());
        assertArrayEquals(
                new float[] {1, -2.5f, Float.POSITIVE_INFINITY, 0},
                read.graph().initialisers().get(0).floats());
        OnnxNode node = read.graph().nodes().get(0);
        assertArrayEquals(
                new long[] {1, 2, -3}, ((Attribute.Ints) node.attributes().get(0)).values());
        assertEquals(7, ((Attribute.Int) node.attributes().get(1)).value());
        assertArrayEquals(model.toBytes(), read.toBytes());
    }
}
