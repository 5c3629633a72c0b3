package org.qexit.engine;

import java.lang.reflect.InvocationTargetException;

/** Which kernels run. */
public enum KernelChoice {
    /** Those on the Vector API where this JVM has its module, else plain ones. */
    AUTO,
    /** Plain Java. */
    PLAIN,
    /** Those on the Vector API; an error where it is absent. */
    VECTOR;

    private static final String VECTOR_KERNELS = "org.qexit.engine.vector.VectorKernels";

    /** Whether the incubating Vector API is among the modules of this JVM. */
    static boolean hasVectors() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /** Kernels for one thread. Those on the Vector API are found by name, since a JVM may lack what they are compiled against. */
    Kernels create() {
        if (this == VECTOR && !hasVectors()) {
            throw new IllegalArgumentException("kernels are VECTOR but this JVM lacks the module jdk.incubator.vector."
                    + " Maybe start it with --add-modules jdk.incubator.vector");
        }
        if (this == PLAIN || !hasVectors()) {
            return new PlainKernels();
        }
        try {
            return (Kernels) Class.forName(VECTOR_KERNELS).getConstructor().newInstance();
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(VECTOR_KERNELS + " failed to start: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(VECTOR_KERNELS + " is not in this build: " + e, e);
        }
    }
}
