package org.qexit.export;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.qexit.common.RandomStreams;
import org.qexit.nn.Activation;
import org.qexit.nn.BlockConfig;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.Tensor;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.Reduction;
import org.qexit.quantum.Ansatz;

/** Small models of every kind that a configuration can ask for. */
final class RandomModels {
    private RandomModels() {}

    /** The seed decides everything; neighbouring seeds go through the kinds of heads, encodings, entanglers in turn. */
    static EarlyExitModel of(int seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("model");
        boolean signal = random.nextInt(4) == 0;
        int channels = 1 + random.nextInt(3);
        int height = signal ? 1 : 4 + random.nextInt(9);
        int width = signal ? 9 + random.nextInt(20) : 4 + random.nextInt(9);
        int exits = 1 + random.nextInt(3);
        List<BlockConfig> blocks = new ArrayList<>();
        List<HeadConfig> heads = new ArrayList<>();
        int pooled = 0;
        for (int q = 0; q < exits; q++) {
            int pool = pooled < 2 ? 1 + random.nextInt(2) : 1;
            pooled += pool - 1;
            blocks.add(new BlockConfig(1 + random.nextInt(4), 1 + 2 * random.nextInt(3), pool, 1 + random.nextInt(2)));
            heads.add(head(seed + q, random));
        }
        if (seed % 3 == 2 && exits > 1) {
            // Two blocks before the first exit.
            BlockConfig first = blocks.remove(0);
            heads.remove(0);
            BlockConfig next = blocks.get(0);
            blocks.set(
                    0,
                    new BlockConfig(next.channels(), next.kernel(), next.pool(), next.convolutions(), List.of(first)));
        }
        ModelConfig config = new ModelConfig(
                "random-" + seed,
                channels,
                height,
                width,
                random.nextBoolean() ? Activation.RELU : Activation.TANH,
                blocks,
                heads);
        return shaken(EarlyExitModel.initial(config, RandomStreams.of(seed)), random);
    }

    /** One exit with many qubits; 18 kinds: encodings, entanglers, uploads. */
    static EarlyExitModel large(int qubits, int kind) {
        SplittableRandom random = RandomStreams.of(kind).stream("large");
        HeadConfig head = HeadConfig.quantum(qubits, 2)
                .with(Ansatz.Encoding.values()[kind % 3])
                .with(Ansatz.Entangler.values()[kind / 3 % 3])
                .uploading(kind / 9 == 1, random.nextBoolean());
        ModelConfig config = new ModelConfig(
                "large-" + qubits + "-" + kind,
                1,
                4,
                4,
                Activation.TANH,
                List.of(new BlockConfig(2, 3, 2, 1)),
                List.of(head));
        return shaken(EarlyExitModel.initial(config, RandomStreams.of(kind)), random);
    }

    private static HeadConfig head(int turn, SplittableRandom random) {
        Reduction reduce = random.nextBoolean() ? Reduction.FLATTEN : Reduction.AVERAGE;
        return switch (turn % 4) {
            case 0 -> HeadConfig.linear().with(reduce);
            case 1 -> {
                int rings = random.nextInt(3);
                yield HeadConfig.mlp(1 + random.nextInt(5), rings, rings == 0 ? 0 : random.nextInt(rings + 1))
                        .with(reduce);
            }
            default -> quantum(turn, reduce, 1 + random.nextInt(5), 1 + random.nextInt(3), random);
        };
    }

    private static HeadConfig quantum(int turn, Reduction reduce, int qubits, int layers, SplittableRandom random) {
        return HeadConfig.quantum(qubits, layers)
                .with(reduce)
                .with(Ansatz.Encoding.values()[turn / 4 % 3])
                .with(Ansatz.Entangler.values()[turn / 12 % 3])
                .uploading(random.nextBoolean(), random.nextBoolean())
                .within(turn % 3 == 0);
    }

    /** Adds noise to every parameter, so that none is 0 and confidences spread. */
    private static EarlyExitModel shaken(EarlyExitModel model, SplittableRandom random) {
        List<Tensor> tensors = new ArrayList<>();
        for (Tensor tensor : model.tensors()) {
            float[] values = tensor.values().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] += (float) (0.2 * random.nextGaussian());
            }
            tensors.add(new Tensor(tensor.name(), tensor.shape(), values));
        }
        return EarlyExitModel.of(model.config(), tensors);
    }

    /** Levels 0 to 255 of random events. */
    static float[] levels(EarlyExitModel model, int events, int seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("events");
        float[] levels = new float[events * model.config().features()];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = random.nextInt(256);
        }
        return levels;
    }
}
