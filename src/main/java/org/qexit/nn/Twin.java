package org.qexit.nn;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.QuantumHead;
import org.qexit.quantum.Ansatz;

/** A model that differs from a hybrid one in its quantum heads only, to be trained beside it. */
public enum Twin {
    /** The same circuits without entanglers. */
    SEPARABLE,
    /** Classical heads of the same number of parameters, to within {@link #TOLERANCE}. */
    MATCHED,
    /** Linear heads. */
    LINEAR,
    /** Plain mlp heads of the nearest number of parameters, however far that is. */
    CLASSICAL;

    /** How far a matched head's number of parameters may be from the quantum head's, as a share of it. */
    public static final double TOLERANCE = 0.02;

    /** By name in any case. */
    @JsonCreator
    public static Twin named(String name) {
        for (Twin twin : values()) {
            if (twin.name().equalsIgnoreCase(name)) {
                return twin;
            }
        }
        throw new IllegalArgumentException("twin is '" + name + "'; expected separable, matched, linear or classical");
    }

    /**
     * The twin of a model, named after it.
     *
     * @throws IllegalStateException if the size of the heads matters and the input's shape is not known
     */
    public ModelConfig of(ModelConfig model) {
        List<HeadConfig> heads = new ArrayList<>();
        for (int q = 0; q < model.exits(); q++) {
            HeadConfig head = model.heads().get(q);
            heads.add(head instanceof QuantumHead quantum ? replaced(quantum, model, q) : head);
        }
        return model.withHeads(heads).withName(model.name() + "-" + label());
    }

    private HeadConfig replaced(QuantumHead head, ModelConfig model, int exit) {
        return switch (this) {
            case SEPARABLE -> head.with(Ansatz.Entangler.NONE);
            case MATCHED ->
                matched(head, model.headFeatures(exit), model.outputs()).with(head.reduce());
            case LINEAR -> HeadConfig.linear().with(head.reduce());
            case CLASSICAL ->
                nearest(head, model.headFeatures(exit), model.outputs()).with(head.reduce());
        };
    }

    /** As configurations and files write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The mlp head whose number of parameters, h (features + K + 1) + K, is nearest; the smaller on a tie. */
    private static HeadConfig nearest(QuantumHead head, int features, int outputs) {
        long perUnit = features + outputs + 1L;
        long hidden = Math.max(1, (head.parameters(features, outputs) - outputs + (perUnit - 1) / 2) / perUnit);
        return HeadConfig.mlp(Math.toIntExact(hidden));
    }

    /**
     * The nearest mlp head if that is near enough. Otherwise one hidden unit for each qubit, a residual ring of three parameters per unit
     * for each layer of three angles per qubit, and a skip for each upload of scaled angles: the very same number of parameters, whatever
     * the shape.
     */
    private static HeadConfig matched(QuantumHead head, int features, int outputs) {
        HeadConfig plain = nearest(head, features, outputs);
        long wanted = head.parameters(features, outputs);
        if (Math.abs(plain.parameters(features, outputs) - wanted) <= TOLERANCE * wanted) {
            return plain;
        }
        return HeadConfig.mlp(head.qubits(), head.layers(), head.scales() / head.qubits());
    }
}
