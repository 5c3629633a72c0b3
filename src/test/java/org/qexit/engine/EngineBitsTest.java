package org.qexit.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.OtherJvm;

/** The same bits whatever the processor, the kernels and the number of threads: the frozen hash is that of all of them. */
class EngineBitsTest {
    private static final String FROZEN = "2746a01d32e04405cb05aa5a8a2625e783352317469db0705a17c57f55fc0218";

    @ParameterizedTest
    @CsvSource({"PLAIN, 1", "AUTO, 1", "AUTO, 2", "AUTO, 3", "PLAIN, 2"})
    void kernelsAndThreadsDoNotMatter(KernelChoice kernels, int threads) {
        assertEquals(FROZEN, EngineBits.hash(kernels, threads));
    }

    /** Where a batch is too large to be kept, what backward needs is computed again. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theMemoryDoesNotMatter(int threads) {
        assertEquals(FROZEN, EngineBits.hash(KernelChoice.AUTO, threads, 0));
    }

    @Test
    void featuresAreThereWhereTheBatchWasNotKept() {
        Blueprint blueprint = new Blueprint(
                1,
                4,
                4,
                false,
                List.of(new Blueprint.Block(3, 3, 3, 1, 2, 2)),
                List.of(new Blueprint.Head(false, List.of(new Stage.Dense(12, 2, false)))));
        Engine kept = Engine.of(blueprint, KernelChoice.AUTO, 1, Long.MAX_VALUE);
        Engine again = Engine.of(blueprint, KernelChoice.AUTO, 1, 0);
        float[] images = new float[100 * 16];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) Math.cos(i);
        }
        double[][] logits = new double[2][200];
        float[][] features = new float[2][12];
        for (Engine engine : List.of(kept, again)) {
            int which = engine == kept ? 0 : 1;
            for (int i = 0; i < engine.parameters().length; i++) {
                engine.parameters()[i] = (float) Math.sin(i);
            }
            engine.load();
            engine.forward(images, 100, logits[which]);
        }
        assertArrayEquals(logits[0], logits[1], 0);
        for (int sample : new int[] {99, 3, 50, 51}) {
            kept.features(0, sample, features[0], 0);
            again.features(0, sample, features[1], 0);
            assertArrayEquals(features[0], features[1], 0);
            assertEquals(kept.stageValue(0, 0, sample, 1), again.stageValue(0, 0, sample, 1));
        }
    }

    /** Processors of before, and a JVM without the module. */
    @ParameterizedTest
    @ValueSource(strings = {"--add-modules jdk.incubator.vector -XX:UseAVX=2", "-XX:TieredStopAtLevel=1"})
    void theProcessorDoesNotMatter(String options) throws Exception {
        String said = OtherJvm.said(options, EngineBits.class);
        assertEquals(FROZEN + (options.contains("vector") ? " vector" : " plain"), said);
    }

    /** A last short batch, and a batch that is cut otherwise, have the same logits. */
    @Test
    void aSampleDoesNotSeeItsNeighbours() {
        Blueprint blueprint = new Blueprint(
                1,
                6,
                6,
                false,
                List.of(new Blueprint.Block(3, 3, 3, 1, 2, 2)),
                List.of(new Blueprint.Head(false, List.of(new Stage.Dense(27, 2, false)))));
        Engine engine = Engine.of(blueprint, KernelChoice.AUTO, 1);
        for (int i = 0; i < engine.parameters().length; i++) {
            engine.parameters()[i] = (float) Math.sin(i);
        }
        engine.load();
        float[] images = new float[50 * 36];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) Math.cos(i);
        }
        double[] all = new double[100];
        engine.forward(images, 50, all);
        for (int k = 0; k < 50; k++) {
            double[] one = new double[2];
            engine.forward(java.util.Arrays.copyOfRange(images, 36 * k, 36 * k + 36), 1, one);
            assertEquals(all[2 * k], one[0], 0.0);
            assertEquals(all[2 * k + 1], one[1], 0.0);
        }
    }
}
