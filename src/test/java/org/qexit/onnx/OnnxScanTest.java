package org.qexit.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.qexit.onnx.TinyOnnx.floats;
import static org.qexit.onnx.TinyOnnx.message;
import static org.qexit.onnx.TinyOnnx.model;
import static org.qexit.onnx.TinyOnnx.node;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.qexit.common.UserError;

class OnnxScanTest {
    private static final byte[] NOTHING = new byte[0];

    private static void refuses(byte[] onnx, String expected) {
        String message =
                assertThrows(UserError.class, () -> OnnxScan.of("m.onnx", onnx)).getMessage();
        assertTrue(message.startsWith("m.onnx") && message.contains(expected), message);
        assertEquals(1, message.lines().count(), message);
    }

    private static byte[] graphOf(int field, byte[] content) {
        return model(message(out -> out.writeByteArray(field, content)), "");
    }

    private static byte[] tensor(TinyOnnx.Fields fields) {
        return graphOf(5, message(fields));
    }

    private static byte[] graphAttribute(byte[] graph) {
        return message(out -> out.writeByteArray(6, graph));
    }

    @Test
    void countsWhatAGraphUses() {
        OnnxScan scan = OnnxScan.of("m.onnx", TinyOnnx.stage("input", false, 1));
        assertEquals(17, scan.opset());
        assertEquals(5, scan.nodes());
        assertEquals(5, scan.tensorValues());
        assertEquals(
                Map.of("Relu", 1, "Flatten", 1, "MatMul", 1, "Sigmoid", 1, "Squeeze", 1), Map.copyOf(scan.operators()));
    }

    @Test
    void looksIntoGraphsWithinGraphs() {
        byte[] inner = message(out -> out.writeByteArray(1, node("Sin", "x", "y")));
        byte[] onnx = graphOf(1, node("If", "c", "z", graphAttribute(inner)));
        assertEquals(
                Map.of("If", 1, "Sin", 1),
                Map.copyOf(OnnxScan.of("m.onnx", onnx).operators()));
        byte[] evil = message(out ->
                out.writeByteArray(5, message(t -> t.writeByteArray(13, message(e -> e.writeString(1, "location"))))));
        refuses(graphOf(1, node("If", "c", "z", graphAttribute(evil))), "keeps a tensor in another file");
    }

    @Test
    void refusesTensorsKeptElsewhere() {
        byte[] location = message(e -> {
            e.writeString(1, "location");
            e.writeString(2, "../../../etc/passwd");
        });
        refuses(tensor(out -> out.writeByteArray(13, location)), "keeps a tensor in another file");
        refuses(tensor(out -> out.writeInt32(14, 1)), "keeps a tensor in another file");
        byte[] inConstant = message(out -> out.writeByteArray(5, message(t -> t.writeInt32(14, 1))));
        refuses(graphOf(1, node("Constant", "x", "y", inConstant)), "keeps a tensor in another file");
    }

    @Test
    void refusesShapesThatTheFileCannotHold() {
        refuses(graphOf(5, floats("w", new long[] {1L << 40, 1L << 40})), "a tensor claims");
        refuses(graphOf(5, floats("w", new long[] {1L << 62, 4})), "a tensor claims");
        refuses(graphOf(5, floats("w", new long[] {-1})), "dimension of size -1");
        refuses(graphOf(5, floats("w", new long[17])), "more than 16 dimensions");
        byte[] packed = message(d -> {
            d.writeInt64NoTag(1 << 20);
            d.writeInt64NoTag(1 << 20);
        });
        refuses(tensor(out -> out.writeByteArray(1, packed)), "a tensor claims 1099511627776 values");
    }

    @Test
    void refusesWhatBundlesNeverNeed() {
        refuses(model(NOTHING, "com.evil"), "domain 'com.evil'");
        refuses(
                graphOf(1, message(out -> {
                    out.writeString(4, "Evil");
                    out.writeString(7, "com.microsoft");
                })),
                "domain 'com.microsoft'");
        refuses(graphOf(1, node("Loop", "x", "y")), "the operator Loop");
        refuses(graphOf(1, node("", "x", "y")), "a node's operator is ''");
        refuses(graphOf(15, NOTHING), "sparse tensor");
        refuses(message(out -> out.writeByteArray(25, NOTHING)), "functions of its own");
        refuses(message(out -> out.writeByteArray(20, NOTHING)), "training graph");
        refuses(NOTHING, "holds no graph");
        refuses(message(out -> out.writeByteArray(7, NOTHING)), "names no version");
        byte[] twoOpsets = message(out -> {
            out.writeByteArray(8, message(o -> o.writeInt64(2, 17)));
            out.writeByteArray(8, message(o -> o.writeInt64(2, 18)));
        });
        refuses(twoOpsets, "expected one version");
    }

    @Test
    void refusesDeepNesting() {
        byte[] graph = NOTHING;
        for (int i = 0; i < 20; i++) {
            byte[] inner = graph;
            graph = message(out -> out.writeByteArray(1, node("If", "c", "z", graphAttribute(inner))));
        }
        refuses(model(graph, ""), "nested deeper than 8");
    }

    @Test
    void refusesBrokenProtobuf() {
        byte[] good = TinyOnnx.stage("input", true, 1);
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThrows(UserError.class, () -> OnnxScan.of("m.onnx", cut));
        }
        // Field 7 as a group, which would recurse; a length of -1; a length of 2 GiB.
        refuses(new byte[] {0x3b}, "a protobuf group");
        refuses(new byte[] {0x3a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f}, "not an ONNX file");
        refuses(new byte[] {0x3a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07}, "not an ONNX file");
        refuses(new byte[] {0x38, 1}, "wrong wire type");
    }
}
