package org.qexit.quantum.statevector;

import org.qexit.common.Checks;

/**
 * How to simulate.
 *
 * @param precision of the amplitudes
 * @param threads how many work on one batch, 1 to 1024; results do not depend on it
 * @param kernel which inner loops
 */
public record SimulatorOptions(Precision precision, int threads, Kernel kernel) {
    /** Double precision, one thread, the fastest kernels there are. */
    public static final SimulatorOptions DEFAULT = new SimulatorOptions(Precision.DOUBLE, 1, Kernel.AUTO);

    public SimulatorOptions {
        Checks.present("precision", precision);
        Checks.within("threads", threads, 1, 1024);
        Checks.present("kernel", kernel);
    }

    /** The same with amplitudes of another precision. */
    public SimulatorOptions with(Precision other) {
        return new SimulatorOptions(other, threads, kernel);
    }

    /** The same with other inner loops. */
    public SimulatorOptions with(Kernel other) {
        return new SimulatorOptions(precision, threads, other);
    }

    /** The same on that many threads, at least 1. */
    public SimulatorOptions withThreads(int count) {
        return new SimulatorOptions(precision, count, kernel);
    }

    /** Of the amplitudes; inputs and outputs are always double. */
    public enum Precision {
        /** Good to about 1e-14. */
        DOUBLE,
        /** Good to about 1e-6; half the memory. */
        FLOAT
    }

    /** The inner loops. */
    public enum Kernel {
        /** VECTOR where the JVM has the module jdk.incubator.vector, else PLAIN. */
        AUTO,
        /** Plain Java. */
        PLAIN,
        /** The incubating Vector API; an error where the module is absent. */
        VECTOR
    }
}
