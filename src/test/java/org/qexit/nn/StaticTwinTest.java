package org.qexit.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.loss.LossTerm;

class StaticTwinTest {
    private static ModelConfig model(SplittableRandom random) {
        int side = 8 + random.nextInt(20);
        return new ModelConfig(
                "m",
                1 + random.nextInt(3),
                random.nextInt(4) == 0 ? 1 : side,
                side,
                null,
                List.of(
                        new BlockConfig(1 + random.nextInt(9), 3, 2, 1 + random.nextInt(2)),
                        new BlockConfig(1 + random.nextInt(16), 3, 2, 1),
                        new BlockConfig(1 + random.nextInt(32), 3, 1, 1 + random.nextInt(2))),
                List.of(HeadConfig.linear(), HeadConfig.mlp(3), HeadConfig.quantum(1 + random.nextInt(4), 1)));
    }

    /** Tried one by one: no other width of the last block comes nearer, and another channel before it would cost too much. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void costsWhatIsWantedAsNearlyAsItsWidthAllows(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ModelConfig model = model(random);
        List<ExitCost> costs = ExitCost.of(model);
        double least = 0.3 * costs.get(0).macs();
        double wanted = least + random.nextDouble() * (costs.get(2).macs() - least);
        ModelConfig twin = StaticTwin.of(model, wanted);
        assertEquals("m-static", twin.name());
        assertEquals(List.of(model.heads().get(2)), twin.heads());
        BlockConfig block = twin.blocks().get(0);
        assertEquals(2, block.before().size());
        double distance = Math.abs(StaticTwin.macs(twin) - wanted);
        for (int width = 1; width < 200; width++) {
            BlockConfig other =
                    new BlockConfig(width, block.kernel(), block.pool(), block.convolutions(), block.before());
            ModelConfig beside = new ModelConfig(
                    "n", model.channels(), model.height(), model.width(), null, List.of(other), twin.heads());
            assertTrue(distance <= Math.abs(StaticTwin.macs(beside) - wanted), width + " comes nearer than " + twin);
        }
        for (int b = 0; b < 2; b++) {
            int own = block.before().get(b).channels();
            double share = (double) own / model.blocks().get(b).channels();
            assertTrue(own <= model.blocks().get(b).channels() && own >= 1, "share " + share);
        }
    }

    @Test
    void nothingIsNarrowerThanOneChannel() {
        ModelConfig twin = StaticTwin.of(model(new SplittableRandom(5)), 0);
        BlockConfig block = twin.blocks().get(0);
        assertEquals(1, block.channels());
        assertTrue(block.before().stream().allMatch(part -> part.channels() == 1));
    }

    @Test
    void theWholeNetworkIsItsOwnTwinAtItsOwnCost() {
        ModelConfig model = model(new SplittableRandom(9));
        ModelConfig twin = StaticTwin.of(model, ExitCost.of(model).get(2).macs());
        assertEquals(
                List.of(model.blocks().get(0), model.blocks().get(1)),
                twin.blocks().get(0).before());
    }

    @Test
    void trainingKeepsTheLastExitsWeightAlone() {
        TrainingConfig weighted = new TrainingConfig(
                null,
                new TrainingConfig.Losses(List.of(1.0, 2.0, 0.5), 3.0, null, null, null),
                null,
                null,
                null,
                null,
                null);
        assertEquals(List.of(0.5), weighted.forLastExit().losses().exitWeights());
        assertEquals(3.0, weighted.forLastExit().losses().criticalWeight());
        assertNull(TrainingConfig.DEFAULT.forLastExit().losses().exitWeights());
        List<LossTerm> terms = List.of(
                new LossTerm.CrossEntropy(0.7, List.of(1.0, 0.0), 2.0, 1.0), new LossTerm.Distillation(0.3, null));
        TrainingConfig listed = new TrainingConfig(
                null, new TrainingConfig.Losses(null, null, null, null, terms), null, null, null, null, null);
        assertEquals(
                List.of(new LossTerm.CrossEntropy(0.7, null, 2.0, 1.0), terms.get(1)),
                listed.forLastExit().losses().list());
    }
}
