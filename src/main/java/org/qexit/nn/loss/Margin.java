package org.qexit.nn.loss;

/** In what the soft decision measures how far a confidence is from a threshold. */
public enum Margin {
    /** C − l: as published. Flat where confidences are near 0 or 1, which is where tight budgets put their thresholds. */
    PROBABILITY,
    /** logit C − logit l, the difference of the exit's logits: as steep at a threshold of 0.99 as at one of 0.5. */
    LOGIT
}
