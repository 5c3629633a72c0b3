package org.qexit.nn.loss;

/**
 * What the logits of a batch are judged by, with its gradient, in double precision. Logits are {@code [event][K · exit + class]}, flattened.
 * What it has computed is read before the next call; one thread at a time.
 */
public interface LogitLoss {
    /**
     * Computes loss and gradient.
     *
     * @param truth each event's class, {@code [event]}: 0 or 1 where the exits tell normal from critical
     */
    void evaluate(double[] logits, int[] truth, int batch);

    /** L of the last batch, a mean over its events. */
    double loss();

    /** Cross-entropy of every exit on the last batch, {@code [exit]}; not a copy. */
    double[] crossEntropies();

    /** ∂L/∂logits of the last batch, laid out as the logits; not a copy. */
    double[] gradient();
}
