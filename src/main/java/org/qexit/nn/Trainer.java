package org.qexit.nn;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.qexit.common.Checks;
import org.qexit.common.Progress;
import org.qexit.common.Provenance;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.common.Version;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.nn.loss.CoupledLoss;
import org.qexit.nn.loss.Objective;
import org.qexit.trace.DeviceTrace;

/**
 * Trains an early-exit model under an offload budget, docs/maths.md §6: Adam on the coupled loss, dual ascent on μ, thresholds
 * re-set on the held-out events after every epoch, and the epoch kept that finds most critical held-out events within the
 * budget. The same configuration, data and seed give the same parameters; two trainings may run on two threads.
 */
public final class Trainer {
    /** The most that one batch may move a learned threshold. */
    private static final double LARGEST_THRESHOLD_STEP = 0.01;

    private final ModelConfig model;
    private final TrainingConfig config;
    private final TrainingData data;
    private final RandomStreams random;
    private final ThresholdChooser chooser;
    private final int stepsPerEpoch;
    private final double[] exitWeights;
    private final Network network;
    private final float[] images;
    private final byte[] labels;
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
        this.exitWeights = exitWeights(model, config);
        int batch = Math.min(config.batch(), data.train().size());
        this.stepsPerEpoch = data.train().size() / batch;
        this.images = new float[batch * model.features()];
        this.labels = new byte[batch];
        this.network = Network.forTraining(
                model, new CosineDecay(config.learningRate(), Math.multiplyExact(stepsPerEpoch, config.epochs())));
        network.setTensors(network.layout().initial(random));
        this.state = TrainingState.initial(config, model.exits());
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
        if (checkpoints != null) {
            Checkpoint.remove(checkpoints);
        }
        return trainer.run(listener, checkpoints);
    }

    /**
     * Takes up a training that was interrupted, and ends with the same parameters as if it had not been.
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
        trainer.state =
                Checkpoint.read(checkpoints, trainer.fingerprint(), config, trainer.stepsPerEpoch, trainer.network);
        trainer.best = ModelDirectory.read(checkpoints).model().tensors();
        return trainer.run(listener, checkpoints);
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

    /** Whether {@code checkpoints} holds an unfinished training. */
    public static boolean canResume(Path checkpoints) {
        return Checkpoint.exists(checkpoints);
    }

    private String fingerprint() {
        return Checkpoint.fingerprint(model, config, data, random.seed());
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

    private static double[] exitWeights(ModelConfig model, TrainingConfig config) {
        try {
            return config.exitWeights(model.exits());
        } catch (IllegalArgumentException e) {
            throw new UserError("training of model " + model.name() + ": " + e.getMessage(), e);
        }
    }

    private TrainedModel run(TrainingListener listener, Path checkpoints) {
        trainUntil(config.epochs(), listener, checkpoints);
        if (checkpoints != null) {
            Checkpoint.remove(checkpoints);
        }
        EpochRecord chosen = state.best();
        return new TrainedModel(
                EarlyExitModel.of(model, best),
                chosen.epoch(),
                (float) chosen.lower(),
                chosen.upper() == null
                        ? Float.POSITIVE_INFINITY
                        : chosen.upper().floatValue(),
                state.history());
    }

    private void trainUntil(int epochs, TrainingListener listener, Path checkpoints) {
        try (Progress progress = Progress.start("train " + model.name(), (long) epochs * stepsPerEpoch)) {
            progress.step((long) state.epochs() * stepsPerEpoch);
            while (state.epochs() < epochs) {
                EpochRecord record = epoch(progress);
                progress.note(String.format(
                        "epoch %d, held-out TPR %.3f at OFR %.3f",
                        record.epoch(), record.heldOutTruePositiveRate(), record.heldOutOffloadRate()));
                if (checkpoints != null) {
                    save(checkpoints);
                }
                listener.epochEnded(record, () -> EarlyExitModel.of(model, network.tensors()));
            }
        }
    }

    /** Sees the last epoch with this training's budget. */
    private void judgeAnew() {
        DeviceTrace trace = heldOutTrace(state.epochs() - 1);
        float[] chosen = chooser.choose(trace, config.offloadBudget());
        state = state.judgedAnew(chosen, HeldOutEvaluation.of(trace, chosen[0], chosen[1]), config);
        best = network.tensors();
    }

    /** First the model, then the state: a crash between the two leaves a state that leads to the same model again. */
    private void save(Path checkpoints) {
        if (state.bestEpoch() == state.epochs()) {
            EpochRecord record = state.best();
            ModelDirectory.write(
                    checkpoints, model, best, config, record.epoch(), record.lower(), record.upper(), provenance());
        }
        Checkpoint.writeHistory(checkpoints, state.history());
        Checkpoint.write(checkpoints, fingerprint(), state, network);
    }

    private Provenance provenance() {
        Dataset images = data.train().dataset();
        return new Provenance(Version.current(), random.seed(), null, Map.of(images.name(), images.sha256()));
    }

    private EpochRecord epoch(Progress progress) {
        long start = System.nanoTime();
        int epoch = state.epochs();
        double steepness = config.steepness(epoch);
        double weight = epoch < config.warmupEpochs() ? 0 : config.surrogateWeight();
        double multiplier = state.multiplier();
        double lower = state.lower();
        double upper = state.upperOrNever();
        Means means = new Means(model.exits());
        int[] order = IntStream.range(0, data.train().size()).toArray();
        RandomStreams.shuffle(order, random.stream("train/order/" + epoch));
        // Anew in every epoch, so that a resumed training goes on with the same shots.
        network.seedShots(RandomStreams.of(random.seed("train/shots/" + epoch)));
        for (int s = 0; s < stepsPerEpoch; s++) {
            fill(order, s * labels.length);
            network.loss().judgeBy(objective(weight, multiplier, steepness, lower, upper));
            CoupledLoss last = step(epoch, s);
            means.add(last);
            if (weight > 0) {
                multiplier = Math.max(0, multiplier + config.dualStep() * (last.offload() - config.offloadBudget()));
                if (config.thresholds() == ThresholdMode.LEARNED) {
                    lower = moved(lower, last.lowerGradient(), 0, 1);
                    upper = moved(upper, last.upperGradient(), lower, 1);
                }
            }
            progress.step();
        }
        DeviceTrace trace = heldOutTrace(epoch);
        float[] chosen = chooser.choose(trace, config.offloadBudget());
        HeldOutEvaluation evaluation = HeldOutEvaluation.of(trace, chosen[0], chosen[1]);
        EpochRecord record = new EpochRecord(
                epoch + 1,
                means.loss(),
                means.crossEntropies(),
                EpochRecord.finite(means.utility()),
                EpochRecord.finite(means.offload()),
                steepness,
                multiplier,
                lower,
                EpochRecord.finite(upper),
                chosen[0],
                EpochRecord.finite(chosen[1]),
                evaluation.loss(),
                Arrays.stream(evaluation.accuracies()).boxed().toList(),
                evaluation.truePositiveRate(),
                evaluation.offloadRate(),
                (System.nanoTime() - start) * 1e-9);
        if (config.thresholds() == ThresholdMode.SEARCHED) {
            lower = chosen[0];
            upper = chosen[1];
        }
        state = state.after(record, multiplier, lower, EpochRecord.finite(upper));
        if (state.bestEpoch() == record.epoch()) {
            best = network.tensors();
        }
        return record;
    }

    private Objective objective(double weight, double multiplier, double steepness, double lower, double upper) {
        return new Objective(
                exitWeights,
                config.criticalWeight(),
                config.surrogate(),
                weight,
                multiplier,
                config.offloadBudget(),
                steepness,
                lower,
                upper,
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

    private CoupledLoss step(int epoch, int step) {
        try {
            network.fit(images, labels, labels.length);
        } catch (ArithmeticException e) {
            throw diverged(e.getMessage(), epoch, step);
        }
        CoupledLoss last = network.loss().last();
        if (!Double.isFinite(last.loss())) {
            throw diverged("the loss is " + last.loss(), epoch, step);
        }
        return last;
    }

    private DeviceTrace heldOutTrace(int epoch) {
        try {
            return EarlyExitModel.trace(network, EarlyExitModel.SHOT_SEED, "held-out", data.heldOut());
        } catch (ArithmeticException e) {
            throw diverged(e.getMessage(), epoch, stepsPerEpoch - 1);
        }
    }

    private UserError diverged(String cause, int epoch, int step) {
        return new UserError("training of " + model.name() + " diverged: " + cause + " in epoch " + (epoch + 1)
                + ", step " + (step + 1) + ". Maybe lower learningRate, now " + config.learningRate());
    }

    /** Means over an epoch's batches. */
    private static final class Means {
        private final double[] crossEntropies;
        private double loss;
        private double utility;
        private double offload;
        private int batches;
        private int withUtility;

        Means(int exits) {
            crossEntropies = new double[exits];
        }

        void add(CoupledLoss last) {
            batches++;
            loss += last.loss();
            for (int q = 0; q < crossEntropies.length; q++) {
                crossEntropies[q] += last.crossEntropies()[q];
            }
            offload += last.offload();
            if (Double.isFinite(last.utility())) {
                utility += last.utility();
                withUtility++;
            }
        }

        double loss() {
            return loss / batches;
        }

        List<Double> crossEntropies() {
            List<Double> means = new ArrayList<>();
            for (double sum : crossEntropies) {
                means.add(sum / batches);
            }
            return means;
        }

        double utility() {
            return withUtility == 0 ? Double.NaN : utility / withUtility;
        }

        double offload() {
            return offload / batches;
        }
    }
}
