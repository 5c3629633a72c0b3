package org.qexit.nn.head;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qexit.quantum.Circuit;

/**
 * An exit's head: what turns the features of a block into logits, one per class. In YAML, {@code {kind: quantum, qubits: 4, layers: 2}};
 * what is left
 * out has its default. See docs/training.md.
 *
 * <p>A new kind of head is a record of its own beside these, named here in {@code permits}, the annotation and {@link Cases}; the compiler
 * then asks for its operators in {@code NetworkLowering} of the export. Network, initial values, stored tensors and costs follow from
 * {@link #body}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = LinearHead.class, name = LinearHead.KIND),
    @JsonSubTypes.Type(value = MlpHead.class, name = MlpHead.KIND),
    @JsonSubTypes.Type(value = QuantumHead.class, name = QuantumHead.KIND),
})
public sealed interface HeadConfig permits LinearHead, MlpHead, QuantumHead {
    /** Logits of a device's exit: normal and critical. */
    int BINARY = 2;

    /** The dense layer that gives the logits. */
    String LOGITS = "logits";

    /** Its kind, as files write it. */
    String kind();

    /** How feature maps become a vector. */
    Reduction reduce();

    /** The same head on features that are reduced otherwise. */
    HeadConfig with(Reduction other);

    /**
     * Its layers in order, each taking what the one before gives; the dense layer to the logits comes on top.
     *
     * @param features values per event that the first one takes
     */
    List<HeadLayer> body(int features);

    /** As reports name it. */
    String words();

    /** What the case for its kind says. */
    <R> R match(Cases<R> cases);

    /** The head with exact expectation values in the place of shots and noise. */
    default HeadConfig exact() {
        return this;
    }

    /** Its circuit, if it has one. */
    default Optional<Circuit> circuit() {
        return Optional.empty();
    }

    /** Shots of its circuit per event, where it measures a fixed number; 0 for exact values. */
    default int shotsPerEvent() {
        return 0;
    }

    /**
     * The {@link #body} and the layer {@code logits}.
     *
     * @param outputs logits, one per class
     */
    default List<HeadLayer> stack(int features, int outputs) {
        List<HeadLayer> layers = new ArrayList<>(body(features));
        int last = layers.isEmpty() ? features : layers.get(layers.size() - 1).outputs();
        layers.add(HeadLayer.dense(LOGITS, last, outputs, 1, false));
        return layers;
    }

    /** Number of parameters on this many features: weights, biases, circuit angles; the formulas of docs/training.md. */
    default long parameters(int features, int outputs) {
        return stack(features, outputs).stream()
                .mapToLong(HeadLayer::parameters)
                .sum();
    }

    static HeadConfig linear() {
        return new LinearHead(null);
    }

    static MlpHead mlp(int hidden) {
        return new MlpHead(null, hidden, null, null);
    }

    /** A hidden layer, then residual rings, the last {@code skips} of which see it again. */
    static MlpHead mlp(int hidden, int rings, int skips) {
        return new MlpHead(null, hidden, rings, skips);
    }

    static QuantumHead quantum(int qubits, int layers) {
        return new QuantumHead(null, qubits, layers, null, null, null, null, null, null, null);
    }

    /** One answer for every kind of head. */
    interface Cases<R> {
        R linear(LinearHead head);

        R mlp(MlpHead head);

        R quantum(QuantumHead head);
    }
}
