package org.qexit.nn;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.qexit.common.Checks;
import org.qexit.common.Progress;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.nn.loss.CoupledLoss;
import org.qexit.nn.loss.LossTerm;
import org.qexit.nn.loss.Margin;
import org.qexit.nn.loss.Objective;
import org.qexit.nn.loss.SoftRule;
import org.qexit.trace.DeviceTrace;

/**
 * Trains an early-exit model under an offload budget, docs/maths.md §6: Adam on the coupled loss, dual ascent on μ, thresholds
 * re-set on the held-out events after every epoch, and the epoch kept that finds most critical held-out events within the
 * budget. The same configuration, data and seed give the same parameters; two trainings may run on two threads.
 */
public final class Trainer {
    /** The most that one batch may move a learned threshold. */
    private static final double LARGEST_THRESHOLD_STEP = 0.01;

    /** Batches between two searches on the recent scores: a search costs about as much as one small batch. */
    private static final int TRACKING_STEPS = 8;

    /** A checkpoint within the epoch after this long, so that even epochs of hours lose little. */
    private static final double CHECKPOINT_SECONDS = 60;

    private final ModelConfig model;
    private final TrainingConfig config;
    private final TrainingData data;
    private final RandomStreams random;
    private final ThresholdChooser chooser;
    private final int stepsPerEpoch;
    private final Network network;
    private final float[] images;
    private final byte[] labels;
    private final RecentScores recent;
    private TrainingState state;
    private List<Tensor> best;

    private Trainer(
            ModelConfig model,
            TrainingConfig config,
            TrainingData data,
            RandomStreams random,
            ThresholdChooser chooser) {
        this.model = model;
        this.config = config;
        this.data = data;
        this.random = random;
        this.chooser = Checks.present("threshold chooser", chooser);
        checkExitWeights(model, config);
        int batch = Math.min(config.batch(), data.train().size());
        this.stepsPerEpoch = data.train().size() / batch;
        this.images = new float[batch * model.features()];
        this.labels = new byte[batch];
        this.network = Network.forTraining(
                model, step -> config.schedule().rate(config.learningRate(), step, stepsPerEpoch, config.epochs()));
        Math.multiplyExact(stepsPerEpoch, config.epochs());
        network.initialise(random);
        this.state = TrainingState.initial(config, model.exits());
        this.recent = new RecentScores(
                model.exits(), Math.min(config.thresholdMemory(), data.train().size()));
    }

    /**
     * Trains from scratch.
     *
     * @param model its input shape may still be open; it is the data's then
     * @param checkpoints where the best model so far and the state of the training are kept after every epoch; null for nowhere
     */
    public static TrainedModel train(
            ModelConfig model,
            TrainingConfig config,
            TrainingData data,
            RandomStreams random,
            ThresholdChooser chooser,
            TrainingListener listener,
            Path checkpoints) {
        Trainer trainer = new Trainer(shaped(model, data), config, data, random, chooser);
        if (checkpoints == null) {
            return trainer.run(listener, null);
        }
        Checkpoint.remove(checkpoints);
        TrainingFiles files = trainer.files(checkpoints);
        trainer.save(files);
        return trainer.run(listener, files);
    }

    /**
     * Takes up a training that was interrupted, after the step that its newest whole checkpoint was written at, and ends with the same
     * parameters as if it had not been.
     *
     * @throws UserError if there is nothing to take up in {@code checkpoints}, or it is of another training
     */
    public static TrainedModel resume(
            ModelConfig model,
            TrainingConfig config,
            TrainingData data,
            RandomStreams random,
            ThresholdChooser chooser,
            TrainingListener listener,
            Path checkpoints) {
        if (!Checkpoint.exists(checkpoints)) {
            throw new UserError(checkpoints + ": holds no unfinished training. Maybe train without resuming");
        }
        Trainer trainer = new Trainer(shaped(model, data), config, data, random, chooser);
        TrainingFiles files = trainer.files(checkpoints);
        trainer.restore(files.newest());
        return trainer.run(listener, files);
    }

