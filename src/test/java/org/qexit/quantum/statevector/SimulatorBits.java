package org.qexit.quantum.statevector;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.qexit.common.Hashing;
import org.qexit.quantum.Ansatz;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.RandomCircuits;
import org.qexit.quantum.statevector.SimulatorOptions.Kernel;
import org.qexit.quantum.statevector.SimulatorOptions.Precision;

/** Values and gradients of circuits of all kinds, as a hash. */
final class SimulatorBits {
    private SimulatorBits() {}

    /** The hash alone, for a JVM of its own. */
    public static void main(String[] arguments) {
        System.out.println(hash(Kernel.AUTO, 1) + " "
                + BatchedSimulator.of(Ansatz.of(2, 1).circuit()).kernelName());
    }

    static String hash(Kernel kernel, int threads) {
        MessageDigest digest = Hashing.sha256();
        SplittableRandom random = new SplittableRandom(12);
        List<Circuit> circuits = List.of(
                Ansatz.of(1, 2).circuit(),
                Ansatz.of(4, 2).circuit(),
                new Ansatz(5, 3, Ansatz.Encoding.RX, Ansatz.Entangler.CZ_RING, true).circuit(),
                new Ansatz(3, 2, Ansatz.Encoding.RZ, Ansatz.Entangler.NONE, false).circuit(),
                Ansatz.of(7, 2).circuit(),
                LayeredTest.iqp(5, 2, 2),
                LayeredTest.diagonals(4, 60, random),
                RandomCircuits.of(4, 40, random));
        for (Precision precision : Precision.values()) {
            for (Circuit circuit : circuits) {
                for (int batch : new int[] {1, 37}) {
                    BatchedSimulator simulator = BatchedSimulator.of(
                            circuit,
                            SimulatorOptions.DEFAULT
                                    .with(precision)
                                    .with(kernel)
                                    .withThreads(threads));
                    add(simulator, batch, digest);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(BatchedSimulator simulator, int batch, MessageDigest digest) {
        Circuit circuit = simulator.circuit();
        SplittableRandom random = new SplittableRandom(batch);
        double[] x = random.doubles(batch * circuit.inputs(), -4, 4).toArray();
        double[] theta = random.doubles(circuit.parameters(), -4, 4).toArray();
        double[] upstream =
                random.doubles(batch * circuit.observables().size(), -1, 1).toArray();
        double[] outputs = new double[upstream.length];
        double[] gradX = new double[x.length];
        double[] gradTheta = new double[theta.length];
        simulator.forward(x, theta, batch, outputs);
        simulator.backward(x, theta, batch, upstream, gradX, gradTheta);
        for (double[] values : List.of(outputs, gradX, gradTheta)) {
            ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * values.length);
            for (double value : values) {
                // 0 and -0 are the same number.
                bytes.putDouble(value + 0.0);
            }
            digest.update(bytes.array());
        }
    }
}
