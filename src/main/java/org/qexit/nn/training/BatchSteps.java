package org.qexit.nn.training;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.LabelledSet;
import org.qexit.nn.Network;
import org.qexit.nn.loss.CoupledLoss;
import org.qexit.nn.loss.Objective;

/** The optimiser's steps of a training: which events each sees, and whether it still is a step of finite numbers. */
final class BatchSteps {
    private final TrainingTask task;
    private final Network network;
    private final float[] images;
    private final byte[] labels;

    BatchSteps(TrainingTask task, Network network) {
        this.task = task;
        this.network = network;
        this.images = new float[task.batch() * task.model().features()];
        this.labels = new byte[task.batch()];
    }

    /** The events of an epoch in the order that its steps see them. */
    int[] order(int epoch) {
        int[] order = IntStream.range(0, task.data().train().size()).toArray();
        RandomStreams.shuffle(order, task.random().stream("train/order/" + epoch));
        return order;
    }

    /** The labels of the last step's events, {@code [event]}; not a copy. */
    byte[] labels() {
        return labels;
    }

    /**
     * One step.
     *
     * @param epoch from 0
     * @param step of the epoch, from 0
     * @throws UserError if the numbers have ceased to be finite
     */
    CoupledLoss take(Objective objective, int epoch, int step, int[] order) {
        // Anew at every step, so that a resumed training goes on with the same shots.
        network.seedShots(RandomStreams.of(task.random().seed("train/shots/" + epoch + "/" + step)));
        fill(order, step * labels.length);
        network.judgeBy(objective);
        String cause = fit();
        if (cause != null) {
            String where = "epoch " + (epoch + 1) + ", batch " + (step + 1) + " of " + task.stepsPerEpoch();
            int[] places = Divergence.places(images, network.loss().margins(), labels.length);
            int[] events = Arrays.stream(places)
                    .map(k -> task.data().train().indices()[order[step * labels.length + k]])
                    .toArray();
            throw new Divergence(cause, where, events, labels.length).error(task);
        }
        return network.loss();
    }

    /** Returns what went wrong, or null. */
    private String fit() {
        try {
            network.fit(images, labels, labels.length);
        } catch (ArithmeticException e) {
            return e.getMessage();
        }
        if (!Double.isFinite(network.loss().loss())) {
            return "the loss is " + network.loss().loss();
        }
        return network.updateIsFinite() ? null : "the gradient is not finite";
    }

    private void fill(int[] order, int first) {
        LabelledSet train = task.data().train();
        for (int k = 0; k < labels.length; k++) {
            int event = order[first + k];
            train.copyTo(event, images, k * task.model().features());
            labels[k] = train.labels()[event];
        }
    }
}
