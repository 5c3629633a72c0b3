package org.qexit.nn.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.LabelledSet;
import org.qexit.nn.Blobs;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.ThresholdChooser;
import org.qexit.nn.ThresholdMode;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.Twin;
import org.qexit.nn.loss.Surrogate;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.training.utility.HeldOutEvaluation;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.RuleKind;
import org.qexit.trace.Thresholds;

class TrainerTest {
    private static final TrainingData DATA = Blobs.data();

    private static TrainedModel train(ModelConfig model, TrainingConfig config, long seed) {
        return Trainer.of(model, config, DATA, RandomStreams.of(seed), Blobs.EXACT)
                .train();
    }

    @Test
    void learnsToFindCriticalEventsWithinTheBudget() {
        TrainedModel trained = train(Blobs.hybrid(), Blobs.training(8), 1);
        EpochRecord first = trained.history().get(0);
        EpochRecord best = trained.best();
        assertTrue(best.heldOutTruePositiveRate() >= 0.9, "TPR " + best.heldOutTruePositiveRate());
        assertTrue(best.heldOutOffloadRate() <= 0.25);
        assertTrue(best.heldOutLoss() < first.heldOutLoss());
        DeviceTrace fresh = trained.model().trace("ue1", Blobs.events(200, 9));
        HeldOutEvaluation evaluation = HeldOutEvaluation.of(fresh, trained.thresholds());
        assertTrue(evaluation.truePositiveRate() >= 0.8, "TPR " + evaluation.truePositiveRate());
    }

    /** From events to decisions through the door alone. */
    @Test
    void theDoorIsEnough(@TempDir Path directory) {
        ModelConfig model = Blobs.hybrid();
        TrainingConfig config = Blobs.training(1);
        RandomStreams random = RandomStreams.of(1);
        LabelledSet events = Blobs.events(200, 1);
        LabelledSet fresh = Blobs.events(50, 2);
        ThresholdChooser chooser = Blobs.EXACT;
        TrainingData data =
                TrainingData.of(events, config, random); // events [event][channel · height · width], pixels in [0, 1]
        TrainedModel trained = Trainer.of(model, config, data, random, chooser).train(directory);
        float[][] confidences = trained.model().confidences(fresh); // C_q, [exit][event]
        Confusion found = Confusion.of(trained.model().trace("ue1", fresh), trained.thresholds());
        assertEquals(2, confidences.length);
        assertEquals(50, confidences[1].length);
        assertEquals(50, found.events());
    }

    /** Two trainings on two threads, and each alone again: the same bytes. */
    @Test
    void sameSeedGivesSameBytesWhateverRunsBeside() {
        ModelConfig hybrid = Blobs.hybrid();
        ModelConfig classical = Twin.CLASSICAL.of(hybrid.forInput(1, Blobs.SIDE, Blobs.SIDE));
        TrainingConfig config = Blobs.training(2);
        CompletableFuture<String> first = CompletableFuture.supplyAsync(
                () -> train(hybrid, config, 3).model().sha256());
        CompletableFuture<String> second = CompletableFuture.supplyAsync(
                () -> train(classical, config, 3).model().sha256());
        String together = first.join() + second.join();
        String alone = train(hybrid, config, 3).model().sha256()
                + train(classical, config, 3).model().sha256();
        assertEquals(together, alone);
        assertNotEquals(first.join(), train(hybrid, config, 4).model().sha256());
    }

