package org.qexit.nn;

import java.util.List;
import java.util.SplittableRandom;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.training.TrainingData;
import org.qexit.threshold.Frontier;

/** Small noisy images, the critical ones with a bright corner. */
public final class Blobs {
    public static final int SIDE = 8;
    public static final ThresholdChooser EXACT = (trace, budget) ->
            Frontier.of(trace).within((long) Math.floor(budget * trace.size())).thresholds();

    private Blobs() {}

    public static LabelledSet events(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] pixels = new float[count][SIDE * SIDE];
        int[] classes = new int[count];
        int[] indices = new int[count];
        byte[] labels = new byte[count];
        for (int k = 0; k < count; k++) {
            labels[k] = (byte) (k % 5 == 0 ? 1 : 0);
            classes[k] = labels[k];
            indices[k] = k;
            for (int i = 0; i < pixels[k].length; i++) {
                boolean corner = i / SIDE < 4 && i % SIDE < 4;
                pixels[k][i] = (float) (0.6 * random.nextDouble() + (corner && labels[k] == 1 ? 0.4 : 0));
            }
        }
        Dataset dataset =
                Dataset.ofFloats("blobs", new int[] {1, SIDE, SIDE}, pixels, classes, List.of("normal", "critical"));
        return new LabelledSet(dataset, indices, labels, classes);
    }

    public static TrainingData data() {
        return new TrainingData(events(160, 1), events(80, 2));
    }

    public static ModelConfig hybrid() {
        return new ModelConfig(
                "hybrid",
                null,
                null,
                null,
                null,
                List.of(BlockConfig.of(3), BlockConfig.of(4)),
                List.of(HeadConfig.quantum(2, 1), HeadConfig.quantum(3, 2)));
    }

    public static TrainingConfig training(int epochs) {
        return new TrainingConfig(
                new TrainingConfig.Course(epochs, 16, 0.01, null, null),
                null,
                null,
                new TrainingConfig.Budget(0.25, null, null, null),
                null,
                null,
                null);
    }
}
