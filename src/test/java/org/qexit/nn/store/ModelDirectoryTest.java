package org.qexit.nn.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Hashing;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.LabelledSet;
import org.qexit.nn.Blobs;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.TrainingConfig;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Thresholds;

class ModelDirectoryTest {
    private static final LabelledSet EVENTS = Blobs.events(300, 4);

    @TempDir
    private Path directory;

    private EarlyExitModel model;

    @BeforeEach
    void writeModel() {
        model = EarlyExitModel.initial(Blobs.hybrid().forInput(1, Blobs.SIDE, Blobs.SIDE), RandomStreams.of(11));
        write(model);
    }

    private void write(EarlyExitModel written) {
        ModelDirectory.write(
                directory,
                new StoredModel(written, TrainingConfig.DEFAULT, 1, new Thresholds(0.25f, Thresholds.NEVER), null));
    }

    @Test
    void readsBackWhatWasWritten() {
        StoredModel stored = ModelDirectory.read(directory);
        assertEquals(model.config(), stored.model().config());
        assertEquals(model.sha256(), stored.parametersSha256());
        assertEquals(model.sha256(), stored.model().sha256());
        assertEquals(new Thresholds(0.25f, Thresholds.NEVER), stored.thresholds());
        assertEquals(TrainingConfig.DEFAULT, stored.training());
        float[][] expected = model.confidences(EVENTS);
        float[][] actual = stored.model().confidences(EVENTS);
        for (int q = 0; q < expected.length; q++) {
            assertArrayEquals(expected[q], actual[q]);
        }
    }

    @Test
    void readsBackThresholdsPerExit() throws IOException {
        int exits = model.config().exits();
        ExitThresholds each = ExitThresholds.of(new Thresholds(0.25f, Thresholds.NEVER), exits);
        ModelDirectory.write(directory, new StoredModel(model, TrainingConfig.DEFAULT, 1, each, null));
        assertEquals(each, ModelDirectory.read(directory).thresholds());
        Path file = directory.resolve(ModelDirectory.MANIFEST);
        String text = Files.readString(file);
        assertTrue(text.contains("\"version\" : 2"), text);
        Files.writeString(file, text.replace("\"version\" : 2", "\"version\" : 1"));
        UserError error = assertThrows(UserError.class, () -> ModelDirectory.read(directory));
        assertTrue(
                error.getMessage().contains("rule is per-exit, which 'qexit-model' version 1 does not know"),
                error.getMessage());
        Files.writeString(file, text.replace("\"lower\" : [ ", "\"lower\" : [ 0.5, "));
        error = assertThrows(UserError.class, () -> ModelDirectory.read(directory));
        assertTrue(error.getMessage().contains("expected as many"), error.getMessage());
    }

    /** Models of older versions, whose files lack what came later. */
    @ParameterizedTest
    @ValueSource(strings = {"quickstart-hybrid", "quickstart-classical"})
    void readsTheStoredModels(String name) {
        StoredModel stored = ModelDirectory.read(Path.of("models", name));
        assertEquals(0.12, stored.training().budget().offload());
        assertEquals(3, stored.model().config().exits());
        ModelDirectory.write(directory, stored);
        assertEquals(stored.parametersSha256(), ModelDirectory.read(directory).parametersSha256());
        assertEquals(stored.training(), ModelDirectory.read(directory).training());
        assertEquals(
                stored.model().config(), ModelDirectory.read(directory).model().config());
    }

    @Test
    void anotherModelReplacesTheOldOneWhole() throws IOException {
        EarlyExitModel other = EarlyExitModel.initial(model.config(), RandomStreams.of(12));
        write(other);
        assertEquals(other.sha256(), ModelDirectory.read(directory).model().sha256());
        try (var files = Files.list(directory)) {
            assertEquals(2, files.count());
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, bytes; expected", "1, bytes; expected", "-1000000, bytes; expected"})
    void refusesParametersOfAnotherLength(int more, String complaint) throws IOException {
        Path file = parameters();
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, Math.max(0, bytes.length + more)));
        assertRefused(complaint);
    }

