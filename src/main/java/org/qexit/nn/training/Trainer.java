package org.qexit.nn.training;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.qexit.common.DirectoryLock;
import org.qexit.common.Progress;
import org.qexit.common.Provenance;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.ThresholdChooser;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.node.EdgeRole;

/**
 * Trains an early-exit model under an offload budget, docs/maths.md §6: Adam on the coupled loss, dual ascent on μ, thresholds
 * re-set on the held-out events after every epoch, and the epoch kept that finds most critical held-out events within the
 * budget. The same configuration, data and seed give the same parameters; two trainings may run on two threads. Immutable.
 *
 * <pre>{@code
 * RandomStreams random = RandomStreams.of(1);
 * var images = org.qexit.data.catalog.Datasets.load("fashion-mnist-12k", org.qexit.data.Split.TRAIN);
 * var events = org.qexit.data.Task.DEFAULT.apply(images, random, "train"); // [event][channel · height · width], pixels in [0, 1]
 * var heads = java.util.List.<org.qexit.nn.head.HeadConfig>of(org.qexit.nn.head.HeadConfig.quantum(4, 2));
 * var blocks = java.util.List.of(new BlockConfig(8, null, null, null));
 * ModelConfig model = new ModelConfig("small", 1, 28, 28, null, blocks, heads);
 * TrainingConfig config = TrainingConfig.DEFAULT.withEpochs(3);
 * ThresholdChooser chooser = (trace, budget) -> new org.qexit.trace.Thresholds(0.1f, 0.6f); // or the exact search
 * TrainingData data = TrainingData.of(events, config, random);
 * TrainedModel trained = Trainer.of(model, config, data, random, chooser).train(Path.of("models/small"));
 * float[][] confidences = trained.model().confidences(events); // C_q, [exit][event]
 * }</pre>
 *
 * <p>A setting or shape that does not fit, and a loss or gradient that is no number any more, is a {@link UserError}, which names the model
 * and, of a divergence, the events it came from; whoever asks a listener to stop gets {@link TrainingInterrupted}.
 */
public final class Trainer {
    private final TrainingTask task;

    private Trainer(TrainingTask task) {
        this.task = task;
    }

    /**
     * A trainer that nobody listens to.
     *
     * @param model its input shape may still be open; it is the data's then
     * @param chooser finds the thresholds after every epoch, as a rule by the exact search
     * @throws UserError if the model does not take the data's shape, or has another number of exits than weights are configured for
     */
    public static Trainer of(
            ModelConfig model,
            TrainingConfig config,
            TrainingData data,
            RandomStreams random,
            ThresholdChooser chooser) {
        return new Trainer(new TrainingTask(
                model, new UtilityAim(config, chooser), data.withBothKinds(), random, TrainingListener.NONE));
    }

    /**
     * A trainer of an edge node's model by deep supervision, that nobody listens to: the epoch kept is the one with the least mean
     * cross-entropy of the exits on the held-out events, see {@link ClassObjective}.
     *
     * @param model its input shape may still be open; it is the data's then. Its classes are the data set's
     * @param role what it is for, and how it is trained
     * @param data what the node is sent of the events
     * @throws UserError if model, role and data do not fit each other
     */
    public static Trainer ofClasses(ModelConfig model, EdgeRole role, TrainingData data, RandomStreams random) {
        ModelConfig named = model.withClasses(data.train().dataset().classNames());
        return new Trainer(new TrainingTask(named, new ClassAim(role), data, random, TrainingListener.NONE));
    }

    /** The same trainer, heard by {@code listener}. */
    public Trainer with(TrainingListener listener) {
        return new Trainer(new TrainingTask(
                task.model(), task.aim(), task.data(), task.random(), listener, task.start(), task.threads()));
    }

    /**
     * The same training, begun with a trained model's parameters instead of initial ones; the optimiser begins anew.
     *
     * @throws UserError if it is another network
     */
    public Trainer from(EarlyExitModel start) {
        return new Trainer(new TrainingTask(
                task.model(), task.aim(), task.data(), task.random(), task.listener(), start, task.threads()));
    }

    /** The same training with that many threads at work on every step, where our own engine runs it; its result is the same. */
    public Trainer onThreads(int threads) {
        return new Trainer(new TrainingTask(
                task.model(), task.aim(), task.data(), task.random(), task.listener(), task.start(), threads));
    }

