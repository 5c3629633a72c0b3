package org.qexit.nn;

/** The non-linearity behind every convolution and hidden layer. */
public enum Activation {
    /** max(0, x). */
    RELU,
    /** tanh x; smooth, as finite differences like it. */
    TANH
}
