package org.qexit.nn.training;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.LabelledSet;
import org.qexit.nn.Network;
import org.qexit.nn.loss.LogitLoss;

/** The optimiser's steps of a training: which events each sees, and whether it still is a step of finite numbers. */
final class BatchSteps {
    private final TrainingTask task;
    private final Network network;
    private final float[] images;
    private final TrainingObjective objective;
    private final int[] truth;

    BatchSteps(TrainingTask task, Network network, TrainingObjective objective) {
        this.task = task;
        this.network = network;
        this.images = new float[task.batch() * task.model().features()];
        this.objective = objective;
        this.truth = new int[task.batch()];
    }

    /** The events of an epoch in the order that its steps see them. */
    int[] order(int epoch) {
        int[] order = IntStream.range(0, task.data().train().size()).toArray();
        RandomStreams.shuffle(order, task.random().stream("train/order/" + epoch));
        return order;
    }

    /**
     * One step.
     *
     * @param loss what it is judged by
     * @param epoch from 0
     * @param step of the epoch, from 0
     * @return what the logits of its events were compared with, {@code [event]}; not a copy
     * @throws UserError if the numbers have ceased to be finite
     */
    int[] take(LogitLoss loss, int epoch, int step, int[] order) {
        // Anew at every step, so that a resumed training goes on with the same shots.
        network.seedShots(RandomStreams.of(task.random().seed("train/shots/" + epoch + "/" + step)));
        fill(order, step * truth.length);
        network.judgeBy(loss);
        String cause = fit(loss);
        if (cause != null) {
            String where = "epoch " + (epoch + 1) + ", batch " + (step + 1) + " of " + task.stepsPerEpoch();
            int[] places = Divergence.places(images, network.lastLogits(), truth.length);
            int[] events = Arrays.stream(places)
                    .map(k -> task.data().train().indices()[order[step * truth.length + k]])
                    .toArray();
            throw new Divergence(cause, where, events, truth.length).error(task);
        }
        return truth;
    }

    /** Returns what went wrong, or null. */
    private String fit(LogitLoss loss) {
        try {
            network.fit(images, truth, truth.length);
        } catch (ArithmeticException e) {
            return e.getMessage();
        }
        if (!Double.isFinite(loss.loss())) {
            return "the loss is " + loss.loss();
        }
        return network.updateIsFinite() ? null : "the gradient is not finite";
    }

    private void fill(int[] order, int first) {
        LabelledSet train = task.data().train();
        for (int k = 0; k < truth.length; k++) {
            int event = order[first + k];
            train.copyTo(event, images, k * task.model().features());
            truth[k] = objective.truth(train, event);
        }
    }
}
