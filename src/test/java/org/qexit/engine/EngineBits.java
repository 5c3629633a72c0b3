package org.qexit.engine;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.qexit.common.Hashing;
import org.qexit.quantum.Ansatz;
import org.qexit.quantum.statevector.BatchedSimulator;

/** Trains three small networks that together have all that the engine knows, and says what comes of it as a hash. */
final class EngineBits {
    private EngineBits() {}

    /** The hash alone, for a JVM of its own. */
    public static void main(String[] arguments) {
        System.out.println(
                hash(KernelChoice.AUTO, 1) + " " + KernelChoice.AUTO.create().name());
    }

    private static Blueprint rectified() {
        Ansatz ansatz = Ansatz.of(3, 2);
        Stage circuit = new Stage.Node(
                3, ansatz.parameters(), () -> new CircuitUnit(BatchedSimulator.of(ansatz.circuit()), 3, false));
        return new Blueprint(
                1,
                13,
                10,
                false,
                List.of(new Blueprint.Block(8, 3, 3, 1, 2, 2), new Blueprint.Block(5, 3, 3, 2, 2, 2)),
                List.of(
                        new Blueprint.Head(
                                false, List.of(new Stage.Dense(240, 3, false), circuit, new Stage.Dense(3, 2, false))),
                        new Blueprint.Head(
                                true,
                                List.of(
                                        new Stage.Dense(5, 6, false),
                                        new Stage.Node(6, 3 * 2 * 6 + 6, () -> new RingUnit(6, 2, 1)),
                                        new Stage.Dense(6, 2, false)))));
    }

    /** With convolutions that are wide enough to be filtered, over odd and even numbers of rows. */
    private static Blueprint wide() {
        return new Blueprint(
                9,
                9,
                12,
                false,
                List.of(new Blueprint.Block(8, 3, 3, 2, 2, 2), new Blueprint.Block(11, 3, 3, 2, 1, 1)),
                List.of(
                        new Blueprint.Head(false, List.of(new Stage.Dense(192, 2, false))),
                        new Blueprint.Head(true, List.of(new Stage.Dense(11, 2, false)))));
    }

    private static Blueprint series() {
        return new Blueprint(
                2,
                1,
                40,
                true,
                List.of(new Blueprint.Block(4, 1, 5, 1, 1, 3), new Blueprint.Block(3, 1, 3, 1, 1, 1)),
                List.of(
                        new Blueprint.Head(false, List.of(new Stage.Dense(52, 7, true), new Stage.Dense(7, 3, false))),
                        new Blueprint.Head(false, List.of(new Stage.Dense(39, 3, false)))));
    }

    static String hash(KernelChoice kernels, int threads) {
        return hash(kernels, threads, Long.MAX_VALUE);
    }

    /** @param budget bytes that the engine may keep of a batch */
    static String hash(KernelChoice kernels, int threads, long budget) {
        var digest = Hashing.sha256();
        for (Blueprint blueprint : List.of(rectified(), series(), wide())) {
            Engine engine = Engine.of(blueprint, kernels, threads, budget);
            float[] parameters = engine.parameters();
            SplittableRandom random = new SplittableRandom(4);
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] = (float) (0.6 * random.nextDouble() - 0.3);
            }
            Adam adam = new Adam(parameters.length, threads);
            for (int batch : new int[] {1, 64, 150, 37, 64}) {
                float[] images = new float[batch * blueprint.features()];
                for (int i = 0; i < images.length; i++) {
                    images[i] = (float) random.nextDouble();
                }
                double[] logits = new double[batch * blueprint.logits()];
                engine.load();
                engine.forward(images, batch, logits);
                for (int i = 0; i < logits.length; i++) {
                    logits[i] = (StrictMath.tanh(logits[i]) - i % 2) / batch;
                }
                engine.backward(logits);
                adam.step(parameters, engine.gradient(), 0.01);
            }
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * parameters.length);
            for (float value : parameters) {
                bytes.putFloat(value);
            }
            digest.update(bytes.array());
        }
        return java.util.HexFormat.of().formatHex(digest.digest());
    }
}
