package org.qexit.trace;

/** How a device decides: the same two thresholds at all exits ({@link Thresholds}), or two at each ({@link ExitThresholds}). */
public sealed interface Rule permits Thresholds, ExitThresholds {
    /** The exit that decides event {@code k} of {@code scores[exit][event]}, and what it says. */
    Thresholds.Decision decide(float[][] scores, int k);

    /** The same for the confidences of one event, {@code [exit]}. */
    Thresholds.Decision decide(float[] confidences);
}
