package org.qexit.quantum.statevector.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.qexit.quantum.statevector.DoubleKernels;

/**
 * The hot loops on the Vector API. The classes for double and for float are one text up to that type, and a test keeps them so. A row is as
 * wide as the widest vector of this machine, so that each is one load.
 */
public final class DoubleVectorKernels extends DoubleKernels {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int W = S.length();

    public DoubleVectorKernels() {
        super(W);
    }
}
