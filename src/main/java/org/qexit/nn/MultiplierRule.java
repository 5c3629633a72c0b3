package org.qexit.nn;

/** How the multiplier μ of the offload budget is set during training. */
public enum MultiplierRule {
    /** Dual ascent: μ climbs by dualStep · (Õ − ω) after every batch. */
    ASCENT,
    /**
     * What keeps the constraint tight, by the implicit function theorem: where thresholds move with the scores so that Õ stays ω,
     * maximising ln Ũ is minimising −λ ln Ũ + μ Õ with μ = (λ / Ũ) (∂Ũ/∂τ) / (∂Õ/∂τ), from running means over batches.
     */
    IMPLICIT
}