    /**
     * Trains the epochs before the surrogate sets in, which trainings that differ only in surrogate, budget and thresholds share.
     *
     * @throws IllegalArgumentException unless there are such epochs, and epochs after them
     */
    public static WarmStart warmUp(
            ModelConfig model,
            TrainingConfig config,
            TrainingData data,
            RandomStreams random,
            ThresholdChooser chooser,
            TrainingListener listener) {
        if (config.warmupEpochs() < 1 || config.warmupEpochs() >= config.epochs()) {
            throw new IllegalArgumentException("warmupEpochs is " + config.warmupEpochs()
                    + "; expected at least 1 and less than epochs, " + config.epochs());
        }
        Trainer trainer = new Trainer(shaped(model, data), config, data, random, chooser);
        trainer.trainUntil(config.warmupEpochs(), listener, null);
        return WarmStart.of(trainer.warmUpFingerprint(), trainer.state, trainer.network);
    }

    /**
     * Trains on from a warm-up; ends with the parameters that training from scratch would end with, if no earlier epoch than the
     * warm-up's last is the best.
     *
     * @throws IllegalArgumentException if the warm-up of this training would have been another
     */
    public static TrainedModel train(
            WarmStart start,
            ModelConfig model,
            TrainingConfig config,
            TrainingData data,
            RandomStreams random,
            ThresholdChooser chooser,
            TrainingListener listener) {
        Trainer trainer = new Trainer(shaped(model, data), config, data, random, chooser);
        trainer.state = start.restore(trainer.warmUpFingerprint(), trainer.network, trainer.stepsPerEpoch);
        trainer.judgeAnew();
        return trainer.run(listener, null);
    }

    /**
     * The result of a training that is over already, so that asking to resume it does no harm; empty where {@code directory} holds no
     * model.
     *
     * @throws UserError if it holds the model of another training
     */
    public static Optional<TrainedModel> finished(
            ModelConfig model, TrainingConfig config, TrainingData data, RandomStreams random, Path directory) {
        return TrainingFiles.finished(directory, shaped(model, data), config, data, random);
    }

    /** Whether {@code checkpoints} holds an unfinished training. */
    public static boolean canResume(Path checkpoints) {
        return Checkpoint.exists(checkpoints);
    }

    private TrainingFiles files(Path directory) {
        return new TrainingFiles(directory, model, config, data, random);
    }

    private String warmUpFingerprint() {
        return WarmStart.fingerprint(model, config, data, random.seed());
    }

    private static ModelConfig shaped(ModelConfig model, TrainingData data) {
        Dataset images = data.train().dataset();
        try {
            return model.forInput(images.channels(), images.height(), images.width());
        } catch (IllegalArgumentException e) {
            throw new UserError("model " + model.name() + " on data set " + images.name() + ": " + e.getMessage(), e);
        }
    }

    private static void checkExitWeights(ModelConfig model, TrainingConfig config) {
        for (LossTerm term : config.terms()) {
            if (term instanceof LossTerm.CrossEntropy entropy
                    && entropy.exitWeights() != null
                    && entropy.exitWeights().size() != model.exits()) {
                throw new UserError("training of model " + model.name() + ": exitWeights has "
                        + entropy.exitWeights().size() + " entries; expected one per exit, " + model.exits());
            }
        }
    }

    private TrainedModel run(TrainingListener listener, TrainingFiles files) {
        if (files != null) {
            files.startEvents(state.history());
        }
        trainUntil(config.epochs(), listener, files);
        TrainedModel trained = trained();
        if (files != null) {
            files.writeModel(trained);
            files.finish();
        }
        return trained;
    }

    private TrainedModel trained() {
        EpochRecord chosen = state.best();
        EarlyExitModel found = EarlyExitModel.of(model, best);
        if (config.calibrate()) {
            Calibration calibration = Calibration.fit(found, data.heldOut(), chooser, config.offloadBudget());
            return new TrainedModel(
                    calibration.model(), chosen.epoch(), calibration.lower(), calibration.upper(), state.history());
        }
        return new TrainedModel(found, chosen.epoch(), (float) chosen.lower(), chosen.upperOrNever(), state.history());
    }

    private void trainUntil(int epochs, TrainingListener listener, TrainingFiles files) {
        try (Progress progress = Progress.start("train " + model.name(), (long) epochs * stepsPerEpoch)) {
            progress.step(steps());
            while (state.epochs() < epochs && !outOfPatience()) {
                EpochRecord record = epoch(progress, listener, files);
                progress.note(String.format(
                        "epoch %d, held-out TPR %.3f at OFR %.3f",
                        record.epoch(), record.heldOutTruePositiveRate(), record.heldOutOffloadRate()));
                if (files != null) {
                    // First the model, then the state: a crash between the two leaves a state that leads to the same
                    // model again.
                    if (state.bestEpoch() == state.epochs()) {
                        files.writeModel(best, state.best());
                    }
                    files.writeHistory(state.history());
                    save(files);
                }
                listener.epochEnded(record, () -> EarlyExitModel.of(model, network.tensors()));
            }
        }
    }

