package org.qexit.nn.node;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.data.Task;
import org.qexit.nn.BlockConfig;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.training.TrainingData;

/** Small noisy images of four classes, each with a bright corner of its own; classes 1 and 3 are critical, and 3 is rare. */
public final class Corners {
    public static final int SIDE = 8;
    public static final List<String> CLASSES = List.of("north-west", "north-east", "south-west", "south-east");
    public static final List<Integer> CRITICAL = List.of(1, 3);

    private Corners() {}

    public static LabelledSet events(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[][] pixels = new byte[count][SIDE * SIDE];
        int[] classes = new int[count];
        for (int k = 0; k < count; k++) {
            classes[k] = k % 10 == 9 ? 3 : k % 3;
            for (int i = 0; i < pixels[k].length; i++) {
                boolean east = i % SIDE >= 4;
                boolean south = i / SIDE >= 4;
                boolean bright = classes[k] == (east ? 1 : 0) + (south ? 2 : 0);
                pixels[k][i] = (byte) (150 * random.nextDouble() + (bright ? 70 : 0));
            }
        }
        Dataset dataset = Dataset.ofBytes("corners", new int[] {1, SIDE, SIDE}, pixels, classes, CLASSES);
        return LabelledSet.of(
                dataset,
                new Task(CRITICAL, null, null, true),
                IntStream.range(0, count).toArray());
    }

    public static TrainingData data() {
        return new TrainingData(events(240, 1), events(120, 2));
    }

    /** Its classes are still open. */
    public static ModelConfig model() {
        return new ModelConfig(
                "en",
                null,
                null,
                null,
                null,
                List.of(BlockConfig.of(4), BlockConfig.of(6)),
                List.of(HeadConfig.quantum(3, 1), HeadConfig.mlp(6)));
    }

    public static EdgeRole role(Payload payload, int epochs) {
        return new EdgeRole(
                CRITICAL,
                payload,
                new ClassTrainingConfig(epochs, 16, 0.02, null, null, null, null, List.of(0.5, 1.0)));
    }
}