    @Test
    void resumedTrainingEndsWithTheSameBytes(@TempDir Path directory) {
        TrainingConfig config = Blobs.training(4);
        TrainedModel whole = train(Blobs.hybrid(), config, 5);
        List<Integer> epochs = new ArrayList<>();
        Path there = directory.resolve("model");
        assertThrows(
                IllegalStateException.class,
                () -> Trainer.of(Blobs.hybrid(), config, DATA, RandomStreams.of(5), Blobs.EXACT)
                        .with(record -> {
                            if (record.epoch() == 2) {
                                throw new IllegalStateException("interrupted");
                            }
                        })
                        .train(there));
        ModelDirectory.read(there);
        TrainedModel resumed = Trainer.of(Blobs.hybrid(), config, DATA, RandomStreams.of(5), Blobs.EXACT)
                .with(record -> epochs.add(record.epoch()))
                .resume(there);
        assertEquals(List.of(3, 4), epochs);
        assertEquals(whole.model().sha256(), resumed.model().sha256());
        assertEquals(withoutTimes(whole.history()), withoutTimes(resumed.history()));
        assertEquals(whole.model().sha256(), ModelDirectory.read(there).parametersSha256());
        assertFalse(Checkpoint.exists(there));
    }

    /** A model of fewer epochs than asked for, whose checkpoints are gone, is no finished training. */
    @Test
    void shortHistoriesAreNotOver(@TempDir Path directory) {
        Trainer trainer = Trainer.of(Blobs.hybrid(), Blobs.training(2), DATA, RandomStreams.of(5), Blobs.EXACT);
        trainer.train(directory);
        assertTrue(trainer.finished(directory).isPresent());
        Path history = directory.resolve("history.json");
        EpochRecord[] records = Json.read(history, EpochRecord[].class);
        Json.write(history, List.of(records[0]));
        UserError e = assertThrows(UserError.class, () -> trainer.finished(directory));
        assertTrue(e.getMessage().contains("has 1 of 2 epochs"), e.getMessage());
    }

    /** Going on from a shared warm-up gives the bytes of training from scratch, whatever budget the warm-up was given. */
    @Test
    void trainingsPartAfterASharedWarmUp() {
        TrainingConfig shared = part(Surrogate.PATH, 0.0, 0.4);
        WarmStart start = Trainer.of(Blobs.hybrid(), shared, DATA, RandomStreams.of(6), Blobs.EXACT)
                .warmUp();
        assertEquals(2, start.epochs());
        for (Surrogate surrogate : Surrogate.values()) {
            TrainingConfig config = part(surrogate, 0.5, 0.2);
            List<String> apart = new ArrayList<>();
            List<String> whole = new ArrayList<>();
            Trainer.of(Blobs.hybrid(), config, DATA, RandomStreams.of(6), Blobs.EXACT)
                    .with(models(apart))
                    .train(start);
            Trainer.of(Blobs.hybrid(), config, DATA, RandomStreams.of(6), Blobs.EXACT)
                    .with(models(whole))
                    .train();
            assertEquals(whole.subList(2, 5), apart);
        }
        TrainingConfig other = new TrainingConfig(
                new TrainingConfig.Course(5, 16, 0.02, null, null),
                null,
                new TrainingConfig.Softness(null, 2, null, null),
                new TrainingConfig.Budget(0.2, null, null, null),
                null,
                null,
                null);
        assertThrows(
                IllegalArgumentException.class,
                () -> Trainer.of(Blobs.hybrid(), other, DATA, RandomStreams.of(6), Blobs.EXACT)
                        .train(start));
        assertThrows(
                IllegalArgumentException.class,
                () -> Trainer.of(Blobs.hybrid(), shared, DATA, RandomStreams.of(7), Blobs.EXACT)
                        .train(start));
        assertThrows(
                IllegalArgumentException.class,
                () -> Trainer.of(Blobs.hybrid(), shared.withEpochs(2), DATA, RandomStreams.of(6), Blobs.EXACT)
                        .warmUp());
    }

    private static TrainingConfig part(Surrogate surrogate, double weight, double budget) {
        return new TrainingConfig(
                new TrainingConfig.Course(5, 16, 0.01, null, null),
                new TrainingConfig.Losses(null, null, surrogate, weight, null),
                new TrainingConfig.Softness(null, 2, null, null),
                new TrainingConfig.Budget(budget, null, null, null),
                null,
                null,
                null);
    }

