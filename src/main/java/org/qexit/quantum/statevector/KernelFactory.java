package org.qexit.quantum.statevector;

import java.lang.reflect.InvocationTargetException;
import org.qexit.quantum.statevector.SimulatorOptions.Kernel;
import org.qexit.quantum.statevector.SimulatorOptions.Precision;

/**
 * Picks the inner loops. The ones on the Vector API are found by name, since this JVM may lack the module that they are compiled against.
 */
final class KernelFactory {
    private static final String VECTOR_PACKAGE = "org.qexit.quantum.statevector.vector.";
    private static final boolean VECTOR_MODULE =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    private KernelFactory() {}

    /** Whether the incubating Vector API is among the modules of this JVM. */
    static boolean hasVectorModule() {
        return VECTOR_MODULE;
    }

    static boolean vector(SimulatorOptions options) {
        if (options.kernel() == Kernel.VECTOR && !VECTOR_MODULE) {
            throw new IllegalArgumentException("kernel is VECTOR but this JVM lacks the module jdk.incubator.vector;"
                    + " Maybe start it with --add-modules jdk.incubator.vector");
        }
        return options.kernel() != Kernel.PLAIN && VECTOR_MODULE;
    }

    /** A fresh set of kernels with its own memory, for one thread. */
    static TileKernels create(SimulatorOptions options) {
        boolean isDouble = options.precision() == Precision.DOUBLE;
        if (!vector(options)) {
            return isDouble ? new DoubleKernels(PLAIN_WIDTH) : new FloatKernels(PLAIN_WIDTH);
        }
        String name = VECTOR_PACKAGE + (isDouble ? "DoubleVectorKernels" : "FloatVectorKernels");
        try {
            return (TileKernels) Class.forName(name).getConstructor().newInstance();
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(name + " failed to start: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(name + " is not in this build: " + e, e);
        }
    }

    /** One sample at a time, for states so large that a tile of more would not fit into memory. */
    static TileKernels narrow(SimulatorOptions options) {
        return options.precision() == Precision.DOUBLE ? new DoubleKernels(1) : new FloatKernels(1);
    }

    /** Enough samples to pay for the loop around them, few enough for 8 qubits to stay in the second-level cache. */
    private static final int PLAIN_WIDTH = 8;
}
