package org.qexit.nn.training;

import org.qexit.data.LabelledSet;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.Network;
import org.qexit.nn.loss.LogitLoss;
import org.qexit.nn.training.utility.RecentScores;

/**
 * By what the steps and epochs of one training are judged. Everything that must survive an interruption is in the {@link TrainingState} that
 * it hands on, or in the ring of recent scores.
 */
interface TrainingObjective {
    /** What the logits of an event are compared with: an index of one of an exit's logits. */
    int truth(LabelledSet events, int event);

    /** What the next step is judged by. */
    LogitLoss lossAt(TrainingState state);

    /**
     * The state after a step that {@link #lossAt} judged.
     *
     * @param truth of the step's events
     * @param startNanos when the step began
     */
    TrainingState afterStep(TrainingState state, int[] truth, long startNanos);

    /**
     * The state after an epoch, whose record is its last.
     *
     * @throws ArithmeticException if the network gives no numbers any more
     */
    TrainingState afterEpoch(TrainingState state, Network network);

    /** The same point of the training as its last epoch would be judged by this objective. */
    TrainingState judgedAnew(TrainingState state, Network network);

    /** What the training came to. */
    TrainedModel trained(EarlyExitModel best, TrainingState state);

    /** The scores of the latest training events, as far as they are kept. */
    RecentScores recent();
}