    private static TrainingListener models(List<String> hashes) {
        return new TrainingListener() {
            @Override
            public void epochEnded(EpochRecord record) {
                throw new AssertionError("not asked");
            }

            @Override
            public void epochEnded(EpochRecord record, Supplier<EarlyExitModel> model) {
                hashes.add(model.get().sha256() + " " + record.lower() + " " + record.upper());
            }
        };
    }

    @Test
    void resumeRefusesAnotherTraining(@TempDir Path directory) throws Exception {
        UserError nothing = assertThrows(UserError.class, () -> resume(directory, 1, Blobs.training(2)));
        assertTrue(nothing.getMessage().contains("no unfinished training"), nothing.getMessage());
        TrainingConfig config = Blobs.training(3);
        assertThrows(
                IllegalStateException.class,
                () -> Trainer.of(Blobs.hybrid(), config, DATA, RandomStreams.of(1), Blobs.EXACT)
                        .with(record -> {
                            throw new IllegalStateException("interrupted");
                        })
                        .train(directory));
        UserError other = assertThrows(UserError.class, () -> resume(directory, 2, config));
        assertTrue(other.getMessage().contains("another training"), other.getMessage());
    }

    private static void resume(Path directory, long seed, TrainingConfig config) {
        Trainer.of(Blobs.hybrid(), config, DATA, RandomStreams.of(seed), Blobs.EXACT)
                .resume(directory);
    }

    @ParameterizedTest
    @EnumSource(ThresholdMode.class)
    void surrogateThresholdsFollowTheMode(ThresholdMode mode) {
        TrainingConfig config = new TrainingConfig(
                new TrainingConfig.Course(3, 16, 0.01, null, null),
                null,
                new TrainingConfig.Softness(null, 1, null, null),
                new TrainingConfig.Budget(0.25, null, null, null),
                new TrainingConfig.ThresholdSource(mode, 0.2, 0.5, null, null),
                null,
                null);
        List<EpochRecord> history = train(Blobs.hybrid(), config, 1).history();
        EpochRecord last = history.get(2);
        switch (mode) {
            case SEARCHED -> {
                assertEquals(history.get(1).lower(), last.trainingLower());
                assertEquals(history.get(1).upper(), last.trainingUpper());
            }
            case TRACKED -> {
                // 16 batches of 16 fill the ring of all 160 events; the search follows at the 16th.
                assertNotEquals(history.get(1).upper(), last.trainingUpper());
                assertTrue(last.trainingLower() >= 0 && last.trainingLower() <= last.trainingUpper());
            }
            case FIXED -> {
                assertEquals(0.2, last.trainingLower());
                assertEquals(0.5, last.trainingUpper());
            }
            case LEARNED -> {
                assertNotEquals(0.5, last.trainingUpper());
                assertTrue(last.trainingLower() >= 0 && last.trainingLower() <= last.trainingUpper());
            }
        }
    }

    private static final ThresholdChooser EACH = (trace, budget) -> {
        // Not a good search, but one whose exits differ: the exact pair, exit 1 skipped.
        Thresholds pair = (Thresholds) Blobs.EXACT.choose(trace, budget);
        float[] lower = new float[trace.exits()];
        float[] upper = new float[trace.exits()];
        Arrays.fill(lower, pair.lower());
        Arrays.fill(upper, pair.upper());
        lower[0] = ExitThresholds.BELOW_ALL;
        return ExitThresholds.of(lower, upper);
    };

    private static TrainingConfig perExit(ThresholdMode mode) {
        return new TrainingConfig(
                new TrainingConfig.Course(3, 16, 0.01, null, null),
                null,
                new TrainingConfig.Softness(null, 1, null, null),
                new TrainingConfig.Budget(0.25, null, null, null),
                new TrainingConfig.ThresholdSource(mode, 0.2, 0.5, null, RuleKind.PER_EXIT),
                null,
                null);
    }

