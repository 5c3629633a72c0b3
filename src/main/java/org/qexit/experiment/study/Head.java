package org.qexit.experiment.study;

import org.qexit.nn.ModelConfig;
import org.qexit.nn.Twin;

/** A model's heads as configured, or those of one of its twins. */
public enum Head {
    /** As configured. */
    HYBRID,
    /** Without entanglers. */
    SEPARABLE,
    /** Classical, of the same number of parameters. */
    MATCHED,
    /** Linear. */
    LINEAR,
    /** Plain mlp heads of the nearest number of parameters. */
    CLASSICAL;

    /** The model with these heads. */
    ModelConfig of(ModelConfig model) {
        return this == HYBRID ? model : Twin.named(name()).of(model);
    }

    String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
