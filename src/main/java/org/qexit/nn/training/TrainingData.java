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
        check("training", train);
        check("held-out", heldOut);
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

    private static void check(String name, LabelledSet events) {
        if (events.positives() == 0 || events.positives() == events.size()) {
            throw new UserError(
                    "the " + name + " part of data set " + events.dataset().name() + " has " + events.positives()
                            + " critical events of " + events.size() + "; expected some of both kinds");
        }
    }
}