    @ParameterizedTest
    @EnumSource(ThresholdMode.class)
    void trainsWithThresholdsPerExit(ThresholdMode mode, @TempDir Path directory) {
        TrainedModel trained = Trainer.of(Blobs.hybrid(), perExit(mode), DATA, RandomStreams.of(1), EACH)
                .train(directory.resolve("whole"));
        EpochRecord last = trained.history().get(2);
        assertNull(last.lower());
        assertNull(last.trainingLower());
        assertEquals(RuleKind.PER_EXIT, trained.thresholds().kind());
        assertEquals(trained.best().perExit(), trained.thresholds());
        ExitThresholds used = last.trainingPerExit();
        ExitThresholds begun = ExitThresholds.of(new Thresholds(0.2f, 0.5f), used.exits());
        switch (mode) {
            case SEARCHED -> assertEquals(trained.history().get(1).perExit(), used);
            case TRACKED -> assertEquals(ExitThresholds.BELOW_ALL, used.lower(0));
            case FIXED -> assertEquals(begun, used);
            case LEARNED -> {
                for (int q = 0; q < used.exits(); q++) {
                    assertNotEquals(begun.upper(q), used.upper(q));
                }
                assertNotEquals(used.upper(0), used.upper(1));
            }
        }
        // The held-out figures are those of its thresholds.
        DeviceTrace trace = trained.model().trace("held-out", DATA.heldOut());
        Confusion found = Confusion.of(trace, trained.thresholds());
        assertEquals(found.tpr().orThrow(), trained.best().heldOutTruePositiveRate(), 1e-12);
        assertEquals(found.ofr().orThrow(), trained.best().heldOutOffloadRate(), 1e-12);
        // Interrupted and taken up it is the same.
        Path other = directory.resolve("other");
        assertThrows(
                IllegalStateException.class,
                () -> Trainer.of(Blobs.hybrid(), perExit(mode), DATA, RandomStreams.of(1), EACH)
                        .with(record -> {
                            if (record.epoch() == 2) {
                                throw new IllegalStateException("interrupted");
                            }
                        })
                        .train(other));
        TrainedModel resumed = Trainer.of(Blobs.hybrid(), perExit(mode), DATA, RandomStreams.of(1), EACH)
                .resume(other);
        assertEquals(trained.thresholds(), resumed.thresholds());
        assertEquals(trained.model().sha256(), resumed.model().sha256());
        assertEquals(used, resumed.history().get(2).trainingPerExit());
    }

    @Test
    void dualAscentRaisesTheMultiplierWhileTooMuchIsOffloaded() {
        TrainingConfig config = new TrainingConfig(
                new TrainingConfig.Course(2, 16, 0.001, null, null),
                null,
                new TrainingConfig.Softness(null, 0, null, null),
                new TrainingConfig.Budget(0.01, null, null, 0.1),
                new TrainingConfig.ThresholdSource(ThresholdMode.FIXED, 0.0, 0.1, null, null),
                null,
                null);
        EpochRecord last = train(Blobs.hybrid(), config, 1).history().get(1);
        assertTrue(last.offload() > 0.01);
        assertTrue(last.multiplier() > 0.1);
    }

    @Test
    void capOnFalsePositivesHasItsOwnMultiplier() {
        TrainingConfig config = Json.parse("config", """
                {"epochs":2,"batch":16,"learningRate":0.001,"offloadBudget":0.5,"falsePositiveCap":0.01,"warmupEpochs":0,
                 "dualStep":0.1,"thresholds":"fixed","lower":0,"upper":0.1}""", TrainingConfig.class);
        EpochRecord last = train(Blobs.hybrid(), config, 1).history().get(1);
        assertTrue(last.falsePositives() > 0.01);
        assertTrue(last.falsePositiveMultiplier() > 0.1, "ν " + last.falsePositiveMultiplier());
        assertTrue(last.heldOutFalsePositiveRate() >= 0);
    }

