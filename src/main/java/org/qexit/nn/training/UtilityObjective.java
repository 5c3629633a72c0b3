package org.qexit.nn.training;

import java.util.Arrays;
import java.util.List;
import org.qexit.data.LabelledSet;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.Network;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.calibration.Calibration;
import org.qexit.nn.loss.CoupledLoss;
import org.qexit.nn.loss.LogitLoss;
import org.qexit.nn.loss.LossTerm;
import org.qexit.nn.loss.Objective;
import org.qexit.nn.loss.SoftRule;
import org.qexit.nn.training.utility.HeldOutEvaluation;
import org.qexit.nn.training.utility.Multipliers;
import org.qexit.nn.training.utility.RecentScores;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/** The coupled loss of a device's model: thresholds and multipliers follow the scores; the epoch that finds most within the budget is best. */
final class UtilityObjective implements TrainingObjective {
    private static final String HELD_OUT = "held-out";

    /** The most that one batch may move a learned threshold. */
    private static final double LARGEST_THRESHOLD_STEP = 0.01;

    /** Batches between two searches on the recent scores: a search costs about as much as one small batch. */
    private static final int TRACKING_STEPS = 8;

    private final TrainingTask task;
    private final UtilityAim aim;
    private final TrainingConfig config;
    private final CoupledLoss loss = new CoupledLoss();
    private final RecentScores recent;

    UtilityObjective(TrainingTask task, UtilityAim aim) {
        this.task = task;
        this.aim = aim;
        this.config = aim.config();
        this.recent = new RecentScores(
                task.model().exits(),
                Math.min(config.thresholds().memory(), task.data().train().size()));
    }

    @Override
    public int truth(LabelledSet events, int event) {
        return events.labels()[event];
    }

    @Override
    public LogitLoss lossAt(TrainingState state) {
        loss.judgeBy(objective(state));
        return loss;
    }

    @Override
    public TrainingState afterStep(TrainingState state, int[] truth, long startNanos) {
        List<LossTerm> terms = config.terms(state.epochs());
        Multipliers multipliers = state.multipliers();
        double lower = state.lower();
        double upper = state.upperOrNever();
        double weight = terms.stream()
                .filter(LossTerm::rewardsUtility)
                .mapToDouble(LossTerm::weight)
                .sum();
        if (weight > 0) {
            multipliers = multipliers.after(loss, config.budget(), weight);
            switch (config.thresholds().mode()) {
                case SEARCHED, FIXED -> {}
                case LEARNED -> {
                    lower = moved(lower, loss.lowerGradient(), 0, 1);
                    upper = moved(upper, loss.upperGradient(), lower, 1);
                }
                case TRACKED -> {
                    recent.add(loss, truth);
                    if ((state.step() + 1) % TRACKING_STEPS == 0 && recent.ready()) {
                        Thresholds chosen = aim.chooser()
                                .choose(recent.trace(), config.budget().offload());
                        lower = chosen.lower();
                        upper = chosen.upper();
                    }
                }
                default -> throw new IllegalStateException("thresholds are " + config.thresholds());
            }
        }
        EpochSums sums = state.sums().plusUtility(loss, (System.nanoTime() - startNanos) * 1e-9);
        return state.afterStep(multipliers, lower, upper, sums);
    }

    /** A projected gradient step of the primal problem's size, bounded so that one odd batch cannot throw a threshold away. */
    private double moved(double threshold, double gradient, double least, double most) {
        double step = config.course().learningRate() * gradient;
        double bounded = Math.max(-LARGEST_THRESHOLD_STEP, Math.min(LARGEST_THRESHOLD_STEP, step));
        return Math.max(least, Math.min(most, threshold - bounded));
    }

    @Override
    public TrainingState afterEpoch(TrainingState state, Network network) {
        int epoch = state.epochs();
        long start = System.nanoTime();
        DeviceTrace trace = network.trace(HELD_OUT, task.data().heldOut());
        Thresholds chosen = aim.chooser().choose(trace, config.budget().offload());
        HeldOutEvaluation evaluation = HeldOutEvaluation.of(trace, chosen);
        EpochSums sums = state.sums();
        EpochRecord record = new EpochRecord(
                epoch + 1,
                sums.meanLoss(),
                sums.meanCrossEntropies(),
                sums.meanUtility(),
                sums.meanOffload(),
                config.steepness(epoch),
                state.multipliers().offload(),
                state.lower(),
                state.upper(),
                (double) chosen.lower(),
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
                task.learningRate((epoch + 1) * task.stepsPerEpoch() - 1));
        boolean set = switch (config.thresholds().mode()) {
            case SEARCHED -> true;
            case TRACKED -> !recent.ready();
            case FIXED, LEARNED -> false;
        };
        return state.afterEpoch(
                record,
                set ? chosen.lower() : state.lower(),
                set ? EpochRecord.finite(chosen.upper()) : state.upper(),
                HeldOutEvaluation.spread(trace));
    }

    @Override
    public TrainingState judgedAnew(TrainingState state, Network network) {
        DeviceTrace trace = network.trace(HELD_OUT, task.data().heldOut());
        Thresholds chosen = aim.chooser().choose(trace, config.budget().offload());
        return state.judgedAnew(chosen, HeldOutEvaluation.of(trace, chosen), config);
    }

    @Override
    public TrainedModel trained(EarlyExitModel best, TrainingState state) {
        EpochRecord chosen = state.best();
        if (config.calibrate()) {
            Calibration calibration = Calibration.fit(
                    best, task.data().heldOut(), aim.chooser(), config.budget().offload());
            return new TrainedModel(calibration.model(), chosen.epoch(), calibration.thresholds(), state.history());
        }
        return new TrainedModel(best, chosen.epoch(), chosen.thresholds(), state.history());
    }

    @Override
    public RecentScores recent() {
        return recent;
    }

    private Objective objective(TrainingState state) {
        double steepness = config.steepness(state.epochs());
        double perUnit = switch (config.softness().margin()) {
            case LOGIT -> steepness / state.spread();
            case PROBABILITY -> steepness;
        };
        Double cap = config.budget().falsePositiveCap();
        return new Objective(
                task.model().exits(),
                config.terms(state.epochs()),
                new SoftRule(config.softness().margin(), perUnit, state.lower(), state.upperOrNever()),
                state.multipliers().offload(),
                config.budget().offload(),
                state.multipliers().falsePositive(),
                cap == null ? 1 : cap,
                state.accuracies());
    }
}
