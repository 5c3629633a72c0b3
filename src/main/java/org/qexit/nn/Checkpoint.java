package org.qexit.nn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Checks;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.data.LabelledSet;

/**
 * The state of a training between two epochs, from which it goes on bit by bit as if it had never stopped: {@code training.json}
 * and the file of parameters and optimiser state that it names, written in the same order as a model's.
 */
final class Checkpoint {
    private static final String MANIFEST = "training.json";
    private static final String KIND = "state";
    private static final byte[] MAGIC = "QXSTATE1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = MAGIC.length + 2 * Long.BYTES;

    private Checkpoint() {}

    /**
     * @param fingerprint what makes two trainings the same
     * @param state where it stands
     * @param stateFile name of the file of parameters and optimiser state
     * @param stateSha256 SHA-256 of that file
     */
    record Manifest(
            String format, int version, String fingerprint, TrainingState state, String stateFile, String stateSha256) {
        static final String FORMAT = "qexit-training";
        static final int VERSION = 1;

        Manifest {
            if (!FORMAT.equals(format) || version != VERSION) {
                throw new IllegalArgumentException("format is '" + format + "' version " + version + "; expected '"
                        + FORMAT + "' version " + VERSION);
            }
            Checks.present("state", state);
            ModelDirectory.checkSha256("fingerprint", fingerprint);
            ModelDirectory.checkName("stateFile", stateFile);
            ModelDirectory.checkSha256("stateSha256", stateSha256);
        }
    }

    /** SHA-256 over the configurations, the events of both parts, and the seed. */
    static String fingerprint(ModelConfig model, TrainingConfig config, TrainingData data, long seed) {
        return Hashing.sha256Hex(String.join(
                        "\n",
                        Json.compact(model),
                        Json.compact(config),
                        identity(data.train()),
                        identity(data.heldOut()),
                        Long.toString(seed))
                .getBytes(StandardCharsets.UTF_8));
    }

    private static String identity(LabelledSet events) {
        ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES * events.size());
        for (int index : events.indices()) {
            buffer.putInt(index);
        }
        return events.dataset().sha256() + " " + Hashing.sha256Hex(buffer.array()) + " "
                + Hashing.sha256Hex(events.labels());
    }

    static boolean exists(Path directory) {
        return Files.exists(directory.resolve(MANIFEST));
    }

    static void write(Path directory, String fingerprint, TrainingState state, Network network) {
        float[] parameters = floats(network.graph().params());
        float[] optimiser = floats(network.graph().getUpdater().getStateViewArray());
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(length(parameters.length, optimiser.length)))
                .order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(MAGIC).putLong(parameters.length).putLong(optimiser.length);
        for (float[] part : List.of(parameters, optimiser)) {
            for (float value : part) {
                buffer.putFloat(value);
            }
        }
        String sha256 = Hashing.sha256Hex(buffer.array());
        String name = ModelDirectory.writeHashed(directory, KIND, buffer.array(), sha256);
        Json.write(
                directory.resolve(MANIFEST),
                new Manifest(Manifest.FORMAT, Manifest.VERSION, fingerprint, state, name, sha256));
        ModelDirectory.removeOthers(directory, KIND, name);
    }

    /** Puts a network where the checkpoint left it. */
    static TrainingState read(
            Path directory, String fingerprint, TrainingConfig config, int stepsPerEpoch, Network network) {
        Path file = directory.resolve(MANIFEST);
        Manifest manifest = Json.read(file, Manifest.class);
        if (!manifest.fingerprint().equals(fingerprint)) {
            throw new UserError(file + ": is of another training (model, training settings, data or seed differ)."
                    + " Maybe train without resuming");
        }
        TrainingState state = manifest.state();
        if (state.epochs() > config.epochs()) {
            throw new UserError(
                    file + ": field 'state.epochs' is " + state.epochs() + "; expected at most " + config.epochs());
        }
        INDArray parameters = network.graph().params();
        INDArray optimiser = network.graph().getUpdater().getStateViewArray();
        Path raw = directory.resolve(manifest.stateFile());
        byte[] bytes =
                ModelDirectory.readHashed(raw, length(parameters.length(), optimiser.length()), manifest.stateSha256());
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.position(MAGIC.length);
        if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                || buffer.getLong() != parameters.length()
                || buffer.getLong() != optimiser.length()) {
            throw new UserError(raw + ": not the training state of this model");
        }
        fill(parameters, buffer);
        fill(optimiser, buffer);
        network.graph().getConfiguration().setIterationCount(state.epochs() * stepsPerEpoch);
        return state;
    }

    /** A finished training needs no state. */
    static void remove(Path directory) {
        try {
            Files.deleteIfExists(directory.resolve(MANIFEST));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tidy " + directory, e);
        }
        ModelDirectory.removeOthers(directory, KIND, "");
    }

    /** All epochs' records, for charts. */
    static void writeHistory(Path directory, List<EpochRecord> history) {
        AtomicFiles.writeString(directory.resolve("history.json"), Json.pretty(history));
    }

    private static long length(long parameters, long optimiser) {
        return HEADER + Float.BYTES * (parameters + optimiser);
    }

    private static float[] floats(INDArray view) {
        return view.dup('c').data().asFloat();
    }

    private static void fill(INDArray view, ByteBuffer buffer) {
        float[] values = new float[Math.toIntExact(view.length())];
        for (int i = 0; i < values.length; i++) {
            values[i] = buffer.getFloat();
        }
        view.assign(Nd4j.createFromArray(values).reshape('c', view.shape()));
    }
}
