package org.qexit.nn.training;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.Network;
import org.qexit.nn.Tensor;

/** One training under way: the network, the state between two steps, and the loop over epochs and steps that carries them on. */
final class TrainingLoop {
    /** A checkpoint within the epoch after this long, so that even epochs of hours lose little. */
    private static final double CHECKPOINT_SECONDS = 60;

    private final TrainingTask task;
    private final TrainingObjective objective;
    private final TrainingDirectory files;
    private final int stepsPerEpoch;
    private final Network network;
    private final BatchSteps batches;
    private TrainingState state;
    private List<Tensor> best;

    /**
     * At its beginning.
     *
     * @param files where it keeps what it has reached; null for nowhere
     */
    TrainingLoop(TrainingTask task, TrainingDirectory files) {
        this.task = task;
        this.objective = task.aim().begin(task);
        this.files = files;
        this.stepsPerEpoch = task.stepsPerEpoch();
        Math.multiplyExact(stepsPerEpoch, task.course().epochs());
        this.network = task.network();
        task.begin(network);
        this.batches = new BatchSteps(task, network, objective);
        this.state = task.aim().initial(task.model().exits());
    }

    TrainedModel run() {
        if (files != null) {
            files.startEvents(state.history());
        }
        runUntil(task.course().epochs());
        TrainedModel trained = trained();
        if (files != null) {
            files.writeModel(trained);
            files.finish();
        }
        return trained;
    }

    /** @param epochs of the warm-up */
    WarmStart warmUp(int epochs) {
        runUntil(epochs);
        return WarmStart.of(task.warmUpFingerprint(), state, network);
    }

    /** Puts it where a checkpoint was written. */
    void restore(Checkpoint checkpoint) {
        state = checkpoint.state();
        if (state.epochs() > task.course().epochs() || state.step() >= stepsPerEpoch) {
            throw new UserError("the checkpoint is after epoch " + state.epochs() + " and step " + state.step()
                    + "; expected at most " + task.course().epochs() + " epochs of " + stepsPerEpoch + " steps");
        }
        network.restore(checkpoint.parameters(), checkpoint.optimiser(), Math.toIntExact(steps()));
        best = checkpoint.best().length == 0 ? null : network.layout().tensors(checkpoint.best());
        objective.recent().restore(checkpoint.added(), checkpoint.recentScores(), checkpoint.recentLabels());
    }

    /** Puts it at the end of a warm-up, whose last epoch is judged by this training's budget. */
    void restore(WarmStart start) {
        state = start.restore(task.warmUpFingerprint(), network, stepsPerEpoch);
        state = onHeldOut(objective::judgedAnew);
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
                        objective.recent().added(),
                        objective.recent().scores(),
                        objective.recent().labels()),
                steps());
    }

    private TrainedModel trained() {
        return objective.trained(EarlyExitModel.of(task.model(), best), state);
    }

    private void runUntil(int epochs) {
        try (Progress progress = Progress.start("train " + task.model().name(), (long) epochs * stepsPerEpoch)) {
            progress.step(steps());
            while (state.epochs() < epochs && !outOfPatience()) {
                EpochRecord record = epoch(progress);
                progress.note("epoch " + record.epoch() + ", held-out " + record.words(3));
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
        Integer patience = task.course().patience();
        return patience != null && state.epochs() > 0 && state.sinceBest() >= patience;
    }

    private EpochRecord epoch(Progress progress) {
        int epoch = state.epochs();
        int[] order = batches.order(epoch);
        for (int s = state.step(); s < stepsPerEpoch; s++) {
            long start = System.nanoTime();
            int[] truth = batches.take(objective.lossAt(state), epoch, s, order);
            state = objective.afterStep(state, truth, start);
            progress.step();
            boolean stop = task.listener().stopRequested();
            if (s + 1 < stepsPerEpoch) {
                betweenSteps(stop);
            }
        }
        return endOfEpoch();
    }

    /** A checkpoint if one is due, and an end if somebody asked for it. */
    private void betweenSteps(boolean stop) {
        Path file = files != null && (stop || files.age() > CHECKPOINT_SECONDS) ? save() : null;
        if (stop) {
            throw new TrainingInterrupted(task.model().name(), state, stepsPerEpoch, file);
        }
    }

    private EpochRecord endOfEpoch() {
        state = onHeldOut(objective::afterEpoch);
        EpochRecord record = state.history().get(state.epochs() - 1);
        if (state.bestEpoch() == record.epoch()) {
            best = network.tensors();
        }
        return record;
    }

    private TrainingState onHeldOut(BiFunction<TrainingState, Network, TrainingState> judgement) {
        try {
            return judgement.apply(state, network);
        } catch (ArithmeticException e) {
            throw new UserError("training of " + task.model().name() + " diverged: " + e.getMessage()
                    + " on the held-out events after epoch " + Math.max(1, state.epochs() + (state.step() > 0 ? 1 : 0))
                    + ". Maybe lower learningRate, now " + task.course().learningRate());
        }
    }
}
