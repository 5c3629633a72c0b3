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
import org.qexit.nn.training.utility.HeldOutEvaluation;
import org.qexit.nn.training.utility.Multipliers;
import org.qexit.nn.training.utility.RecentScores;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;

/** The coupled loss of a device's model: thresholds and multipliers follow the scores; the epoch that finds most within the budget is best. */
final class UtilityObjective implements TrainingObjective {
    private static final String HELD_OUT = "held-out";

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
        SurrogateThresholds thresholds = state.thresholds();
        double weight = terms.stream()
                .filter(LossTerm::rewardsUtility)
                .mapToDouble(LossTerm::weight)
                .sum();
        if (weight > 0) {
            multipliers = multipliers.after(loss, config.budget(), weight);
            switch (config.thresholds().mode()) {
                case SEARCHED, FIXED -> {}
                case LEARNED -> {
                    boolean each = thresholds.perExit() != null;
                    thresholds = thresholds.after(
                            config.course().learningRate(),
                            q -> each ? loss.lowerGradient(q) : loss.lowerGradient(),
                            q -> each ? loss.upperGradient(q) : loss.upperGradient());
                }
                case TRACKED -> {
                    recent.add(loss, truth);
                    if ((state.step() + 1) % TRACKING_STEPS == 0 && recent.ready()) {
                        thresholds = thresholds.chosen(aim.chooser()
                                .choose(recent.trace(), config.budget().offload()));
                    }
                }
                default -> throw new IllegalStateException("thresholds are " + config.thresholds());
            }
        }
        EpochSums sums = state.sums().plusUtility(loss, (System.nanoTime() - startNanos) * 1e-9);
        return state.afterStep(multipliers, thresholds, sums);
    }

    @Override
    public TrainingState afterEpoch(TrainingState state, Network network) {
        int epoch = state.epochs();
        long start = System.nanoTime();
        DeviceTrace trace = network.trace(HELD_OUT, task.data().heldOut());
        Rule rule = aim.chooser().choose(trace, config.budget().offload());
        SurrogateThresholds used = state.thresholds();
        SurrogateThresholds chosen = used.chosen(rule);
        boolean each = used.perExit() != null;
        HeldOutEvaluation evaluation = HeldOutEvaluation.of(trace, rule);
        EpochSums sums = state.sums();
        EpochRecord record = new EpochRecord(
                epoch + 1,
                sums.meanLoss(),
                sums.meanCrossEntropies(),
                sums.meanUtility(),
                sums.meanOffload(),
                config.steepness(epoch),
                state.multipliers().offload(),
                each ? null : (Double) used.lower(),
                each ? null : used.upper(),
                each ? null : (Double) chosen.lower(),
                each ? null : chosen.upper(),
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
                task.learningRate((epoch + 1) * task.stepsPerEpoch() - 1),
                used.perExit(),
                chosen.perExit());
        boolean set = switch (config.thresholds().mode()) {
            case SEARCHED -> true;
            case TRACKED -> !recent.ready();
            case FIXED, LEARNED -> false;
        };
        return state.afterEpoch(record, set ? chosen : used, HeldOutEvaluation.spread(trace));
    }

    @Override
    public TrainingState judgedAnew(TrainingState state, Network network) {
        DeviceTrace trace = network.trace(HELD_OUT, task.data().heldOut());
        Rule chosen = aim.chooser().choose(trace, config.budget().offload());
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
                state.thresholds().soft(config.softness().margin(), perUnit),
                state.multipliers().offload(),
                config.budget().offload(),
                state.multipliers().falsePositive(),
                cap == null ? 1 : cap,
                state.accuracies());
    }
}
