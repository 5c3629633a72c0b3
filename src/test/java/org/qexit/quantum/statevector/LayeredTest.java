package org.qexit.quantum.statevector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Ansatz;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Gate.FixedKind;
import org.qexit.quantum.Gate.RotationKind;
import org.qexit.quantum.Observable;
import org.qexit.quantum.PauliString;
import org.qexit.quantum.RandomCircuits;
import org.qexit.quantum.statevector.SimulatorOptions.Kernel;
import org.qexit.quantum.statevector.SimulatorOptions.Precision;

/** The layered plan against the gate-by-gate one, over every ansatz and over random circuits of single-qubit rotations. */
class LayeredTest {
    static Stream<Circuit> circuits() {
        List<Circuit> all = new ArrayList<>();
        for (Ansatz.Encoding encoding : Ansatz.Encoding.values()) {
            for (Ansatz.Entangler entangler : Ansatz.Entangler.values()) {
                for (int n = 1; n <= 7; n++) {
                    int layers = (n + encoding.ordinal()) % 4;
                    all.add(new Ansatz(n, layers, encoding, entangler, n % 2 == 0).circuit());
                    all.add(new Ansatz(n, layers + 1, encoding, entangler, n % 2 == 1).circuit());
                }
            }
        }
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 60; i++) {
            all.add(random(2 + i % 6, 5 + i, random));
            if (i % 2 == 0) {
                all.add(diagonals(2 + i % 5, 8 + i / 2, random));
            }
        }
        all.add(iqp(4, 3, 2));
        all.add(iqp(5, 1, 0));
        return all.stream();
    }

    private static Circuit random(int qubits, int gates, SplittableRandom random) {
        Circuit.Builder builder = Circuit.builder(qubits).inputs(qubits).parameters(gates);
        List<RotationKind> kinds = List.of(RotationKind.RX, RotationKind.RY, RotationKind.RZ, RotationKind.P);
        for (int g = 0; g < gates; g++) {
            int q = random.nextInt(qubits);
            Angle angle = random.nextInt(3) == 0
                    ? new Angle.Input(random.nextInt(qubits), 0.5 + random.nextDouble())
                    : new Angle.Parameter(random.nextInt(gates), 1 - 2 * random.nextDouble());
            FixedKind fixed = FixedKind.values()[random.nextInt(FixedKind.values().length)];
            if (random.nextInt(3) == 0 && fixed.arity() <= qubits) {
                Integer[] on = {q, (q + 1) % qubits, (q + 2) % qubits};
                builder.add(fixed, Arrays.copyOf(on, fixed.arity()));
            } else {
                builder.add(Gate.of(kinds.get(random.nextInt(4)), angle, q));
            }
        }
        if (random.nextBoolean()) {
            builder.observe(List.of(
                    Observable.x(0),
                    Observable.zz(0, 1),
                    Observable.of(new PauliString(random.nextInt(1 << qubits), random.nextInt(1 << qubits)))
                            .plus(Observable.y(qubits - 1).times(-0.3))));
        }
        return builder.build();
    }

    /** Long runs of diagonal gates with all kinds of angles, permutations among them, and rotations between. */
    static Circuit diagonals(int qubits, int gates, SplittableRandom random) {
        Circuit.Builder builder = Circuit.builder(qubits).inputs(qubits).parameters(gates);
        List<RotationKind> diagonal =
                List.of(RotationKind.RZ, RotationKind.P, RotationKind.RZZ, RotationKind.CP, RotationKind.CRZ);
        for (int g = 0; g < gates; g++) {
            int q = random.nextInt(qubits);
            Integer[] on = {q, (q + 1 + random.nextInt(qubits - 1)) % qubits};
            Angle angle = switch (random.nextInt(5)) {
                case 0 -> Angle.constant(random.nextDouble());
                case 1, 2 -> new Angle.Parameter(random.nextInt(gates), 1 - 2 * random.nextDouble());
                default -> new Angle.Input(random.nextInt(qubits), 1 - 2 * random.nextDouble());
            };
            switch (random.nextInt(8)) {
                case 0 -> builder.add(FixedKind.H, q);
                case 1 -> builder.add(random.nextBoolean() ? RotationKind.RX : RotationKind.RY, angle, q);
                case 2 -> builder.add(random.nextBoolean() ? FixedKind.CNOT : FixedKind.ISWAP, on);
                case 3 -> builder.add(random.nextBoolean() ? FixedKind.S : FixedKind.X, q);
                default -> {
                    RotationKind kind = diagonal.get(random.nextInt(diagonal.size()));
                    builder.add(Gate.of(kind, angle, Arrays.copyOf(on, kind.arity())));
                }
            }
            if (g % 11 == 10 && qubits > 2) {
                builder.add(FixedKind.CCX, q, (q + 1) % qubits, (q + 2) % qubits);
            }
        }
        int mask = random.nextInt(1 << qubits);
        switch (random.nextInt(4)) {
            case 0 -> builder.observe(List.of(Observable.x(0), Observable.zz(0, 1)));
            case 1 -> builder.observe(List.of(Observable.zz(0, 1), Observable.of(new PauliString(0, mask))));
            case 2 ->
                builder.observe(List.of(
                        Observable.z(1).times(0.3).plus(Observable.of(new PauliString(0, 0))),
                        Observable.z(0).times(-2).plus(Observable.z(1))));
            default -> {}
        }
        return builder.build();
    }

    /** An IQP embedding, then rotations and CZs. */
    static Circuit iqp(int qubits, int repeats, int layers) {
        Circuit.Builder builder =
                Circuit.builder(qubits).inputs(qubits * (qubits + 1) / 2).parameters(3 * qubits * layers + qubits);
        for (int r = 0; r < repeats; r++) {
            int input = 0;
            for (int q = 0; q < qubits; q++) {
                builder.add(FixedKind.H, q).add(RotationKind.RZ, Angle.input(input++), q);
            }
            for (int a = 0; a < qubits; a++) {
                for (int b = a + 1; b < qubits; b++) {
                    builder.add(RotationKind.RZZ, Angle.input(input++), a, b);
                }
            }
        }
        int theta = 0;
        for (int layer = 0; layer < layers; layer++) {
            for (int q = 0; q < qubits; q++) {
                builder.add(RotationKind.RZ, Angle.parameter(theta++), q)
                        .add(RotationKind.RY, Angle.parameter(theta++), q)
                        .add(RotationKind.RZ, Angle.parameter(theta++), q);
            }
            for (int q = 0; q < qubits; q++) {
                builder.add(FixedKind.CZ, q, (q + layer % (qubits - 1) + 1) % qubits);
            }
        }
        for (int q = 0; q < qubits; q++) {
            builder.add(FixedKind.H, q);
        }
        return builder.observe(List.of(Observable.zz(0, 1))).build();
    }

    @ParameterizedTest
    @MethodSource("circuits")
    void agreesWithGateByGate(Circuit circuit) {
        assertTrue(LayeredPlan.of(circuit, 8).isPresent() || circuit.qubits() == 1);
        // Not the circuit's own hash, which enums make another one in every process.
        SplittableRandom random = new SplittableRandom(circuit.toString().hashCode());
        int batch = 1 + random.nextInt(20);
        double[] x = RandomCircuits.values(batch * circuit.inputs(), random);
        double[] theta = RandomCircuits.values(circuit.parameters(), random);
        double[] upstream = RandomCircuits.values(batch * circuit.observables().size(), random);
        double[][] expected = run(
                BatchedSimulator.gateByGate(circuit, SimulatorOptions.DEFAULT.with(Kernel.PLAIN)),
                x,
                theta,
                batch,
                upstream);
        Map<Precision, double[][][]> plain = new EnumMap<>(Precision.class);
        for (Kernel kernel : List.of(Kernel.PLAIN, Kernel.VECTOR)) {
            for (Precision precision : Precision.values()) {
                double tolerance = precision == Precision.DOUBLE ? 1e-12 : 1e-5;
                SimulatorOptions options = SimulatorOptions.DEFAULT.with(kernel).with(precision);
                double[][] layered = run(BatchedSimulator.of(circuit, options), x, theta, batch, upstream);
                double[][] general = run(BatchedSimulator.gateByGate(circuit, options), x, theta, batch, upstream);
                for (int i = 0; i < 3; i++) {
                    // Gradients are sums over the batch of products that can exceed 1; rounding grows with them.
                    double largest = Arrays.stream(expected[i]).map(Math::abs).reduce(1, Math::max);
                    assertArrayEquals(expected[i], layered[i], tolerance * batch * largest, kernel + " " + precision);
                    assertArrayEquals(expected[i], general[i], tolerance * batch * largest, kernel + " " + precision);
                }
                if (kernel == Kernel.VECTOR) {
                    assertTrue(Arrays.deepEquals(plain.get(precision)[0], layered), "bits, layers " + precision);
                    assertTrue(Arrays.deepEquals(plain.get(precision)[1], general), "bits, gates " + precision);
                }
                plain.put(precision, new double[][][] {layered, general});
            }
        }
    }

    private static double[][] run(
            BatchedSimulator simulator, double[] x, double[] theta, int batch, double[] upstream) {
        double[] outputs = new double[upstream.length];
        double[] gradX = new double[x.length];
        double[] gradTheta = new double[theta.length];
        simulator.forward(x, theta, batch, outputs);
        simulator.backward(x, theta, batch, upstream, gradX, gradTheta);
        return new double[][] {outputs, gradX, gradTheta};
    }
}