    /** Finished steps of the whole training. */
    private long steps() {
        return (long) state.epochs() * stepsPerEpoch + state.step();
    }

    private boolean outOfPatience() {
        return config.patience() != null && state.epochs() > 0 && state.sinceBest() >= config.patience();
    }

    /** Sees the last epoch with this training's budget. */
    private void judgeAnew() {
        DeviceTrace trace = heldOutTrace(state.epochs() - 1);
        float[] chosen = chooser.choose(trace, config.offloadBudget());
        state = state.judgedAnew(chosen, HeldOutEvaluation.of(trace, chosen[0], chosen[1]), config);
        best = network.tensors();
    }

    private Path save(TrainingFiles files) {
        return files.write(
                new Checkpoint(
                        state,
                        network.parameters(),
                        network.optimiser(),
                        best == null ? new float[0] : network.layout().flat(best),
                        recent.added(),
                        recent.scores(),
                        recent.labels()),
                steps());
    }

    private void restore(Checkpoint checkpoint) {
        state = checkpoint.state();
        if (state.epochs() > config.epochs() || state.step() >= stepsPerEpoch) {
            throw new UserError("the checkpoint is after epoch " + state.epochs() + " and step " + state.step()
                    + "; expected at most " + config.epochs() + " epochs of " + stepsPerEpoch + " steps");
        }
        network.restore(checkpoint.parameters(), checkpoint.optimiser(), Math.toIntExact(steps()));
        best = checkpoint.best().length == 0 ? null : network.layout().tensors(checkpoint.best());
        recent.restore(checkpoint.added(), checkpoint.recentScores(), checkpoint.recentLabels());
    }

    private EpochRecord epoch(Progress progress, TrainingListener listener, TrainingFiles files) {
        int epoch = state.epochs();
        List<LossTerm> terms = config.terms(epoch);
        double steepness = config.steepness(epoch);
        int[] order = IntStream.range(0, data.train().size()).toArray();
        RandomStreams.shuffle(order, random.stream("train/order/" + epoch));
        for (int s = state.step(); s < stepsPerEpoch; s++) {
            long start = System.nanoTime();
            // Anew at every step, so that a resumed training goes on with the same shots.
            network.seedShots(RandomStreams.of(random.seed("train/shots/" + epoch + "/" + s)));
            fill(order, s * labels.length);
            network.judgeBy(objective(terms, steepness));
            state = after(step(epoch, s, order), terms, start);
            progress.step();
            boolean stop = listener.stopRequested();
            boolean more = s + 1 < stepsPerEpoch;
            if (more && files != null && (stop || files.age() > CHECKPOINT_SECONDS)) {
                Path file = save(files);
                if (stop) {
                    throw new TrainingInterrupted(model.name(), epoch + 1, s + 1, stepsPerEpoch, file);
                }
            } else if (more && stop) {
                throw new TrainingInterrupted(model.name(), epoch + 1, s + 1, stepsPerEpoch, null);
            }
        }
        return endOfEpoch(epoch, steepness);
    }

    private TrainingState after(CoupledLoss last, List<LossTerm> terms, long start) {
        Multipliers multipliers = state.multipliers();
        double lower = state.lower();
        double upper = state.upperOrNever();
        double weight = terms.stream()
                .filter(LossTerm::rewardsUtility)
                .mapToDouble(LossTerm::weight)
                .sum();
        if (weight > 0) {
            multipliers = multipliers.after(last, config, weight);
            if (config.thresholds() == ThresholdMode.LEARNED) {
                lower = moved(lower, last.lowerGradient(), 0, 1);
                upper = moved(upper, last.upperGradient(), lower, 1);
            } else if (config.thresholds() == ThresholdMode.TRACKED) {
                recent.add(last, labels);
                if ((state.step() + 1) % TRACKING_STEPS == 0 && recent.ready()) {
                    float[] chosen = chooser.choose(recent.trace(), config.offloadBudget());
                    lower = chosen[0];
                    upper = chosen[1];
                }
            }
        }
        EpochSums sums = state.sums().plus(last, (System.nanoTime() - start) * 1e-9);
        return state.afterStep(multipliers, lower, upper, sums);
    }

