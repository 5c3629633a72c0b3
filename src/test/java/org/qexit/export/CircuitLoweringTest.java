package org.qexit.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.RandomStreams;
import org.qexit.onnx.GraphSession;
import org.qexit.onnx.graph.GraphBuilder;
import org.qexit.onnx.graph.OnnxModel;
import org.qexit.onnx.graph.OnnxValue;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Observable;
import org.qexit.quantum.statevector.BatchedSimulator;

/** Circuits of any gates, beyond those that heads are made of, against the simulator. */
class CircuitLoweringTest {
    private static final int BATCH = 5;
    private static final double SHIFT = 0.7;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24})
    void anyGatesInAnyOrder(int seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("circuit");
        int qubits = 1 + seed % 5;
        Circuit circuit = random(qubits, 12 + random.nextInt(20), random);
        double[] theta = random.doubles(circuit.parameters(), -3, 3).toArray();
        double[] factor = random.doubles(circuit.inputs(), -2, 2).toArray();
        int[] from = new int[circuit.inputs()];
        Arrays.setAll(from, a -> a % 2);
        float[] z = new float[2 * BATCH];
        for (int i = 0; i < z.length; i++) {
            z[i] = (float) random.nextDouble(-3, 3);
        }
        double[] x = new double[circuit.inputs() * BATCH];
        for (int i = 0; i < x.length; i++) {
            int a = i % circuit.inputs();
            x[i] = factor[a] * z[i / circuit.inputs() * 2 + from[a]] + SHIFT;
        }
        double[] expected = new double[BATCH * circuit.observables().size()];
        BatchedSimulator.of(circuit).forward(x, theta, BATCH, expected);
        CircuitLowering.Inputs inputs = new CircuitLowering.Inputs(2, from, factor, SHIFT);

        check(circuit, theta, inputs, z, expected, false);
        check(circuit, theta, inputs, z, expected, true);
    }

    private static void check(
            Circuit circuit,
            double[] theta,
            CircuitLowering.Inputs inputs,
            float[] z,
            double[] expected,
            boolean gatewise) {
        GraphBuilder graph = GraphBuilder.create();
        CircuitSegments segments = CircuitSegments.of(circuit, theta);
        String input = graph.input("z");
        String output = Optional.of(segments)
                .filter(s -> gatewise)
                .flatMap(s -> GatewiseLowering.of(graph, "c", s, inputs))
                .map(g -> g.lower(input))
                .orElseGet(() -> CircuitLowering.dense(graph, "c", segments, inputs, input));
        OnnxValue result = OnnxValue.batch(output, circuit.observables().size());
        OnnxModel model = new OnnxModel(
                8,
                17,
                "test",
                "1",
                graph.build("g", List.of(OnnxValue.batch("z", inputs.preAngles())), List.of(result)),
                Map.of());
        try (GraphSession session = GraphSession.open("circuit", model.toBytes())) {
            float[] found =
                    session.run(z, BATCH, inputs.preAngles()).get(output).floats();
            float[] wanted = new float[expected.length];
            for (int i = 0; i < wanted.length; i++) {
                wanted[i] = (float) expected[i];
            }
            assertArrayEquals(wanted, found, 1e-5f);
        }
    }

    /** Single qubits turn, couple by CNOT, CZ and SWAP, and inputs enter anywhere. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void gatesOneByOne(int seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("gatewise");
        int qubits = 1 + seed % 7;
        Circuit.Builder builder = Circuit.builder(qubits).inputs(3).parameters(4);
        Gate.RotationKind[] turns = {
            Gate.RotationKind.RX, Gate.RotationKind.RY, Gate.RotationKind.RZ, Gate.RotationKind.P
        };
        Gate.FixedKind[] couplings = {Gate.FixedKind.CNOT, Gate.FixedKind.CZ, Gate.FixedKind.SWAP};
        builder.add(turns[seed % 3], Angle.input(0), 0);
        for (int g = 0; g < 40; g++) {
            int q = random.nextInt(qubits);
            switch (random.nextInt(4)) {
                case 0 -> builder.add(turns[random.nextInt(4)], new Angle.Input(random.nextInt(3), 0.8), q);
                case 1 -> builder.add(turns[random.nextInt(4)], Angle.parameter(random.nextInt(4)), q);
                case 2 -> builder.add(Gate.FixedKind.S, q).add(Gate.FixedKind.H, q);
                default -> {
                    if (qubits > 1) {
                        builder.add(couplings[random.nextInt(3)], q, (q + 1 + random.nextInt(qubits - 1)) % qubits);
                    }
                }
            }
        }
        Circuit circuit = builder.observe(Observable.allZ(qubits)).build();
        double[] theta = random.doubles(4, -3, 3).toArray();
        double[] factor = random.doubles(3, -2, 2).toArray();
        CircuitLowering.Inputs inputs = new CircuitLowering.Inputs(3, new int[] {2, 0, 1}, factor, SHIFT);
        assertTrue(GatewiseLowering.of(GraphBuilder.create(), "c", CircuitSegments.of(circuit, theta), inputs)
                .isPresent());
        float[] z = new float[3 * BATCH];
        double[] x = new double[3 * BATCH];
        for (int k = 0; k < BATCH; k++) {
            for (int i = 0; i < 3; i++) {
                z[3 * k + i] = (float) random.nextDouble(-3, 3);
            }
            for (int a = 0; a < 3; a++) {
                x[3 * k + a] = factor[a] * z[3 * k + inputs.from()[a]] + SHIFT;
            }
        }
        double[] expected = new double[BATCH * qubits];
        BatchedSimulator.of(circuit).forward(x, theta, BATCH, expected);
        check(circuit, theta, inputs, z, expected, true);
    }

    private static Circuit random(int qubits, int gates, SplittableRandom random) {
        Circuit.Builder circuit = Circuit.builder(qubits).inputs(3).parameters(4);
        circuit.add(Gate.RotationKind.RX, Angle.input(0), 0);
        while (gates-- > 0) {
            List<Integer> on = new ArrayList<>();
            for (int q = 0; q < qubits; q++) {
                on.add(q);
            }
            Collections.rotate(on, random.nextInt(qubits));
            if (random.nextBoolean()) {
                Gate.FixedKind kind = Gate.FixedKind.values()[random.nextInt(Gate.FixedKind.values().length)];
                if (kind.arity() <= qubits) {
                    circuit.add(kind, on.subList(0, kind.arity()).toArray(Integer[]::new));
                }
                continue;
            }
            Gate.RotationKind kind = Gate.RotationKind.values()[random.nextInt(Gate.RotationKind.values().length)];
            Angle angle = random.nextInt(3) == 0
                    ? Angle.parameter(random.nextInt(4))
                    : kind == Gate.RotationKind.XY ? Angle.constant(0.3) : new Angle.Input(random.nextInt(3), 1.5);
            if (kind.arity() <= qubits) {
                circuit.add(kind, angle, on.subList(0, kind.arity()).toArray(Integer[]::new));
            }
        }
        List<Observable> measured = new ArrayList<>(Observable.allZ(qubits));
        if (qubits > 1) {
            measured.add(Observable.zz(0, qubits - 1).times(-0.5).plus(Observable.z(1)));
        }
        return circuit.observe(measured).build();
    }

    @Test
    void saysWhatItCannotLower() {
        CircuitLowering.Inputs inputs = new CircuitLowering.Inputs(1, new int[] {0}, new double[] {1}, 0);
        Circuit xy = Circuit.builder(2)
                .add(Gate.RotationKind.XY, Angle.input(0), 0, 1)
                .build();
        refuses(xy, inputs, "XY");
        Circuit large = Circuit.builder(11)
                .add(Gate.RotationKind.RX, Angle.input(0), 0)
                .add(Gate.RotationKind.XY, Angle.constant(0.3), 0, 7)
                .build();
        refuses(large, inputs, "11 qubits");
        Circuit other = Circuit.builder(1)
                .add(Gate.RotationKind.RX, Angle.input(0), 0)
                .observe(List.of(Observable.x(0)))
                .build();
        refuses(other, inputs, "measures X0");
        refuses(Circuit.builder(1).add(Gate.FixedKind.H, 0).inputs(1).build(), inputs, "no encoding");
    }

    private static void refuses(Circuit circuit, CircuitLowering.Inputs inputs, String why) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> CircuitLowering.lower(
                        GraphBuilder.create(), "c", CircuitSegments.of(circuit, new double[4]), inputs, "z"));
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }
}
