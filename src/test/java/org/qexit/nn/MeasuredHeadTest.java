package org.qexit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.LabelledSet;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.HeadNoise;
import org.qexit.nn.head.MlpHead;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.training.EpochRecord;
import org.qexit.nn.training.TrainedModel;
import org.qexit.nn.training.Trainer;
import org.qexit.nn.training.TrainingData;
import org.qexit.quantum.Ansatz;
import org.qexit.quantum.noise.DensityMatrixSimulator;

/** Quantum heads with a finite number of shots and with noise. */
class MeasuredHeadTest {
    private static final TrainingData DATA = new TrainingData(Blobs.events(96, 1), Blobs.events(48, 2));
    private static final LabelledSet EVENTS = Blobs.events(40, 3);

    private static ModelConfig model(Integer shots, HeadNoise noise) {
        return new ModelConfig(
                "measured",
                1,
                Blobs.SIDE,
                Blobs.SIDE,
                null,
                List.of(BlockConfig.of(2), BlockConfig.of(2)),
                List.of(HeadConfig.linear(), HeadConfig.quantum(2, 1).measured(shots, noise)));
    }

    private static EarlyExitModel initial(Integer shots, HeadNoise noise) {
        return EarlyExitModel.initial(model(shots, noise), RandomStreams.of(1));
    }

    private static TrainedModel train(ModelConfig model, int epochs, long seed) {
        return Trainer.of(model, Blobs.training(epochs), DATA, RandomStreams.of(seed), Blobs.EXACT)
                .train();
    }

    private static double largestDifference(float[][] a, float[][] b) {
        double largest = 0;
        for (int q = 0; q < a.length; q++) {
            for (int k = 0; k < a[q].length; k++) {
                largest = Math.max(largest, Math.abs(a[q][k] - b[q][k]));
            }
        }
        return largest;
    }

    @Test
    void manyShotsComeNearTheExactConfidences() {
        float[][] exact = initial(null, null).confidences(EVENTS);
        double few = largestDifference(exact, initial(10, null).confidences(EVENTS));
        double many = largestDifference(exact, initial(200_000, null).confidences(EVENTS));
        assertTrue(few > 0.02, "10 shots: " + few);
        assertTrue(many < 0.01, "200000 shots: " + many);
        assertArrayEquals(exact[0], initial(10, null).confidences(EVENTS)[0], "the linear head has no shots");
    }

    @Test
    void everyCallMeasuresTheSameUnlessTheSeedIsAnother() {
        EarlyExitModel model = initial(50, HeadNoise.depolarising(0.01));
        float[][] first = model.confidences(EVENTS);
        assertTrue(Arrays.deepEquals(first, model.confidences(EVENTS)));
        assertTrue(Arrays.deepEquals(first, model.copy().confidences(EVENTS)));
        assertTrue(Arrays.deepEquals(first, model.trace("ue1", EVENTS).scores()));
        EarlyExitModel other = model.withShotSeed(1);
        assertFalse(Arrays.deepEquals(first, other.confidences(EVENTS)));
        assertTrue(Arrays.deepEquals(other.confidences(EVENTS), other.copy().confidences(EVENTS)));
    }

    @ParameterizedTest
    @CsvSource({"200, 0", "0, 0.02", "200, 0.02"})
    void trains(int shots, double depolarising) {
        ModelConfig model = model(shots == 0 ? null : shots, HeadNoise.depolarising(depolarising));
        TrainedModel trained = train(model, 2, 1);
        EpochRecord first = trained.history().get(0);
        EpochRecord last = trained.history().get(1);
        double before = first.crossEntropies().get(1);
        double after = last.crossEntropies().get(1);
        assertTrue(after < before, before + " then " + after);
        for (float[] exit : trained.model().confidences(EVENTS)) {
            for (float score : exit) {
                assertTrue(score >= 0 && score <= 1, "confidence " + score);
            }
        }
        assertEquals(trained.model().sha256(), train(model, 2, 1).model().sha256());
    }

    /** The shots move the parameters, so both are different trainings, and neither disturbs the initial parameters. */
    @Test
    void shotsAndNoiseReachTheGradient() {
        String exact = train(model(null, null), 1, 1).model().sha256();
        assertNotEquals(exact, train(model(200, null), 1, 1).model().sha256());
        assertNotEquals(
                exact,
                train(model(null, HeadNoise.depolarising(0.02)), 1, 1).model().sha256());
        assertEquals(
                initial(null, null).sha256(),
                initial(200, HeadNoise.depolarising(0.02)).sha256());
    }

