package org.qexit.nn.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.nn.Blobs;
import org.qexit.nn.BlockConfig;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.Twin;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.store.ModelDirectory;

/** What stops a training, and what it comes to when it goes on. */
class InterruptedTrainingTest {
    private static final TrainingData DATA = Blobs.data();
    private static final int EPOCHS = 5;
    private static final int STEPS = 10;

    @TempDir
    private Path directory;

    /** Counts steps, and asks to stop after some of them. */
    private static final class StopAfter implements TrainingListener {
        private int left;

        StopAfter(int steps) {
            left = steps;
        }

        @Override
        public void epochEnded(EpochRecord record) {}

        @Override
        public boolean stopRequested() {
            left--;
            return left <= 0;
        }
    }

    private static TrainingConfig config(String settings) {
        return Json.parse(
                "config",
                "{\"epochs\":" + EPOCHS + ",\"batch\":16,\"offloadBudget\":0.25," + settings + "}",
                TrainingConfig.class);
    }

    private static ModelConfig measured() {
        return new ModelConfig(
                "measured",
                null,
                null,
                null,
                null,
                List.of(BlockConfig.of(2), BlockConfig.of(2)),
                List.of(HeadConfig.linear(), HeadConfig.quantum(2, 1).measured(50, null)));
    }

    private TrainedModel train(ModelConfig model, TrainingConfig config, TrainingListener listener, Path there) {
        Trainer trainer = Trainer.of(model, config, DATA, RandomStreams.of(5), Blobs.EXACT)
                .with(listener);
        return there == null ? trainer.train() : trainer.train(there);
    }

    private TrainedModel resume(ModelConfig model, TrainingConfig config, TrainingListener listener) {
        return Trainer.of(model, config, DATA, RandomStreams.of(5), Blobs.EXACT)
                .with(listener)
                .resume(directory);
    }

