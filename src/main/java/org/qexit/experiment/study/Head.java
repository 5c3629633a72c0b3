package org.qexit.experiment.study;

import java.util.List;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.Twin;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.QuantumHead;

/** A model's heads as configured, or those of one of its twins. */
public enum Head {
    /** As configured. */
    HYBRID,
    /** The same circuits with bounded angles. */
    BOUNDED,
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
        return switch (this) {
            case HYBRID -> model;
            case BOUNDED -> bounded(model);
            default -> Twin.named(name()).of(model);
        };
    }

    private static ModelConfig bounded(ModelConfig model) {
        List<HeadConfig> heads = model.heads().stream()
                .map(head -> head instanceof QuantumHead quantum ? quantum.within(true) : head)
                .toList();
        return model.withHeads(heads).withName(model.name() + "-bounded");
    }

    String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