    private EpochRecord endOfEpoch(int epoch, double steepness) {
        long start = System.nanoTime();
        DeviceTrace trace = heldOutTrace(epoch);
        float[] chosen = chooser.choose(trace, config.offloadBudget());
        HeldOutEvaluation evaluation = HeldOutEvaluation.of(trace, chosen[0], chosen[1]);
        EpochSums sums = state.sums();
        EpochRecord record = new EpochRecord(
                epoch + 1,
                sums.meanLoss(),
                sums.meanCrossEntropies(),
                sums.meanUtility(),
                sums.meanOffload(),
                steepness,
                state.multipliers().offload(),
                state.lower(),
                state.upper(),
                chosen[0],
                EpochRecord.finite(chosen[1]),
                evaluation.loss(),
                Arrays.stream(evaluation.accuracies()).boxed().toList(),
                evaluation.truePositiveRate(),
                evaluation.offloadRate(),
                sums.seconds() + (System.nanoTime() - start) * 1e-9,
                sums.meanFalsePositives(),
                config.falsePositiveCap() == null
                        ? null
                        : (Double) state.multipliers().falsePositive(),
                evaluation.falsePositiveRate(),
                config.schedule()
                        .rate(config.learningRate(), (epoch + 1) * stepsPerEpoch - 1, stepsPerEpoch, config.epochs()));
        boolean set = config.thresholds() == ThresholdMode.SEARCHED
                || config.thresholds() == ThresholdMode.TRACKED && !recent.ready();
        state = state.afterEpoch(
                record,
                set ? chosen[0] : state.lower(),
                set ? EpochRecord.finite(chosen[1]) : state.upper(),
                HeldOutEvaluation.spread(trace));
        if (state.bestEpoch() == record.epoch()) {
            best = network.tensors();
        }
        return record;
    }

    private Objective objective(List<LossTerm> terms, double steepness) {
        double perUnit = config.margin() == Margin.LOGIT ? steepness / state.spread() : steepness;
        return new Objective(
                model.exits(),
                terms,
                new SoftRule(config.margin(), perUnit, state.lower(), state.upperOrNever()),
                state.multipliers().offload(),
                config.offloadBudget(),
                state.multipliers().falsePositive(),
                config.falsePositiveCap() == null ? 1 : config.falsePositiveCap(),
                state.accuracies());
    }

    private void fill(int[] order, int first) {
        LabelledSet train = data.train();
        for (int k = 0; k < labels.length; k++) {
            int event = order[first + k];
            train.copyTo(event, images, k * model.features());
            labels[k] = train.labels()[event];
        }
    }

    /** A projected gradient step of the primal problem's size, bounded so that one odd batch cannot throw a threshold away. */
    private double moved(double threshold, double gradient, double least, double most) {
        double step = config.learningRate() * gradient;
        double bounded = Math.max(-LARGEST_THRESHOLD_STEP, Math.min(LARGEST_THRESHOLD_STEP, step));
        return Math.max(least, Math.min(most, threshold - bounded));
    }

    private CoupledLoss step(int epoch, int step, int[] order) {
        try {
            network.fit(images, labels, labels.length);
        } catch (ArithmeticException e) {
            throw diverged(e.getMessage(), epoch, step, order);
        }
        CoupledLoss last = network.loss();
        if (!Double.isFinite(last.loss())) {
            throw diverged("the loss is " + last.loss(), epoch, step, order);
        }
        if (!network.updateIsFinite()) {
            throw diverged("the gradient is not finite", epoch, step, order);
        }
        return last;
    }

    private DeviceTrace heldOutTrace(int epoch) {
        try {
            return EarlyExitModel.trace(network, EarlyExitModel.SHOT_SEED, "held-out", data.heldOut());
        } catch (ArithmeticException e) {
            throw new UserError("training of " + model.name() + " diverged: " + e.getMessage()
                    + " on the held-out events after epoch " + (epoch + 1) + ". Maybe lower learningRate, now "
                    + config.learningRate());
        }
    }

    private UserError diverged(String cause, int epoch, int step, int[] order) {
        int[] places = Divergence.places(images, network.loss().margins(), labels.length);
        return Divergence.error(
                model.name(),
                cause,
                "epoch " + (epoch + 1) + ", batch " + (step + 1) + " of " + stepsPerEpoch,
                Arrays.stream(places)
                        .map(k -> data.train().indices()[order[step * labels.length + k]])
                        .toArray(),
                labels.length,
                data.train().dataset().name(),
                config.learningRate());
    }
}