    /** Stopped again and again in the middle of epochs; shots, dual variables, learnt and tracked thresholds go on as they were. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"thresholds\":\"tracked\",\"thresholdMemory\":64,\"multiplier\":\"implicit\",\"margin\":\"logit\"",
                "\"thresholds\":\"learned\",\"falsePositiveCap\":0.05,\"schedule\":{\"kind\":\"step\",\"everyEpochs\":1,\"warmUpEpochs\":0.5}",
                "\"thresholds\":\"searched\",\"patience\":2",
            })
    void endsWithTheSameBytesHoweverOftenItStops(String settings) {
        TrainingConfig config = config(settings);
        for (ModelConfig model : List.of(settings.contains("patience") ? measured() : Blobs.hybrid())) {
            TrainedModel whole = train(model, config, TrainingListener.NONE, null);
            SplittableRandom random = new SplittableRandom(settings.hashCode());
            TrainedModel pieces = null;
            int stops = 0;
            while (pieces == null) {
                StopAfter stop = new StopAfter(1 + random.nextInt(12));
                try {
                    pieces = stops == 0 ? train(model, config, stop, directory) : resume(model, config, stop);
                } catch (TrainingInterrupted e) {
                    stops++;
                    assertTrue(Checkpoint.files(directory).size() <= 2);
                    assertTrue(e.getMessage().contains("is written"), e.getMessage());
                }
            }
            assertTrue(stops >= 2, stops + " stops");
            assertEquals(whole.model().sha256(), pieces.model().sha256());
            assertEquals(withoutTimes(whole.history()), withoutTimes(pieces.history()));
            assertEquals(whole.thresholds(), pieces.thresholds());
            assertEquals(whole.model().sha256(), ModelDirectory.read(directory).parametersSha256());
            assertFalse(Checkpoint.exists(directory));
        }
    }

    private void stopAfter(int steps, TrainingConfig config) {
        assertThrows(TrainingInterrupted.class, () -> train(Blobs.hybrid(), config, new StopAfter(steps), directory));
    }

    @ParameterizedTest
    @ValueSource(strings = {"flip", "truncate", "empty", "header"})
    void aDamagedCheckpointGivesWayToTheOneBefore(String damage) throws IOException {
        TrainingConfig config = config("\"thresholds\":\"tracked\"");
        TrainedModel whole = train(Blobs.hybrid(), config, TrainingListener.NONE, null);
        stopAfter(2 * STEPS + 3, config);
        List<Path> files = Checkpoint.files(directory);
        assertEquals(
                List.of("training-0000000023.ckpt", "training-0000000020.ckpt"),
                files.stream().map(file -> file.getFileName().toString()).toList());
        damage(files.get(0), damage);
        TrainedModel resumed = resume(Blobs.hybrid(), config, TrainingListener.NONE);
        assertEquals(whole.model().sha256(), resumed.model().sha256());
        assertEquals(withoutTimes(whole.history()), withoutTimes(resumed.history()));
    }

    @Test
    void nothingIsLeftWhereBothAreDamaged() throws IOException {
        TrainingConfig config = config("\"thresholds\":\"searched\"");
        stopAfter(STEPS + 3, config);
        for (Path file : Checkpoint.files(directory)) {
            damage(file, "flip");
        }
        UserError error = assertThrows(UserError.class, () -> resume(Blobs.hybrid(), config, TrainingListener.NONE));
        assertTrue(error.getMessage().contains("training-0000000013.ckpt is damaged"), error.getMessage());
        assertTrue(error.getMessage().contains("training-0000000010.ckpt is damaged"), error.getMessage());
        assertTrue(error.getMessage().contains("No checkpoint is left"), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    /** Every single flipped bit is noticed. */
    @Test
    void everyFlippedBitIsNoticed() throws IOException {
        TrainingConfig config = config("\"thresholds\":\"searched\"");
        stopAfter(3, config);
        Path file = Checkpoint.files(directory).get(0);
        Files.delete(Checkpoint.files(directory).get(1));
        byte[] bytes = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(1);
        for (int trial = 0; trial < 60; trial++) {
            byte[] broken = bytes.clone();
            broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, broken);
            assertThrows(
                    UserError.class,
                    () -> Checkpoint.read(
                            directory,
                            Checkpoint.fingerprint(
                                    Blobs.hybrid().forInput(1, Blobs.SIDE, Blobs.SIDE),
                                    Json.compact(config),
                                    DATA,
                                    5)));
        }
        Files.write(file, bytes);
        assertEquals(
                3,
                Checkpoint.read(
                                directory,
                                Checkpoint.fingerprint(
                                        Blobs.hybrid().forInput(1, Blobs.SIDE, Blobs.SIDE),
                                        Json.compact(config),
                                        DATA,
                                        5))
                        .state()
                        .step());
    }

    private static void damage(Path file, String kind) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        switch (kind) {
            case "flip" -> bytes[bytes.length / 2] ^= 4;
            case "truncate" -> bytes = java.util.Arrays.copyOf(bytes, bytes.length - 1000);
            case "empty" -> bytes = new byte[0];
            default -> bytes[9] = 127;
        }
        Files.write(file, bytes);
    }

    @Test
    void namesTheEventsThatMadeTheLossNoNumber() {
        float[] images = new float[5 * 3];
        double[] margins = new double[5 * 2];
        assertEquals(5, Divergence.places(images, margins, 5).length);
        margins[2 * 3 + 1] = Double.NaN;
        images[3] = Float.POSITIVE_INFINITY;
        assertArrayEquals(new int[] {1, 3}, Divergence.places(images, margins, 5));
        UserError error = new Divergence("the loss is NaN", "epoch 2, batch 7 of 10", new int[] {412, 37}, 5)
                .error(new TrainingTask(
                        Blobs.hybrid(),
                        new UtilityAim(
                                Json.parse("config", "{\"learningRate\":0.1}", TrainingConfig.class), Blobs.EXACT),
                        DATA,
                        RandomStreams.of(5),
                        TrainingListener.NONE));
        assertEquals(
                "training of hybrid diverged: the loss is NaN in epoch 2, batch 7 of 10, from 2 of 5 of its events: 37, 412"
                        + " of blobs; the last checkpoint is kept. Maybe lower learningRate, now 0.1",
                error.getMessage());
    }

    /** A rate that throws the parameters away after some good steps: what was written before is whole and finite. */
    @Test
    void divergenceKeepsTheLastGoodCheckpoint() {
        TrainingConfig config =
                config("\"thresholds\":\"searched\",\"learningRate\":1e30").withEpochs(3);
        UserError error = assertThrows(
                UserError.class, () -> train(Twin.LINEAR.of(Blobs.hybrid()), config, TrainingListener.NONE, directory));
        assertTrue(
                error.getMessage()
                        .matches(
                                "training of .* diverged: .* in epoch 1, batch [0-9]+ of 10, from .* of its events: .*"),
                error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
        Checkpoint kept = Checkpoint.read(
                directory,
                Checkpoint.fingerprint(
                        Twin.LINEAR.of(Blobs.hybrid()).forInput(1, Blobs.SIDE, Blobs.SIDE),
                        Json.compact(config),
                        DATA,
                        5));
        for (float value : kept.parameters()) {
            assertTrue(Float.isFinite(value));
        }
    }

    @Test
    void aFinishedTrainingIsNotTrainedAgain() {
        TrainingConfig config = config("\"thresholds\":\"searched\"").withEpochs(1);
        assertTrue(Trainer.of(Blobs.hybrid(), config, DATA, RandomStreams.of(5), Blobs.EXACT)
                .finished(directory)
                .isEmpty());
        TrainedModel trained = train(Blobs.hybrid(), config, TrainingListener.NONE, directory);
        TrainedModel read = Trainer.of(Blobs.hybrid(), config, DATA, RandomStreams.of(5), Blobs.EXACT)
                .finished(directory)
                .orElseThrow();
        assertEquals(trained.model().sha256(), read.model().sha256());
        assertEquals(trained.history(), read.history());
        assertThrows(
                UserError.class,
                () -> Trainer.of(Blobs.hybrid(), config, DATA, RandomStreams.of(6), Blobs.EXACT)
                        .finished(directory));
    }

    @Test
    void metricsSayWhatTheHistorySays() throws IOException {
        TrainingConfig config = config("\"falsePositiveCap\":0.05");
        stopAfter(2 * STEPS + 3, config);
        TrainedModel trained = resume(Blobs.hybrid(), config, TrainingListener.NONE);
        List<String> lines = Files.readAllLines(directory.resolve(TrainingDirectory.METRICS));
        assertEquals(EPOCHS + 1, lines.size());
        List<String> names = List.of(lines.get(0).split(","));
        var events = EventFileTest.events(Files.readAllBytes(directory.resolve(TrainingDirectory.EVENTS)));
        assertEquals(EPOCHS + 2, events.size(), "an event per epoch behind the header and the settings, each once");
        for (int e = 0; e < EPOCHS; e++) {
            EpochRecord record = trained.history().get(e);
            List<String> row = List.of(lines.get(e + 1).split(",", -1));
            assertEquals(names.size(), row.size());
            assertEquals(record.epoch(), Integer.parseInt(row.get(0)));
            assertEquals(record.loss(), Double.parseDouble(row.get(names.indexOf("train/loss"))));
            assertEquals(
                    record.heldOutTruePositiveRate(),
                    Double.parseDouble(row.get(names.indexOf("held_out/true_positive_rate"))));
            assertEquals(e == 0, row.get(names.indexOf("train/utility")).isEmpty());
            assertEquals(
                    record.epoch(),
                    events.get(e + 2).getField(2).getVarintList().get(0));
            assertEquals(
                    record.multiplier().floatValue(),
                    EventFileTest.scalars(events.get(e + 2)).get("train/multiplier"));
        }
    }

    private static List<String> withoutTimes(List<EpochRecord> history) {
        return history.stream()
                .map(record -> record.toString().replaceAll("seconds=[^,\\]]*", ""))
                .toList();
    }
}
