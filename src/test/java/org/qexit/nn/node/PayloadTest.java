package org.qexit.nn.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.LabelledSet;
import org.qexit.nn.Activation;
import org.qexit.nn.BlockConfig;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.training.TrainedModel;
import org.qexit.nn.training.Trainer;
import org.qexit.nn.training.TrainingData;

/** What devices send. */
class PayloadTest {
    private static final LabelledSet EVENTS = Corners.events(300, 4);
    private static final String SHA = Hashing.sha256Hex(new byte[] {1});

    private static EarlyExitModel device(Activation activation, BlockConfig first) {
        return EarlyExitModel.initial(
                new ModelConfig(
                        "ue",
                        1,
                        8,
                        8,
                        activation,
                        List.of(first, BlockConfig.of(4)),
                        List.of(HeadConfig.quantum(2, 1), HeadConfig.linear())),
                RandomStreams.of(3));
    }

    /** Same-padding convolutions, activation and max pooling, written out. */
    private static float[] firstBlock(EarlyExitModel model, float[] image) {
        BlockConfig block = model.config().blocks().get(0);
        int side = 8;
        double[][] maps = {widened(image)};
        for (int c = 0; c < block.convolutions(); c++) {
            float[] weight = model.tensor("block1.conv" + (c + 1) + ".weight").values();
            float[] bias = model.tensor("block1.conv" + (c + 1) + ".bias").values();
            double[][] next = new double[block.channels()][side * side];
            for (int o = 0; o < next.length; o++) {
                for (int r = 0; r < side; r++) {
                    for (int s = 0; s < side; s++) {
                        double sum = bias[o];
                        for (int i = 0; i < maps.length; i++) {
                            for (int dr = -1; dr <= 1; dr++) {
                                for (int ds = -1; ds <= 1; ds++) {
                                    int y = r + dr;
                                    int x = s + ds;
                                    if (y >= 0 && y < side && x >= 0 && x < side) {
                                        sum += weight[((o * maps.length + i) * 3 + dr + 1) * 3 + ds + 1]
                                                * maps[i][y * side + x];
                                    }
                                }
                            }
                        }
                        next[o][r * side + s] =
                                model.config().activation() == Activation.RELU ? Math.max(0, sum) : Math.tanh(sum);
                    }
                }
            }
            maps = next;
        }
        int pool = block.pool();
        int small = side / pool;
        float[] out = new float[maps.length * small * small];
        for (int o = 0; o < maps.length; o++) {
            for (int r = 0; r < small; r++) {
                for (int s = 0; s < small; s++) {
                    double most = Double.NEGATIVE_INFINITY;
                    for (int i = 0; i < pool * pool; i++) {
                        most = Math.max(most, maps[o][(r * pool + i / pool) * side + s * pool + i % pool]);
                    }
                    out[(o * small + r) * small + s] = (float) most;
                }
            }
        }
        return out;
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void featuresAreWhatTheFirstBlockMakes(Activation activation) {
        for (BlockConfig block : List.of(BlockConfig.of(3), new BlockConfig(2, 3, 1, 2), new BlockConfig(2, 3, 3, 1))) {
            EarlyExitModel model = device(activation, block);
            LabelledSet features =
                    PayloadEncoder.features(32, model, SHA, EVENTS).encode(EVENTS);
            assertEquals(EVENTS.size(), features.size());
            assertArrayEquals(EVENTS.classes(), features.classes());
            assertArrayEquals(EVENTS.labels(), features.labels());
            for (int k = 0; k < EVENTS.size(); k += 37) {
                float[] image = EVENTS.dataset().pixels(EVENTS.indices()[k]);
                assertArrayEquals(firstBlock(model, image), features.dataset().pixels(features.indices()[k]), 2e-5f);
            }
        }
    }

    /** A byte per value is at most half a level off, and seen by the network as 0 to 1. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void levelsAreTheNearest(Activation activation) {
        EarlyExitModel model = device(activation, BlockConfig.of(3));
        PayloadEncoder exact = PayloadEncoder.features(32, model, SHA, EVENTS);
        PayloadEncoder levels = PayloadEncoder.features(8, model, SHA, EVENTS);
        Payload payload = levels.payload();
        assertEquals(3, payload.scales().size());
        LabelledSet wanted = exact.encode(EVENTS);
        LabelledSet found = levels.encode(EVENTS);
        assertTrue(found.dataset().isBytes());
        int least = 255;
        int most = 0;
        for (int k = 0; k < EVENTS.size(); k++) {
            float[] values = wanted.dataset().pixels(k);
            byte[] bytes = found.dataset().rawBytes(k);
            for (int i = 0; i < values.length; i++) {
                ChannelScale scale = payload.scales().get(i / 16);
                int level = bytes[i] & 0xff;
                least = Math.min(least, level);
                most = Math.max(most, level);
                assertEquals(values[i], scale.value(level), 0.5001f * scale.scale());
            }
        }
        assertEquals(0, least);
        assertEquals(255, most);
        assertEquals(new ChannelScale(2, 0.5f).level(1e9f), 255);
        assertEquals(new ChannelScale(2, 0.5f).level(-1e9f), 0);
        assertEquals(1, ChannelScale.between(4, 4).scale());
        assertEquals(payload, Json.parse("payload", Json.compact(payload), Payload.class));
    }

    @Test
    void bitsFollowFromWhatIsSent() {
        assertEquals(
                64 * 8 + 256, PayloadEncoder.events(EVENTS.dataset()).payload().bitsPerEvent());
        EarlyExitModel model = device(Activation.RELU, BlockConfig.of(3));
        assertEquals(
                3 * 16 * 8 + 256,
                PayloadEncoder.features(8, model, SHA, EVENTS).payload().bitsPerEvent());
        assertEquals(
                3 * 16 * 32 + 256,
                PayloadEncoder.features(32, model, SHA, EVENTS).payload().bitsPerEvent());
        assertThrows(IllegalArgumentException.class, () -> PayloadEncoder.features(16, model, SHA, EVENTS));
    }

    /** Only the model whose block the node's network was trained behind will do. */
    @Test
    void otherModelsAreRefused() {
        EarlyExitModel model = device(Activation.RELU, BlockConfig.of(3));
        Payload payload = PayloadEncoder.features(8, model, SHA, EVENTS).payload();
        LabelledSet once = PayloadEncoder.of(payload, model, SHA).encode(EVENTS);
        assertEquals(
                PayloadEncoder.features(8, model, SHA, EVENTS)
                        .encode(EVENTS)
                        .dataset()
                        .sha256(),
                once.dataset().sha256());
        String message = assertThrows(
                        UserError.class, () -> PayloadEncoder.of(payload, model, Hashing.sha256Hex(new byte[] {2})))
                .getMessage();
        assertTrue(message.contains(SHA) && message.contains("ue"), message);
        assertTrue(assertThrows(UserError.class, () -> PayloadEncoder.of(payload, null, null))
                .getMessage()
                .contains("--ue"));
        Payload event = PayloadEncoder.events(EVENTS.dataset()).payload();
        assertSame(EVENTS, PayloadEncoder.of(event, null, null).encode(EVENTS));
    }

    @Test
    void aNodesNetworkLearnsBehindTheBlock() {
        EarlyExitModel model = device(Activation.RELU, BlockConfig.of(3));
        TrainingData images = Corners.data();
        for (int bits : new int[] {8, 32}) {
            PayloadEncoder encoder = PayloadEncoder.features(bits, model, SHA, images.train());
            TrainingData features = new TrainingData(encoder.encode(images.train()), encoder.encode(images.heldOut()));
            ModelConfig network = new ModelConfig(
                    "en", null, null, null, null, List.of(BlockConfig.of(6)), List.of(HeadConfig.mlp(6)));
            EdgeRole role = new EdgeRole(
                    Corners.CRITICAL,
                    encoder.payload(),
                    new ClassTrainingConfig(8, 16, 0.02, null, null, null, null, null));
            TrainedModel trained = Trainer.ofClasses(network, role, features, RandomStreams.of(5))
                    .train();
            assertEquals(3, trained.model().config().channels());
            assertTrue(
                    trained.best().heldOutAccuracies().get(0) > 0.85,
                    bits + " bits: " + trained.best().heldOutAccuracies());
        }
    }
}
