package org.qexit.nn.head;

/** How a head turns a block's feature maps into a vector. */
public enum Reduction {
    /** All activations, in the order channel, row, column. */
    FLATTEN,
    /** The mean of each channel. */
    AVERAGE
}
