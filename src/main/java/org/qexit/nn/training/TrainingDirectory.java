package org.qexit.nn.training;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.Provenance;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.Tensor;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.store.StoredModel;

/**
 * What a training leaves in its model directory: the best model so far, its history as JSON, CSV and TensorBoard events, and
 * checkpoints while it is under way.
 */
final class TrainingDirectory {
    static final String HISTORY = "history.json";
    static final String METRICS = "metrics.csv";
    static final String EVENTS = "tensorboard/events.out.tfevents.qexit";

    private final Path directory;
    private final TrainingTask task;
    private final Provenance provenance;
    private final String fingerprint;
    private long saved = System.nanoTime();

    TrainingDirectory(Path directory, TrainingTask task) {
        this.directory = directory;
        this.task = task;
        this.provenance = task.provenance();
        this.fingerprint = task.fingerprint();
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
        EarlyExitModel model = EarlyExitModel.of(task.model(), best);
        writeModel(new TrainedModel(
                model, record.epoch(), record.hasThresholds() ? record.thresholds() : null, List.of()));
    }

    void writeModel(TrainedModel trained) {
        ModelDirectory.write(directory, task.aim().stored(trained, provenance));
    }

    /** Begins the event file anew with the epochs so far. */
    void startEvents(List<EpochRecord> history) {
        double now = System.currentTimeMillis() * 1e-3;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(EventFile.header(now));
        all.writeBytes(EventFile.hyperparameters(now, task.hyperparameters()));
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

    /**
     * The result, if the training is over.
     *
     * @param renamed where the model may say that it comes from instead, or null
     */
    Optional<TrainedModel> finished(Provenance renamed) {
        if (!Files.exists(directory.resolve(ModelDirectory.MANIFEST))) {
            return Optional.empty();
        }
        StoredModel stored = ModelDirectory.read(directory);
        boolean same = stored.model().config().equals(task.model())
                && task.aim().isOf(stored)
                && stored.provenance() != null
                && (isOurs(stored.provenance()) || stored.provenance().equals(renamed));
        if (!same || !Files.exists(directory.resolve(HISTORY))) {
            throw new UserError(directory + ": holds the model of another training, and no checkpoint to go on from."
                    + " Maybe train without --resume, which replaces it");
        }
        List<EpochRecord> history = history(directory);
        if (!over(history.size(), stored.bestEpoch())) {
            throw new UserError(directory + ": its training has " + history.size() + " of "
                    + task.course().epochs() + " epochs, and no checkpoint to go on from. Maybe train without"
                    + " --resume, which begins anew");
        }
        return Optional.of(new TrainedModel(stored.model(), stored.bestEpoch(), stored.thresholds(), history));
    }

    static List<EpochRecord> history(Path directory) {
        Path file = directory.resolve(HISTORY);
        return Files.exists(file) ? List.of(Json.read(file, EpochRecord[].class)) : List.of();
    }

    private boolean isOurs(Provenance other) {
        Dataset images = task.data().train().dataset();
        return Objects.equals(other.seed(), provenance.seed())
                && other.data() != null
                && images.sha256().equals(other.data().get(images.name()));
    }

    /** Whether a training of this length has had all its epochs, or had patience for no more. */
    private boolean over(int epochs, Integer bestEpoch) {
        Integer patience = task.course().patience();
        return epochs >= task.course().epochs()
                || patience != null && bestEpoch != null && epochs - bestEpoch >= patience;
    }

    void finish() {
        Checkpoint.remove(directory);
    }
}
