package org.qexit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.Reduction;
import org.qexit.quantum.Ansatz;

class ModelConfigTest {
    private static ModelConfig hybrid() {
        return Blobs.hybrid().forInput(1, 8, 8);
    }

    /** Counted by hand for 8×8 inputs, blocks of 3 and 4 channels, heads of 2 qubits × 1 layer and 3 qubits × 2 layers. */
    @Test
    void costsAreThoseCountedByHand() {
        List<ExitCost> costs = ExitCost.of(hybrid());
        ExitCost first = costs.get(0);
        // conv 9*1*3+3; head: 48 features to 2 angles, 6 thetas, 2 to 2.
        assertEquals(30 + (48 * 2 + 2) + 6 + (2 * 2 + 2), first.parameters());
        assertEquals(27 * 64 + 48 * 2 + 2 * 2, first.macs());
        // conv 30 + 64 + 192, pool 192 + 48, dense 98 + 48 + 2, circuit 6 + 2 + 2, dense 6 + 2 + 2.
        assertEquals(286 + 240 + 148 + 10 + 10, first.memoryAccesses());
        assertEquals(2, first.qubits());
        assertEquals(2, first.twoQubitGates());
        // RY, RX RY RZ, then two CNOTs in a row on the same pair.
        assertEquals(6, first.circuitDepth());
        // 2 RY, 2 times RX RY RZ, 2 CNOTs; exact values have no shots.
        assertEquals(10, first.gates());
        assertEquals(0, first.circuitOperations());
        ExitCost second = costs.get(1);
        int head = 16 * 3 + 3 + 18 + 3 * 2 + 2;
        assertEquals(first.parameters() + (9 * 3 * 4 + 4) + head, second.parameters());
        assertEquals(head, second.headParameters());
        assertEquals(first.macs() + 108 * 16 + 16 * 3 + 3 * 2, second.macs());
    }

    @Test
    void costsAgreeWithTheTensorsThatAreStored() {
        for (ModelConfig model : List.of(hybrid(), Twin.CLASSICAL.of(hybrid()), Twin.LINEAR.of(hybrid()))) {
            List<ExitCost> costs = ExitCost.of(model);
            assertEquals(
                    TensorLayout.of(model).size(), costs.get(costs.size() - 1).parameters());
            for (int q = 0; q < costs.size(); q++) {
                assertEquals(
                        model.heads().get(q).parameters(model.headFeatures(q), 2),
                        costs.get(q).headParameters());
            }
        }
    }

    /** No other width of the hidden layer comes nearer. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "4, 2", "6, 2", "8, 6", "3, 40"})
    void classicalTwinIsTheNearestInSize(int qubits, int layers) {
        for (Reduction reduction : Reduction.values()) {
            ModelConfig model = new ModelConfig(
                    "m",
                    1,
                    8,
                    8,
                    null,
                    List.of(BlockConfig.of(5)),
                    List.of(HeadConfig.quantum(qubits, layers).with(reduction)));
            HeadConfig twin = Twin.CLASSICAL.of(model).heads().get(0);
            int features = model.headFeatures(0);
            long wanted = model.heads().get(0).parameters(features, 2);
            long distance = Math.abs(twin.parameters(features, 2) - wanted);
            for (int hidden = 1; hidden < 500; hidden++) {
                long other = HeadConfig.mlp(hidden).parameters(features, 2);
                assertTrue(distance <= Math.abs(other - wanted), "hidden " + hidden + " is nearer than " + twin);
            }
        }
    }

    @Test
    void separableTwinHasNoEntanglers() {
        assertEquals(0, ExitCost.of(Twin.SEPARABLE.of(hybrid())).get(1).twoQubitGates());
        assertEquals(
                HeadConfig.quantum(2, 1).with(Ansatz.Entangler.NONE),
                Twin.SEPARABLE.of(hybrid()).heads().get(0));
    }

    @Test
    void shapesFollowThePooling() {
        ModelConfig model = new ModelConfig(
                "m",
                1,
                28,
                28,
                null,
                List.of(BlockConfig.of(8), BlockConfig.of(16), BlockConfig.of(32)),
                List.of(HeadConfig.linear(), HeadConfig.linear(), HeadConfig.linear()));
        assertArrayEquals(new int[] {32, 3, 3}, model.shapes().get(2));
    }

    /** Two exits, and the same network without the first one, with the same numbers in it: the last exits say the same. */
    @Test
    void blocksBeforeABlockAreTheSameNetworkWithoutTheirExits() {
        List<BlockConfig> blocks =
                List.of(new BlockConfig(3, 3, 2, 2), new BlockConfig(2, 1, 1, 1), new BlockConfig(4, 3, 2, 1));
        List<HeadConfig> heads = List.of(HeadConfig.linear(), HeadConfig.linear(), HeadConfig.mlp(2));
        ModelConfig three = new ModelConfig("three", 2, 9, 8, null, blocks, heads);
        ModelConfig one = new ModelConfig(
                "one",
                2,
                9,
                8,
                null,
                List.of(new BlockConfig(4, 3, 2, 1, blocks.subList(0, 2))),
                List.of(HeadConfig.mlp(2)));
        EarlyExitModel trained = EarlyExitModel.initial(three, RandomStreams.of(3));
        List<Tensor> kept = trained.tensors().stream()
                .filter(tensor ->
                        !tensor.name().startsWith("exit1") && !tensor.name().startsWith("exit2"))
                .toList();
        List<TensorLayout.Slot> slots = TensorLayout.of(one).slots();
        assertEquals(slots.size(), kept.size());
        List<Tensor> renamed = new java.util.ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            assertArrayEquals(slots.get(i).shape(), kept.get(i).shape());
            renamed.add(new Tensor(
                    slots.get(i).name(), slots.get(i).shape(), kept.get(i).values()));
        }
        float[] events = new float[5 * three.features()];
        java.util.SplittableRandom random = new java.util.SplittableRandom(4);
        for (int i = 0; i < events.length; i++) {
            events[i] = (float) random.nextDouble();
        }
        assertArrayEquals(
                trained.confidences(events, 5)[2],
                EarlyExitModel.of(one, renamed).confidences(events, 5)[0]);