    /** Trains from scratch and keeps nothing on disk. */
    public TrainedModel train() {
        return new TrainingLoop(task, null).run();
    }

    /**
     * Trains from scratch.
     *
     * @param directory where the best model so far, the history and the state of the training are kept
     * @throws UserError if another training is at work there
     */
    public TrainedModel train(Path directory) {
        TrainingLoop loop = new TrainingLoop(task, new TrainingDirectory(directory, task));
        return locked(directory, () -> fromScratch(loop, directory));
    }

    private static TrainedModel fromScratch(TrainingLoop loop, Path directory) {
        Checkpoint.remove(directory);
        loop.save();
        return loop.run();
    }

    /**
     * Takes up a training that was interrupted, after the step that its newest whole checkpoint was written at, and ends with the same
     * parameters as if it had not been.
     *
     * @throws UserError if there is nothing to take up in {@code directory}, it is of another training, or somebody is at work there
     */
    public TrainedModel resume(Path directory) {
        if (!canResume(directory)) {
            throw new UserError(directory + ": holds no unfinished training. Maybe train without resuming");
        }
        TrainingDirectory files = new TrainingDirectory(directory, task);
        TrainingLoop loop = new TrainingLoop(task, files);
        return locked(directory, () -> from(files.newest(), loop));
    }

    private static TrainedModel from(Checkpoint checkpoint, TrainingLoop loop) {
        loop.restore(checkpoint);
        return loop.run();
    }

    /**
     * The result of this training, however much of it is done in {@code directory}: a finished one is read, an unfinished one taken up, and
     * what is damaged or of another training is begun anew, with a line that says so.
     *
     * @param renamed where a finished model may say that it comes from, instead of this training, or null
     */
    public TrainedModel complete(Path directory, Provenance renamed) {
        TrainingDirectory files = new TrainingDirectory(directory, task);
        TrainingLoop loop = new TrainingLoop(task, files);
        return locked(directory, () -> {
            Checkpoint newest = null;
            try {
                if (canResume(directory)) {
                    newest = files.newest();
                } else {
                    Optional<TrainedModel> over = files.finished(renamed);
                    if (over.isPresent()) {
                        return over.get();
                    }
                }
            } catch (UserError e) {
                Progress.say("qexit: " + e.getMessage().replaceFirst("(?s)\\. Maybe .*", "") + "; training "
                        + task.model().name() + " from the beginning");
            }
            return newest == null ? fromScratch(loop, directory) : from(newest, loop);
        });
    }

    private static TrainedModel locked(Path directory, Supplier<TrainedModel> work) {
        DirectoryLock lock = DirectoryLock.inside(directory);
        try {
            return work.get();
        } finally {
            lock.close();
        }
    }

    /** The epochs of the training whose model a directory holds; none where it keeps no history. */
    public static List<EpochRecord> history(Path directory) {
        return TrainingDirectory.history(directory);
    }

    /** Whether {@code directory} holds an unfinished training. */
    public static boolean canResume(Path directory) {
        return Checkpoint.exists(directory);
    }

    /**
     * The result of a training that is over already, so that asking to resume it does no harm; empty where {@code directory} holds no
     * model.
     *
     * @throws UserError if it holds the model of another training
     */
    public Optional<TrainedModel> finished(Path directory) {
        return new TrainingDirectory(directory, task).finished(null);
    }

    /**
     * Trains the epochs before the surrogate sets in, which trainings that differ only in surrogate, budget and thresholds share.
     *
     * @throws IllegalArgumentException unless there are such epochs, and epochs after them
     */
    public WarmStart warmUp() {
        if (!(task.aim() instanceof UtilityAim aim)) {
            throw new IllegalArgumentException(
                    "model " + task.model().name() + " is an edge node's, whose training has no warm-up");
        }
        aim.config().checkWarmUp("");
        return new TrainingLoop(task, null).warmUp(aim.config().softness().warmupEpochs());
    }

    /**
     * Trains on from a warm-up; ends with the parameters that training from scratch would end with, if no earlier epoch than the
     * warm-up's last is the best.
     *
     * @throws IllegalArgumentException if the warm-up of this training would have been another
     */
    public TrainedModel train(WarmStart start) {
        TrainingLoop loop = new TrainingLoop(task, null);
        loop.restore(start);
        return loop.run();
    }
}
