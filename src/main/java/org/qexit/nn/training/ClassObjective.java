package org.qexit.nn.training;

import java.util.Arrays;
import org.qexit.data.LabelledSet;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.Network;
import org.qexit.nn.loss.DeepSupervision;
import org.qexit.nn.loss.LogitLoss;
import org.qexit.nn.node.ClassTrainingConfig;
import org.qexit.nn.training.utility.RecentScores;

/**
 * Deep supervision of an edge node's model. The best epoch is the one with the least mean, over the exits, of the cross-entropies on the
 * held-out events, in which an event weighs as much as in training.
 */
final class ClassObjective implements TrainingObjective {
    private final TrainingTask task;
    private final double[] classWeights;
    private final DeepSupervision loss;
    private final RecentScores none = RecentScores.none();

    ClassObjective(TrainingTask task, ClassTrainingConfig config) {
        this.task = task;
        int[] counts = new int[task.model().outputs()];
        for (int id : task.data().train().classes()) {
            counts[id]++;
        }
        this.classWeights = config.classWeights().of(counts);
        this.loss = new DeepSupervision(config.weights(task.model().exits()), classWeights);
    }

    @Override
    public int truth(LabelledSet events, int event) {
        return events.classes()[event];
    }

    @Override
    public LogitLoss lossAt(TrainingState state) {
        return loss;
    }

    @Override
    public TrainingState afterStep(TrainingState state, int[] truth, long startNanos) {
        EpochSums sums = state.sums().plus(loss, (System.nanoTime() - startNanos) * 1e-9);
        return state.afterStep(state.multipliers(), state.thresholds(), sums);
    }

    @Override
    public TrainingState afterEpoch(TrainingState state, Network network) {
        int epoch = state.epochs();
        long start = System.nanoTime();
        ClassEvaluation evaluation = ClassEvaluation.of(
                network.logits(task.data().heldOut()), task.data().heldOut().classes(), classWeights);
        EpochSums sums = state.sums();
        EpochRecord record = EpochRecord.ofClasses(
                epoch + 1,
                sums,
                evaluation.crossEntropy(),
                Arrays.stream(evaluation.accuracies()).boxed().toList(),
                sums.seconds() + (System.nanoTime() - start) * 1e-9,
                task.learningRate((epoch + 1) * task.stepsPerEpoch() - 1));
        return state.afterEpoch(record, state.thresholds(), state.spread());
    }

    @Override
    public TrainingState judgedAnew(TrainingState state, Network network) {
        throw new IllegalStateException("the training of an edge node's model has no warm-up to go on from");
    }

    @Override
    public TrainedModel trained(EarlyExitModel best, TrainingState state) {
        return new TrainedModel(best, state.best().epoch(), null, state.history());
    }

    @Override
    public RecentScores recent() {
        return none;
    }
}
