package org.qexit.nn.training;

import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.LabelledSet;
import org.qexit.nn.TrainingConfig;

/**
 * What a training sees.
 *
 * @param train what the parameters are fitted to
 * @param heldOut what chooses thresholds and the best epoch
 */
public record TrainingData(LabelledSet train, LabelledSet heldOut) {
    public TrainingData {
        checkCritical("training", train);
        checkCritical("held-out", heldOut);
    }

    /** Splits off the held-out part that a configuration asks for. */
    public static TrainingData of(LabelledSet all, TrainingConfig config, RandomStreams random) {
        return of(all, config.heldOutFraction(), random);
    }

    /** Splits off a part, the same for the same events, fraction and streams, whatever is trained. */
    public static TrainingData of(LabelledSet all, double heldOutFraction, RandomStreams random) {
        LabelledSet.HeldOut parts = all.holdOut(heldOutFraction, random, "train/held-out");
        return new TrainingData(parts.train(), parts.heldOut());
    }

    private static void checkCritical(String name, LabelledSet events) {
        if (events.positives() == 0) {
            throw lacks(name, events, "some critical ones");
        }
    }

    /**
     * What is trained to tell critical events from others, needs both; a model that names classes need not have normal ones.
     *
     * @throws UserError if there are no normal events
     */
    TrainingData withBothKinds() {
        if (train.positives() == train.size()) {
            throw lacks("training", train, "some of both kinds");
        }
        if (heldOut.positives() == heldOut.size()) {
            throw lacks("held-out", heldOut, "some of both kinds");
        }
        return this;
    }

    private static UserError lacks(String name, LabelledSet events, String what) {
        return new UserError(
                "the " + name + " part of data set " + events.dataset().name() + " has " + events.positives()
                        + " critical events of " + events.size() + "; expected " + what);
    }
}
