package org.qexit.nn.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.LabelledSet;
import org.qexit.nn.Blobs;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ExitCost;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.node.Corners;
import org.qexit.nn.node.EdgeRole;
import org.qexit.nn.node.Payload;
import org.qexit.nn.node.PayloadEncoder;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.store.StoredModel;

/** The training of edge nodes' models. */
class ClassTrainingTest {
    private static final TrainingData DATA = Corners.data();
    private static final Payload EVENT =
            PayloadEncoder.events(DATA.train().dataset()).payload();

    @TempDir
    private Path directory;

    private static Trainer trainer(int epochs, TrainingListener listener) {
        return Trainer.ofClasses(Corners.model(), Corners.role(EVENT, epochs), DATA, RandomStreams.of(5))
                .with(listener);
    }

    private static double accuracy(EarlyExitModel model, LabelledSet events, int exit) {
        float[][][] probabilities = model.probabilities(events);
        int right = 0;
        for (int k = 0; k < events.size(); k++) {
            float[] p = probabilities[exit][k];
            double sum = 0;
            int best = 0;
            for (int c = 0; c < p.length; c++) {
                sum += p[c];
                best = p[c] > p[best] ? c : best;
            }
            assertEquals(1, sum, 1e-6);
            right += best == events.classes()[k] ? 1 : 0;
        }
        return right / (double) events.size();
    }

    @Test
    void learnsToTellClassesApartAtEveryExit() {
        TrainedModel trained = trainer(8, TrainingListener.NONE).train(directory);
        LabelledSet fresh = Corners.events(300, 9);
        for (int q = 0; q < 2; q++) {
            double accuracy = accuracy(trained.model(), fresh, q);
            assertTrue(accuracy > 0.9, "exit " + (q + 1) + ": " + accuracy);
            assertEquals(
                    accuracy(trained.model(), DATA.heldOut(), q),
                    trained.best().heldOutAccuracies().get(q),
                    1e-12);
        }
        assertEquals(Corners.CLASSES, trained.model().config().classes());
        assertNull(trained.thresholds());
        EpochRecord least = trained.history().stream()
                .min(Comparator.comparing(EpochRecord::heldOutLoss))
                .orElseThrow();
        assertEquals(least.epoch(), trained.bestEpoch());

        StoredModel stored = ModelDirectory.read(directory);
        assertEquals(trained.model().sha256(), stored.parametersSha256());
        assertEquals(Corners.role(EVENT, 8), stored.edgeNode());
        assertEquals(trained.model().config(), stored.model().config());
        assertThrows(UserError.class, () -> stored.forDevice("models/en"));
        // Another training's result is not this one's.
        assertEquals(
                trained.model().sha256(),
                trainer(8, TrainingListener.NONE)
                        .finished(directory)
                        .orElseThrow()
                        .model()
                        .sha256());
        assertThrows(UserError.class, () -> trainer(9, TrainingListener.NONE).finished(directory));
    }

    /** The held-out figure that chooses the epoch is what its definition says. */
    @Test
    void heldOutLossIsTheMeanOverTheExitsOfTheBalancedCrossEntropies() {
        TrainedModel trained = trainer(1, TrainingListener.NONE).train();
        int[] counts = new int[4];
        for (int id : DATA.train().classes()) {
            counts[id]++;
        }
        float[][][] p = trained.model().probabilities(DATA.heldOut());
        double sum = 0;
        double weights = 0;
        for (int k = 0; k < DATA.heldOut().size(); k++) {
            int id = DATA.heldOut().classes()[k];
            double weight = 240.0 / (4 * counts[id]);
            weights += weight;
            sum -= weight * (Math.log(p[0][k][id]) + Math.log(p[1][k][id])) / 2;
        }
        assertEquals(sum / weights, trained.best().heldOutLoss(), 1e-5);
    }

