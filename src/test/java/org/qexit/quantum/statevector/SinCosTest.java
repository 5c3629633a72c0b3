package org.qexit.quantum.statevector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.quantum.statevector.SimulatorOptions.Kernel;

class SinCosTest {
    @ParameterizedTest
    @ValueSource(doubles = {1e-9, 1, 3.2, 100, 1e6, 1e12})
    void agreesWithMath(double scale) {
        SplittableRandom random = new SplittableRandom(3);
        double[] angles = new double[1003];
        for (int i = 0; i < angles.length; i++) {
            angles[i] = i < 9 ? (i - 4) * Math.PI / 2 : scale * (2 * random.nextDouble() - 1);
        }
        for (Kernel kernel : new Kernel[] {Kernel.PLAIN, Kernel.VECTOR}) {
            double[] sin = new double[angles.length];
            double[] cos = new double[angles.length];
            KernelFactory.create(SimulatorOptions.DEFAULT.with(kernel)).sinCos(angles, angles.length, sin, cos);
            for (int i = 0; i < angles.length; i++) {
                assertEquals(Math.sin(angles[i]), sin[i], 5e-16, "sin " + angles[i]);
                assertEquals(Math.cos(angles[i]), cos[i], 5e-16, "cos " + angles[i]);
            }
        }
    }
}
