package org.qexit.quantum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class CircuitDrawingTest {
    @Test
    void textShowsGatesControlsAndAngles() {
        Circuit circuit = Circuit.builder(3)
                .add(Gate.FixedKind.H, 0)
                .add(Gate.RotationKind.RY, Angle.input(1), 1)
                .add(Gate.FixedKind.CNOT, 0, 2)
                .add(Gate.RotationKind.CP, new Angle.Parameter(0, -1), 2, 1)
                .build();
        assertEquals(
                String.join(
                        "\n",
                        "q0: ───H─────●─────────",
                        "             │",
                        "q1: ─RY(x1)──│──P(-θ0)─",
                        "             │    │",
                        "q2: ─────────X────●────",
                        ""),
                CircuitDrawing.of(circuit).text());
    }

    @Test
    void svgIsWellFormedAndShowsEveryGate() throws Exception {
        Circuit circuit = RandomCircuits.of(4, 30, new SplittableRandom(1));
        String svg = CircuitDrawing.of(circuit).svg();
        int texts = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                .getElementsByTagName("text")
                .getLength();
        assertTrue(texts >= 30 + 4, texts + " labels");
    }
}
