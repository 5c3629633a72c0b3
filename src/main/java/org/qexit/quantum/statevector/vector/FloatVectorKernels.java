package org.qexit.quantum.statevector.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.qexit.quantum.statevector.FloatKernels;

/**
 * The hot loops on the Vector API. The classes for float and for float are one text up to that type, and a test keeps them so. A row is as
 * wide as the widest vector of this machine, so that each is one load.
 */
public final class FloatVectorKernels extends FloatKernels {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int W = S.length();

    public FloatVectorKernels() {
        super(W);
    }
}