    @Test
    void refusesAFlippedBit() throws IOException {
        byte[] bytes = Files.readAllBytes(parameters());
        bytes[bytes.length / 2] ^= 4;
        Files.write(parameters(), bytes);
        assertRefused("SHA-256");
    }

    /** Right hash, wrong content: whoever forged the file can forge the hash too. */
    @Test
    void refusesNumbersThatAreNone() throws IOException {
        byte[] bytes = Files.readAllBytes(parameters());
        java.util.Arrays.fill(bytes, bytes.length - 4, bytes.length, (byte) 0xff);
        forge(bytes);
        assertRefused("expected a finite number");
    }

    @Test
    void refusesANegativeCount() throws IOException {
        byte[] bytes = Files.readAllBytes(parameters());
        java.util.Arrays.fill(bytes, 8, 16, (byte) 0xff);
        forge(bytes);
        assertRefused("-1 values");
    }

    @Test
    void refusesAnotherKindOfFile() throws IOException {
        byte[] bytes = Files.readAllBytes(parameters());
        bytes[0] = 'P';
        forge(bytes);
        assertRefused("not a parameter file");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"version\" : 1', '\"version\" : 3', expected 'qexit-model' version 1 or 2",
        "'\"qubits\" : 2', '\"qubits\" : -2', expected 1 to 16",
        "'\"channels\" : 3', '\"channels\" : 4000', bytes; expected",
        "'\"channels\" : 3', '\"channels\" : -3', expected 1 to 4096",
        "'\"lower\" : 0.25', '\"lower\" : 2.5', 'thresholds (2.5, Infinity)'",
        "'\"lower\" : 0.25', '\"lowest\" : 0.25', unknown field",
        "'parameters-', '../parameters-', expected a name such as",
        "'\"width\" : 8', '\"width\" : 65536', bytes; expected",
    })
    void refusesAForgedManifest(String from, String to, String complaint) throws IOException {
        Path file = directory.resolve(ModelDirectory.MANIFEST);
        String text = Files.readString(file);
        String forged = text.replaceFirst(java.util.regex.Pattern.quote(from), to);
        assertFalse(forged.equals(text), "nothing to forge in " + text);
        Files.writeString(file, forged);
        assertRefused(complaint);
    }

    /** Files of before leave {@code upper} out where no event is ever critical; now they say so. */
    @Test
    void neverIsAWordAndOnceWasNothing() throws IOException {
        StoredModel stored = ModelDirectory.read(directory);
        Thresholds never = new Thresholds(0.25f, Thresholds.NEVER);
        ModelDirectory.write(directory, stored.with(stored.model(), never));
        Path file = directory.resolve(ModelDirectory.MANIFEST);
        String text = Files.readString(file);
        assertTrue(text.contains("\"upper\" : \"never\""), text);
        assertEquals(never, ModelDirectory.read(directory).thresholds());
        Files.writeString(file, text.replaceFirst("\\s*\"upper\" : \"never\",", ""));
        assertEquals(never, ModelDirectory.read(directory).thresholds());
    }

    @Test
    void refusesADirectoryWithoutModel(@TempDir Path empty) {
        UserError error = assertThrows(UserError.class, () -> ModelDirectory.read(empty));
        assertTrue(error.getMessage().contains("not a model directory"), error.getMessage());
    }

    @Test
    void refusesAMissingParameterFile() throws IOException {
        Files.delete(parameters());
        assertRefused("no such file");
    }

    private void assertRefused(String complaint) {
        UserError error = assertThrows(UserError.class, () -> ModelDirectory.read(directory));
        assertTrue(error.getMessage().contains(complaint), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    /** Replaces the parameters and makes the manifest agree. */
    private void forge(byte[] bytes) throws IOException {
        Files.write(parameters(), bytes);
        Path manifest = directory.resolve(ModelDirectory.MANIFEST);
        Files.writeString(manifest, Files.readString(manifest).replace(model.sha256(), Hashing.sha256Hex(bytes)));
    }

    private Path parameters() throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("parameters-"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