        List<ExitCost> costs = ExitCost.of(three);
        long earlier = costs.get(0).headParameters() + costs.get(1).headParameters();
        ExitCost alone = ExitCost.of(one).get(0);
        assertEquals(costs.get(2).parameters() - earlier, alone.parameters());
        // Linear heads on 3 x 4 x 4 and 2 x 4 x 4 features, two logits each.
        assertEquals(costs.get(2).macs() - 2 * (48 + 32), alone.macs());
        assertEquals(one, Json.parse("again", Json.compact(one), ModelConfig.class));
    }

    @Test
    void blocksBeforeBlocksBeforeABlockAreRefused() {
        UserError error = assertThrows(
                UserError.class,
                () -> Json.parse(
                        "config",
                        "{\"channels\":4,\"before\":[{\"channels\":2,\"before\":[{\"channels\":2}]}]}",
                        BlockConfig.class));
        assertTrue(error.getMessage().contains("before stands within before"), error.getMessage());
        assertEquals(new BlockConfig(4, null, null, null), new BlockConfig(4, null, null, null, List.of()));
    }

    @Test
    void readsFromYamlStyleJson() {
        ModelConfig model = Json.parse(
                "config",
                "{\"name\":\"h\",\"blocks\":[{\"channels\":4,\"pool\":1}],"
                        + "\"heads\":[{\"kind\":\"quantum\",\"qubits\":4,\"entangler\":\"cz_ring\",\"reduce\":\"average\"}]}",
                ModelConfig.class);
        assertEquals(
                HeadConfig.quantum(4, 2).with(Ansatz.Entangler.CZ_RING).with(Reduction.AVERAGE),
                model.heads().get(0));
        assertEquals(model, Json.parse("again", Json.compact(model), ModelConfig.class));
    }

    /** As written, and as older versions wrote them, which left out what did not exist yet. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"kind\":\"LINEAR\",\"reduce\":\"AVERAGE\"}|{\"kind\":\"linear\",\"reduce\":\"average\"}",
                "{\"kind\":\"MLP\",\"reduce\":\"FLATTEN\",\"hidden\":3,\"rings\":2}|{\"kind\":\"Mlp\",\"hidden\":3,\"rings\":2,\"skips\":0}",
                "{\"kind\":\"QUANTUM\",\"reduce\":\"FLATTEN\",\"qubits\":4,\"layers\":2,\"encoding\":\"RY\",\"entangler\":\"CNOT_RING\","
                        + "\"reupload\":false,\"inputScaling\":false}"
                        + "|{\"kind\":\"QUANTUM\",\"reduce\":\"FLATTEN\",\"qubits\":4,\"layers\":2,\"encoding\":\"RY\",\"entangler\":\"CNOT_RING\","
                        + "\"reupload\":false}",
            })
    void headsAreWrittenAsEverAndReadInAnyCase(String written, String text) {
        HeadConfig head = Json.parse("head", text, HeadConfig.class);
        assertEquals(written, Json.compact(head));
        assertEquals(head, Json.parse("head", written, HeadConfig.class));
    }

    @Test
    void unknownHeadIsRefusedWithTheKnownOnes() {
        UserError error =
                assertThrows(UserError.class, () -> Json.parse("config", "{\"kind\":\"forest\"}", HeadConfig.class));
        assertEquals("config: field 'kind' is 'forest'; expected one of: linear, mlp, quantum", error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"h\",\"blocks\":[],\"heads\":[]}",
                "{\"name\":\"h\",\"blocks\":[{\"channels\":4}],\"heads\":[]}",
                "{\"name\":\"h\",\"blocks\":[{\"channels\":0}],\"heads\":[{\"kind\":\"linear\"}]}",
                "{\"name\":\"h\",\"blocks\":[{\"channels\":4,\"kernel\":2}],\"heads\":[{\"kind\":\"linear\"}]}",
                "{\"name\":\"h\",\"blocks\":[{\"channels\":4}],\"heads\":[{\"kind\":\"mlp\"}]}",
                "{\"name\":\"h\",\"blocks\":[{\"channels\":4}],\"heads\":[{\"kind\":\"quantum\"}]}",
                "{\"name\":\"h\",\"blocks\":[{\"channels\":4}],\"heads\":[{\"kind\":\"linear\",\"qubits\":4}]}",
                "{\"name\":\"h\",\"blocks\":[{\"channels\":4}],\"heads\":[{\"kind\":\"quantum\",\"qubits\":17}]}",
                "{\"name\":\"h\",\"channels\":1,\"height\":3,\"width\":3,\"blocks\":[{\"channels\":4,\"pool\":4}],"
                        + "\"heads\":[{\"kind\":\"linear\"}]}",
            })
    void refusesWhatCannotBeBuilt(String text) {
        UserError error = assertThrows(UserError.class, () -> Json.parse("config", text, ModelConfig.class));
        assertEquals(1, error.getMessage().lines().count());
    }

    @Test
    void refusesDataOfAnotherShape() {
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> hybrid().forInput(3, 8, 8));
        assertTrue(error.getMessage().contains("channels is 1 but the data has 3"), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"epochs\":0}",
                "{\"batch\":1}",
                "{\"learningRate\":0}",
                "{\"offloadBudget\":0}",
                "{\"offloadBudget\":1.5}",
                "{\"heldOutFraction\":1}",
                "{\"exitWeights\":[0,0]}",
                "{\"steepnessStart\":20,\"steepnessEnd\":10}",
                "{\"lower\":0.7,\"upper\":0.2}",
                "{\"surrogate\":\"none\"}",
                "{\"epoch\":3}",
            })
    void refusesTrainingThatMakesNoSense(String text) {
        assertThrows(UserError.class, () -> Json.parse("config", text, TrainingConfig.class));
    }

    /** Fingerprints of checkpoints and model.json stand on these bytes. */
    @Test
    void trainingIsWrittenFlatWithEveryDefault() {
        String defaults =
                "{\"epochs\":8,\"batch\":64,\"learningRate\":0.003,\"heldOutFraction\":0.2,\"criticalWeight\":1.0,"
                        + "\"offloadBudget\":0.12,\"surrogate\":\"PATH\",\"surrogateWeight\":0.5,\"warmupEpochs\":1,\"steepnessStart\":10.0,"
                        + "\"steepnessEnd\":40.0,\"dualStep\":0.02,\"thresholds\":\"SEARCHED\",\"lower\":0.1,\"upper\":0.6,\"margin\":\"PROBABILITY\","
                        + "\"multiplier\":\"ASCENT\",\"thresholdMemory\":2048,\"schedule\":{\"kind\":\"cosine\",\"floor\":0.0,\"warmUpEpochs\":0.0},"
                        + "\"calibrate\":false}";
        assertEquals(defaults, Json.compact(TrainingConfig.DEFAULT));
        assertEquals(TrainingConfig.DEFAULT, Json.parse("config", "{}", TrainingConfig.class));
        assertEquals(TrainingConfig.DEFAULT, Json.parse("config", defaults, TrainingConfig.class));
    }

    @Test
    void everyTrainingSettingIsReadAndWrittenAgain() {
        String all =
                "{\"epochs\":3,\"batch\":32,\"learningRate\":0.01,\"heldOutFraction\":0.3,\"offloadBudget\":0.2,\"warmupEpochs\":2,"
                        + "\"steepnessStart\":3.0,\"steepnessEnd\":9.0,\"dualStep\":0.1,\"thresholds\":\"TRACKED\",\"lower\":0.2,\"upper\":0.7,"
                        + "\"losses\":[{\"kind\":\"path\",\"weight\":0.4}],\"margin\":\"LOGIT\",\"multiplier\":\"IMPLICIT\",\"falsePositiveCap\":0.05,"
                        + "\"thresholdMemory\":100,\"schedule\":{\"kind\":\"constant\",\"warmUpEpochs\":1.0},\"patience\":4,\"calibrate\":true}";
        assertEquals(all, Json.compact(Json.parse("config", all, TrainingConfig.class)));
    }

    @Test
    void wrongTrainingSettingIsNamedWhereItStands() {
        UserError error = assertThrows(
                UserError.class, () -> Json.parseYaml("run.yaml", "training: {epochs: 0}", TrainingHolder.class));
        assertEquals("run.yaml line 1: field 'training': epochs is 0; expected 1 to 100000", error.getMessage());
    }

    private record TrainingHolder(TrainingConfig training) {}

    @Test
    void steepnessGrowsGeometricallyAfterTheWarmUp() {
        TrainingConfig config = Json.parse(
                "config",
                "{\"epochs\":6,\"warmupEpochs\":1,\"steepnessStart\":10,\"steepnessEnd\":160}",
                TrainingConfig.class);
        double[] expected = {10, 10, 20, 40, 80, 160};
        for (int epoch = 0; epoch < expected.length; epoch++) {
            assertEquals(expected[epoch], config.steepness(epoch), 1e-9);
        }
    }
}
