package org.qexit.nn.training;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.Network;
import org.qexit.nn.Tensor;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.calibration.Calibration;
import org.qexit.nn.loss.CoupledLoss;
import org.qexit.nn.loss.LossTerm;
import org.qexit.nn.loss.Objective;
import org.qexit.nn.loss.SoftRule;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/** One training under way: the network, the state between two steps, and the loop over epochs and steps that carries them on. */
final class TrainingLoop {
    /** The most that one batch may move a learned threshold. */
    private static final double LARGEST_THRESHOLD_STEP = 0.01;

    /** Batches between two searches on the recent scores: a search costs about as much as one small batch. */
    private static final int TRACKING_STEPS = 8;

    /** A checkpoint within the epoch after this long, so that even epochs of hours lose little. */
    private static final double CHECKPOINT_SECONDS = 60;

    private final TrainingTask task;
    private final TrainingConfig config;
    private final TrainingDirectory files;
    private final int stepsPerEpoch;
    private final Network network;
    private final BatchSteps batches;
    private final RecentScores recent;
    private TrainingState state;
    private List<Tensor> best;

    /**
     * At its beginning.
     *
     * @param files where it keeps what it has reached; null for nowhere
     */
    TrainingLoop(TrainingTask task, TrainingDirectory files) {
        this.task = task;
        this.config = task.config();
        this.files = files;
        this.stepsPerEpoch = task.stepsPerEpoch();
        Math.multiplyExact(stepsPerEpoch, config.course().epochs());
        this.network = Network.forTraining(task.model(), task::learningRate);
        network.initialise(task.random());
        this.batches = new BatchSteps(task, network);
        this.state = TrainingState.initial(config, task.model().exits());
        this.recent = new RecentScores(
                task.model().exits(),
                Math.min(config.thresholds().memory(), task.data().train().size()));
    }

    TrainedModel run() {
        if (files != null) {
            files.startEvents(state.history());
        }
        runUntil(config.course().epochs());
        TrainedModel trained = trained();
        if (files != null) {
            files.writeModel(trained);
            files.finish();
        }
        return trained;
    }

    WarmStart warmUp() {
        runUntil(config.softness().warmupEpochs());
        return WarmStart.of(task.warmUpFingerprint(), state, network);
    }

    /** Puts it where a checkpoint was written. */
    void restore(Checkpoint checkpoint) {
        state = checkpoint.state();
        if (state.epochs() > config.course().epochs() || state.step() >= stepsPerEpoch) {
            throw new UserError("the checkpoint is after epoch " + state.epochs() + " and step " + state.step()
                    + "; expected at most " + config.course().epochs() + " epochs of " + stepsPerEpoch + " steps");
        }
        network.restore(checkpoint.parameters(), checkpoint.optimiser(), Math.toIntExact(steps()));
        best = checkpoint.best().length == 0 ? null : network.layout().tensors(checkpoint.best());
        recent.restore(checkpoint.added(), checkpoint.recentScores(), checkpoint.recentLabels());
    }

    /** Puts it at the end of a warm-up, whose last epoch is judged by this training's budget. */
    void restore(WarmStart start) {
        state = start.restore(task.warmUpFingerprint(), network, stepsPerEpoch);
        DeviceTrace trace = heldOutTrace(state.epochs() - 1);
        Thresholds chosen = task.chooser().choose(trace, config.budget().offload());
        state = state.judgedAnew(chosen, HeldOutEvaluation.of(trace, chosen), config);
        best = network.tensors();
    }