    @Test
    void everyLossLearns() {
        for (String losses : List.of(
                "[{\"kind\":\"cross_entropy\",\"focal\":2,\"criticalWeight\":4},{\"kind\":\"distillation\"}]",
                "[{\"kind\":\"path\",\"weight\":1}]",
                "[{\"kind\":\"cross_entropy\"},{\"kind\":\"path\"},{\"kind\":\"published\"}]")) {
            String margin = losses.contains("published") ? "probability" : "logit";
            TrainingConfig config = Json.parse(
                    "config",
                    "{\"epochs\":8,\"batch\":16,\"learningRate\":0.01,\"offloadBudget\":0.25,\"multiplier\":\"implicit\",\"margin\":\""
                            + margin + "\",\"losses\":" + losses + "}",
                    TrainingConfig.class);
            EpochRecord best = train(Blobs.hybrid(), config, 1).best();
            assertTrue(best.heldOutTruePositiveRate() >= 0.85, losses + ": TPR " + best.heldOutTruePositiveRate());
        }
    }

    @Test
    void stopsWhenPatienceIsOver() {
        TrainingConfig config = Json.parse("config", """
                {"epochs":50,"batch":16,"learningRate":1e-9,"offloadBudget":0.25,"schedule":{"kind":"constant"},"patience":3}
                """, TrainingConfig.class);
        TrainedModel trained = train(Blobs.hybrid(), config, 1);
        assertEquals(trained.bestEpoch() + 3, trained.history().size());
        assertTrue(trained.history().size() < 50);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void divergenceIsTheUsersToMend(boolean quantum) {
        TrainingConfig config = new TrainingConfig(
                new TrainingConfig.Course(3, 16, 1e30, null, null), null, null, null, null, null, null);
        ModelConfig model = quantum ? Blobs.hybrid() : Twin.LINEAR.of(Blobs.hybrid());
        UserError error = assertThrows(UserError.class, () -> train(model, config, 1));
        assertTrue(error.getMessage().contains("Maybe lower learningRate"), error.getMessage());
    }

    @Test
    void configurationsThatDoNotFitAreTheUsersToMend() {
        TrainingConfig weights = Json.parse("config", "{\"exitWeights\":[1,1,1]}", TrainingConfig.class);
        assertThrows(UserError.class, () -> train(Blobs.hybrid(), weights, 1));
        ModelConfig colour = Blobs.hybrid().forInput(3, Blobs.SIDE, Blobs.SIDE);
        assertThrows(UserError.class, () -> train(colour, Blobs.training(1), 1));
        for (String wrong : List.of(
                "{\"losses\":[]}",
                "{\"losses\":[{\"kind\":\"path\",\"weight\":0}]}",
                "{\"losses\":[{\"kind\":\"path\"}],\"surrogateWeight\":1}",
                "{\"margin\":\"logit\",\"surrogate\":\"published\"}",
                "{\"falsePositiveCap\":0}",
                "{\"patience\":0}",
                "{\"schedule\":{\"kind\":\"step\",\"factor\":2}}")) {
            assertThrows(UserError.class, () -> Json.parse("config", wrong, TrainingConfig.class), wrong);
        }
        LabelledSet all = Blobs.events(20, 1);
        LabelledSet normal = all.select(new int[] {1, 2, 3});
        assertThrows(UserError.class, () -> new TrainingData(all, normal));
    }

    @Test
    void recordsSurviveJson() {
        EpochRecord record =
                train(Blobs.hybrid(), Blobs.training(1), 1).history().get(0);
        assertEquals(record, Json.parse("record", Json.compact(record), EpochRecord.class));
        TrainingConfig config = Blobs.training(7);
        assertEquals(config, Json.parse("config", Json.compact(config), TrainingConfig.class));
        TrainingConfig listed =
                Json.parse("config", "{\"losses\":[{\"kind\":\"path\"}],\"margin\":\"logit\"}", TrainingConfig.class);
        assertEquals(listed, Json.parse("config", Json.compact(listed), TrainingConfig.class));
    }

    private static List<String> withoutTimes(List<EpochRecord> history) {
        return history.stream()
                .map(record -> record.toString().replaceAll("seconds=[^,\\]]*", ""))
                .toList();
    }
}