    @Test
    void resumesWithTheSameShots(@TempDir Path directory) {
        ModelConfig model = model(20, null);
        TrainedModel whole = train(model, 2, 2);
        assertThrows(
                IllegalStateException.class,
                () -> Trainer.of(model, Blobs.training(2), DATA, RandomStreams.of(2), Blobs.EXACT)
                        .with(record -> {
                            throw new IllegalStateException("interrupted");
                        })
                        .train(directory));
        TrainedModel resumed = Trainer.of(model, Blobs.training(2), DATA, RandomStreams.of(2), Blobs.EXACT)
                .resume(directory);
        assertEquals(whole.model().sha256(), resumed.model().sha256());
        assertEquals(model, ModelDirectory.read(directory).model().config());
    }

    /**
     * Depolarising noise scales the logits' quantum part as the density matrix says: with logit weights (0, 0), (1, 0) the logit
     * difference is ⟨Z_1⟩ itself.
     */
    @Test
    void noiseShrinksExpectationsAsTheDensityMatrixSays() {
        HeadNoise noise = new HeadNoise(0.1, null, 0.05, 0.02);
        List<Tensor> tensors = initial(null, null).tensors().stream()
                .map(tensor -> switch (tensor.name()) {
                    case "exit2.logits.weight" -> new Tensor(tensor.name(), tensor.shape(), new float[] {0, 1, 0, 0});
                    case "exit2.logits.bias", "exit2.angles.weight" ->
                        new Tensor(tensor.name(), tensor.shape(), new float[tensor.values().length]);
                    case "exit2.angles.bias" -> new Tensor(tensor.name(), tensor.shape(), new float[] {1, -1});
                    default -> tensor;
                })
                .toList();
        double exact = z(EarlyExitModel.of(model(null, null), tensors));
        double noisy = z(EarlyExitModel.of(model(null, noise), tensors));
        assertTrue(Math.abs(noisy) < 0.9 * Math.abs(exact), exact + " then " + noisy);
        double[] theta = new double[6];
        float[] stored = EarlyExitModel.of(model(null, null), tensors)
                .tensor("exit2.circuit.theta")
                .values();
        Arrays.setAll(theta, i -> stored[i]);
        double[] outputs = new double[2];
        DensityMatrixSimulator.of(HeadConfig.quantum(2, 1).ansatz().circuit(), noise.model())
                .forward(new double[] {Math.PI / 2 + 1, Math.PI / 2 - 1}, theta, 1, outputs);
        assertEquals(outputs[0], noisy, 1e-5);
    }

    /** The logit of the confidence of the second exit's first event. */
    private static double z(EarlyExitModel model) {
        double confidence = model.confidences(Blobs.events(1, 1))[1][0];
        return Math.log(confidence / (1 - confidence));
    }

    @Test
    void noNoiseIsNoNoise() {
        assertNull(HeadConfig.quantum(9, 1)
                .measured(null, HeadNoise.depolarising(0))
                .noise());
        String plain = Json.compact(model(null, null));
        assertFalse(plain.contains("shots") || plain.contains("noise"), plain);
        ModelConfig measured = model(100, new HeadNoise(null, 0.5, null, null));
        assertEquals(measured, Json.parse("config", Json.compact(measured), ModelConfig.class));
        assertEquals(
                HeadConfig.quantum(2, 1)
                        .with(Ansatz.Entangler.NONE)
                        .measured(100, new HeadNoise(null, 0.5, null, null)),
                Twin.SEPARABLE.of(measured).heads().get(1));
        assertTrue(Twin.CLASSICAL.of(measured).heads().get(1) instanceof MlpHead);
        assertEquals(model(null, null).heads().get(1), measured.heads().get(1).exact());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kind\":\"quantum\",\"qubits\":2,\"shots\":0}",
                "{\"kind\":\"quantum\",\"qubits\":2,\"shots\":-5}",
                "{\"kind\":\"quantum\",\"qubits\":2,\"shots\":1000001}",
                "{\"kind\":\"quantum\",\"qubits\":2,\"shots\":2.5}",
                "{\"kind\":\"quantum\",\"qubits\":2,\"noise\":{\"depolarising\":1.5}}",
                "{\"kind\":\"quantum\",\"qubits\":2,\"noise\":{\"readout\":-0.1}}",
                "{\"kind\":\"quantum\",\"qubits\":2,\"noise\":{\"phaseDamping\":\"NaN\"}}",
                "{\"kind\":\"quantum\",\"qubits\":2,\"noise\":{\"bitFlip\":0.1}}",
                "{\"kind\":\"quantum\",\"qubits\":8,\"noise\":{\"depolarising\":0.1}}",
                "{\"kind\":\"linear\",\"shots\":100}",
                "{\"kind\":\"mlp\",\"hidden\":2,\"noise\":{\"depolarising\":0.1}}",
            })
    void refusesMachinesThatCannotBe(String text) {
        UserError error = assertThrows(UserError.class, () -> Json.parse("config", text, HeadConfig.class));
        assertEquals(1, error.getMessage().lines().count());
    }
}
