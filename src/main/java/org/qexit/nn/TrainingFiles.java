package org.qexit.nn;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.Provenance;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.common.Version;
import org.qexit.data.Dataset;

/**
 * What a training leaves in its model directory: the best model so far, its history as JSON, CSV and TensorBoard events, and
 * checkpoints while it is under way.
 */
final class TrainingFiles {
    static final String HISTORY = "history.json";
    static final String METRICS = "metrics.csv";
    static final String EVENTS = "tensorboard/events.out.tfevents.qexit";

    private final Path directory;
    private final ModelConfig model;
    private final TrainingConfig config;
    private final Provenance provenance;
    private final String fingerprint;
    private long saved = System.nanoTime();

    TrainingFiles(Path directory, ModelConfig model, TrainingConfig config, TrainingData data, RandomStreams random) {
        this.directory = directory;
        this.model = model;
        this.config = config;
        Dataset images = data.train().dataset();
        this.provenance =
                new Provenance(Version.current(), random.seed(), null, Map.of(images.name(), images.sha256()));
        this.fingerprint = Checkpoint.fingerprint(model, config, data, random.seed());
    }

    Path directory() {
        return directory;
    }

    Checkpoint newest() {
        return Checkpoint.read(directory, fingerprint);
    }

    /** Seconds since the last checkpoint. */
    double age() {
        return (System.nanoTime() - saved) * 1e-9;
    }

    Path write(Checkpoint checkpoint, long step) {
        saved = System.nanoTime();
        return checkpoint.write(directory, fingerprint, step);
    }

    void writeModel(List<Tensor> best, EpochRecord record) {
        ModelDirectory.write(
                directory,
                new StoredModel(
                        EarlyExitModel.of(model, best),
                        config,
                        record.epoch(),
                        (float) record.lower(),
                        record.upperOrNever(),
                        provenance));
    }

    void writeModel(TrainedModel trained) {
        ModelDirectory.write(directory, trained.stored(config, provenance));
    }

    /** Begins the event file anew with the epochs so far. */
    void startEvents(List<EpochRecord> history) {
        double now = System.currentTimeMillis() * 1e-3;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(EventFile.header(now));
        history.forEach(record -> all.writeBytes(Metrics.event(record, now)));
        AtomicFiles.write(directory.resolve(EVENTS), temporary -> Files.write(temporary, all.toByteArray()));
    }

    /** All epochs' records, the last of which is new. */
    void writeHistory(List<EpochRecord> history) {
        AtomicFiles.writeString(directory.resolve(HISTORY), Json.pretty(history));
        AtomicFiles.writeString(directory.resolve(METRICS), Metrics.csv(history));
        try {
            EpochRecord last = history.get(history.size() - 1);
            EventFile.append(directory.resolve(EVENTS), Metrics.event(last, System.currentTimeMillis() * 1e-3));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + directory.resolve(EVENTS) + ": " + e.getMessage(), e);
        }
    }

    static Optional<TrainedModel> finished(
            Path directory, ModelConfig model, TrainingConfig config, TrainingData data, RandomStreams random) {
        if (!Files.exists(directory.resolve(ModelDirectory.MANIFEST))) {
            return Optional.empty();
        }
        StoredModel stored = ModelDirectory.read(directory);
        Dataset images = data.train().dataset();
        boolean same = stored.model().config().equals(model)
                && config.equals(stored.training())
                && stored.provenance() != null
                && Objects.equals(stored.provenance().seed(), random.seed())
                && images.sha256().equals(stored.provenance().data().get(images.name()));
        if (!same || stored.lower() == null || !Files.exists(directory.resolve(HISTORY))) {
            throw new UserError(directory + ": holds the model of another training, and no checkpoint to go on from."
                    + " Maybe train without --resume, which replaces it");
        }
        List<EpochRecord> history = List.of(Json.read(directory.resolve(HISTORY), EpochRecord[].class));
        return Optional.of(
                new TrainedModel(stored.model(), stored.bestEpoch(), stored.lower(), stored.upper(), history));
    }

    void finish() {
        Checkpoint.remove(directory);
    }
}