    /** Writes a checkpoint. */
    Path save() {
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

    private TrainedModel trained() {
        EpochRecord chosen = state.best();
        EarlyExitModel found = EarlyExitModel.of(task.model(), best);
        if (config.calibrate()) {
            Calibration calibration = Calibration.fit(
                    found,
                    task.data().heldOut(),
                    task.chooser(),
                    config.budget().offload());
            return new TrainedModel(calibration.model(), chosen.epoch(), calibration.thresholds(), state.history());
        }
        return new TrainedModel(found, chosen.epoch(), chosen.thresholds(), state.history());
    }

    private void runUntil(int epochs) {
        try (Progress progress = Progress.start("train " + task.model().name(), (long) epochs * stepsPerEpoch)) {
            progress.step(steps());
            while (state.epochs() < epochs && !outOfPatience()) {
                EpochRecord record = epoch(progress);
                progress.note(String.format(
                        Locale.ROOT,
                        "epoch %d, held-out TPR %.3f at OFR %.3f",
                        record.epoch(),
                        record.heldOutTruePositiveRate(),
                        record.heldOutOffloadRate()));
                if (files != null) {
                    keep();
                }
                task.listener().epochEnded(record, () -> EarlyExitModel.of(task.model(), network.tensors()));
            }
        }
    }

    /** First the model, then the state: a crash between the two leaves a state that leads to the same model again. */
    private void keep() {
        if (state.bestEpoch() == state.epochs()) {
            files.writeModel(best, state.best());
        }
        files.writeHistory(state.history());
        save();
    }

    /** Finished steps of the whole training. */
    private long steps() {
        return (long) state.epochs() * stepsPerEpoch + state.step();
    }

    private boolean outOfPatience() {
        Integer patience = config.course().patience();
        return patience != null && state.epochs() > 0 && state.sinceBest() >= patience;
    }

    private EpochRecord epoch(Progress progress) {
        int epoch = state.epochs();
        List<LossTerm> terms = config.terms(epoch);
        double steepness = config.steepness(epoch);
        int[] order = batches.order(epoch);
        for (int s = state.step(); s < stepsPerEpoch; s++) {
            long start = System.nanoTime();
            CoupledLoss last = batches.take(objective(terms, steepness), epoch, s, order);
            state = after(last, terms, start);
            progress.step();
            boolean stop = task.listener().stopRequested();
            if (s + 1 < stepsPerEpoch) {
                betweenSteps(stop);
            }
        }
        return endOfEpoch(steepness);
    }

    /** A checkpoint if one is due, and an end if somebody asked for it. */
    private void betweenSteps(boolean stop) {
        Path file = files != null && (stop || files.age() > CHECKPOINT_SECONDS) ? save() : null;
        if (stop) {
            throw new TrainingInterrupted(task.model().name(), state, stepsPerEpoch, file);
        }
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
            multipliers = multipliers.after(last, config.budget(), weight);
            switch (config.thresholds().mode()) {
                case SEARCHED, FIXED -> {}
                case LEARNED -> {
                    lower = moved(lower, last.lowerGradient(), 0, 1);
                    upper = moved(upper, last.upperGradient(), lower, 1);
                }
                case TRACKED -> {
                    recent.add(last, batches.labels());
                    if ((state.step() + 1) % TRACKING_STEPS == 0 && recent.ready()) {
                        Thresholds chosen = task.chooser()
                                .choose(recent.trace(), config.budget().offload());
                        lower = chosen.lower();
                        upper = chosen.upper();
                    }
                }
                default -> throw new IllegalStateException("thresholds are " + config.thresholds());
            }
        }
        EpochSums sums = state.sums().plus(last, (System.nanoTime() - start) * 1e-9);
        return state.afterStep(multipliers, lower, upper, sums);
    }

    /** A projected gradient step of the primal problem's size, bounded so that one odd batch cannot throw a threshold away. */
    private double moved(double threshold, double gradient, double least, double most) {
        double step = config.course().learningRate() * gradient;
        double bounded = Math.max(-LARGEST_THRESHOLD_STEP, Math.min(LARGEST_THRESHOLD_STEP, step));
        return Math.max(least, Math.min(most, threshold - bounded));
    }

    private EpochRecord endOfEpoch(double steepness) {
        int epoch = state.epochs();
        long start = System.nanoTime();
        DeviceTrace trace = heldOutTrace(epoch);
        Thresholds chosen = task.chooser().choose(trace, config.budget().offload());
        HeldOutEvaluation evaluation = HeldOutEvaluation.of(trace, chosen);
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
                chosen.lower(),
                EpochRecord.finite(chosen.upper()),
                evaluation.loss(),
                Arrays.stream(evaluation.accuracies()).boxed().toList(),
                evaluation.truePositiveRate(),
                evaluation.offloadRate(),
                sums.seconds() + (System.nanoTime() - start) * 1e-9,
                sums.meanFalsePositives(),
                config.budget().falsePositiveCap() == null
                        ? null
                        : (Double) state.multipliers().falsePositive(),
                evaluation.falsePositiveRate(),
                task.learningRate((epoch + 1) * stepsPerEpoch - 1));
        boolean set = switch (config.thresholds().mode()) {
            case SEARCHED -> true;
            case TRACKED -> !recent.ready();
            case FIXED, LEARNED -> false;
        };
        state = state.afterEpoch(
                record,
                set ? chosen.lower() : state.lower(),
                set ? EpochRecord.finite(chosen.upper()) : state.upper(),
                HeldOutEvaluation.spread(trace));
        if (state.bestEpoch() == record.epoch()) {
            best = network.tensors();
        }
        return record;
    }

    private Objective objective(List<LossTerm> terms, double steepness) {
        double perUnit = switch (config.softness().margin()) {
            case LOGIT -> steepness / state.spread();
            case PROBABILITY -> steepness;
        };
        Double cap = config.budget().falsePositiveCap();
        return new Objective(
                task.model().exits(),
                terms,
                new SoftRule(config.softness().margin(), perUnit, state.lower(), state.upperOrNever()),
                state.multipliers().offload(),
                config.budget().offload(),
                state.multipliers().falsePositive(),
                cap == null ? 1 : cap,
                state.accuracies());
    }

    private DeviceTrace heldOutTrace(int epoch) {
        try {
            return network.trace("held-out", task.data().heldOut());
        } catch (ArithmeticException e) {
            throw new UserError("training of " + task.model().name() + " diverged: " + e.getMessage()
                    + " on the held-out events after epoch " + (epoch + 1) + ". Maybe lower learningRate, now "
                    + config.course().learningRate());
        }
    }
}
