package org.qexit.nn;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** The non-linearity behind every convolution and hidden layer. */
public enum Activation {
    /** max(0, x). */
    RELU,
    /** tanh x; smooth, as finite differences like it. */
    TANH;

    /** The same of DL4J's. */
    public IActivation ofDl4j() {
        return switch (this) {
            case RELU -> new ActivationReLU();
            case TANH -> new ActivationTanH();
        };
    }
}
