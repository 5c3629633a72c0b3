package org.qexit.nn.training;

import java.nio.file.Path;

/** A training was asked to stop, and did after the step in hand; its checkpoint, if it keeps any, is written. */
public final class TrainingInterrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TrainingInterrupted(String model, TrainingState state, int stepsPerEpoch, Path checkpoint) {
        super("training of " + model + " stopped in epoch " + (state.epochs() + 1) + " after step " + state.step()
                + " of " + stepsPerEpoch
                + (checkpoint == null ? "; nothing was kept" : "; " + checkpoint + " is written"));
    }
}