    @Test
    void endsWithTheSameBytesHoweverOftenItStops() throws IOException {
        TrainedModel whole = trainer(4, TrainingListener.NONE).train();
        SplittableRandom random = new SplittableRandom(3);
        TrainedModel pieces = null;
        int stops = 0;
        while (pieces == null) {
            int[] left = {2 + random.nextInt(20)};
            TrainingListener stop = new TrainingListener() {
                @Override
                public void epochEnded(EpochRecord record) {}

                @Override
                public boolean stopRequested() {
                    return --left[0] <= 0;
                }
            };
            try {
                pieces = stops == 0
                        ? trainer(4, stop).train(directory)
                        : trainer(4, stop).resume(directory);
            } catch (TrainingInterrupted e) {
                stops++;
            }
        }
        assertTrue(stops >= 2, stops + " stops");
        assertEquals(whole.model().sha256(), pieces.model().sha256());
        assertEquals(
                whole.history().stream().map(EpochRecord::heldOutLoss).toList(),
                pieces.history().stream().map(EpochRecord::heldOutLoss).toList());
        List<String> csv = Files.readAllLines(directory.resolve("metrics.csv"));
        assertEquals(
                "epoch,train/loss,train/cross_entropy_1,train/cross_entropy_2,train/learning_rate,held_out/loss,"
                        + "held_out/accuracy_1,held_out/accuracy_2,seconds",
                csv.get(0));
        assertEquals(5, csv.size());
    }

    /** Costs are counted from the shapes with K logits. */
    @Test
    void costsCountAllLogits() {
        ModelConfig model = Corners.model().forInput(1, 8, 8).withClasses(Corners.CLASSES);
        List<ExitCost> costs = ExitCost.of(model);
        // 3 × 3 convolution to 4 channels; dense of 4 · 4 · 4 to 3 angles; three angles; dense to 4 logits.
        long first = 9 * 4 + 4 + (64 * 3 + 3) + 9 + (3 * 4 + 4);
        assertEquals(first, costs.get(0).parameters());
        assertEquals(9 * 4 * 64 + 64 * 3 + 3 * 4, costs.get(0).macs());
        assertEquals(
                first + (9 * 4 * 6 + 6) + (24 * 6 + 6) + (6 * 4 + 4),
                costs.get(1).parameters());
        EarlyExitModel initial = EarlyExitModel.initial(model, RandomStreams.of(1));
        assertEquals(
                costs.get(1).parameters(),
                initial.tensors().stream().mapToInt(t -> t.values().length).sum());
    }

    @Test
    void refusesWhatDoesNotFit() {
        EdgeRole role = Corners.role(EVENT, 1);
        EdgeRole three = new EdgeRole(
                role.critical(),
                EVENT,
                Json.parse("training", "{\"exitWeights\":[1,1,1]}", org.qexit.nn.node.ClassTrainingConfig.class));
        assertEquals(
                "training of model en: exitWeights has 3 entries; expected one per exit, 2",
                assertThrows(
                                UserError.class,
                                () -> Trainer.ofClasses(Corners.model(), three, DATA, RandomStreams.of(1)))
                        .getMessage());
        EdgeRole high = new EdgeRole(List.of(7), EVENT, role.training());
        assertThrows(UserError.class, () -> Trainer.ofClasses(Corners.model(), high, DATA, RandomStreams.of(1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> Trainer.of(
                        Corners.model().withClasses(Corners.CLASSES),
                        TrainingConfig.DEFAULT,
                        DATA,
                        RandomStreams.of(1),
                        Blobs.EXACT));
        EarlyExitModel device = EarlyExitModel.initial(Blobs.hybrid().forInput(1, 8, 8), RandomStreams.of(1));
        assertThrows(IllegalArgumentException.class, () -> device.probabilities(DATA.heldOut()));
        EarlyExitModel node = EarlyExitModel.initial(
                Corners.model().forInput(1, 8, 8).withClasses(Corners.CLASSES), RandomStreams.of(1));
        assertThrows(IllegalArgumentException.class, () -> node.confidences(DATA.heldOut()));
        assertThrows(
                IllegalArgumentException.class,
                () -> trainer(1, TrainingListener.NONE).warmUp());
        assertArrayEquals(new boolean[] {false, true, false, true}, role.criticalOf(4));
    }
}
