package org.qexit.quantum.statevector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.CircuitFile;
import org.qexit.quantum.GoldenCircuits;
import org.qexit.quantum.Observable;
import org.qexit.quantum.statevector.SimulatorOptions.Kernel;
import org.qexit.quantum.statevector.SimulatorOptions.Precision;

class GoldenTest {
    static Stream<Arguments> cases() {
        List<Arguments> all = new ArrayList<>();
        for (CircuitFile.Case c : GoldenCircuits.cases()) {
            for (Precision p : Precision.values()) {
                for (Kernel k : List.of(Kernel.PLAIN, Kernel.VECTOR)) {
                    all.add(Arguments.of(c.name(), p, k, c));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("cases")
    void agrees(String name, Precision precision, Kernel kernel, CircuitFile.Case c) {
        double tolerance = precision == Precision.DOUBLE ? 1e-10 : 1e-5;
        Circuit circuit = c.circuit();
        BatchedSimulator simulator = BatchedSimulator.of(
                circuit, SimulatorOptions.DEFAULT.with(precision).with(kernel));
        double[] x = c.flatInputs();
        double[] outputs = new double[c.batch() * c.n()];
        simulator.forward(x, c.theta(), c.batch(), outputs);
        assertArrayEquals(CircuitFile.flat(c.values()), outputs, tolerance);

        double[] gradX = new double[c.batch() * c.n()];
        double[] gradTheta = new double[c.theta().length];
        simulator.backward(x, c.theta(), c.batch(), CircuitFile.flat(c.g()), gradX, gradTheta);
        assertArrayEquals(CircuitFile.flat(c.gradX()), gradX, tolerance);
        assertArrayEquals(c.gradTheta(), gradTheta, tolerance);

        int dim = 1 << c.n();
        double[] re = new double[c.batch() * dim];
        double[] im = new double[c.batch() * dim];
        simulator.state(x, c.theta(), c.batch(), re, im);
        for (int k = 0; k < dim; k++) {
            int ours = GoldenCircuits.reversed(k, c.n());
            assertEquals(c.state0()[k][0], re[ours], tolerance);
            assertEquals(c.state0()[k][1], im[ours], tolerance);
        }
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("cases")
    void otherObservablesAgree(String name, Precision precision, Kernel kernel, CircuitFile.Case c) {
        double tolerance = precision == Precision.DOUBLE ? 1e-10 : 1e-5;
        List<Observable> observables = new ArrayList<>();
        for (int i = 0; i < c.n(); i++) {
            observables.add(Observable.x(i));
            observables.add(Observable.y(i));
            if (c.n() >= 2) {
                observables.add(Observable.zz(Math.min(i, (i + 1) % c.n()), Math.max(i, (i + 1) % c.n())));
            }
        }
        BatchedSimulator simulator = BatchedSimulator.of(
                c.circuit().withObservables(observables),
                SimulatorOptions.DEFAULT.with(precision).with(kernel));
        double[] outputs = new double[c.batch() * observables.size()];
        simulator.forward(c.flatInputs(), c.theta(), c.batch(), outputs);
        int at = 0;
        for (int i = 0; i < c.n(); i++) {
            assertEquals(c.extra0().get("X")[i], outputs[at++], tolerance);
            assertEquals(c.extra0().get("Y")[i], outputs[at++], tolerance);
            if (c.n() >= 2) {
                assertEquals(c.extra0().get("ZZ")[i], outputs[at++], tolerance);
            }
        }
    }
}
