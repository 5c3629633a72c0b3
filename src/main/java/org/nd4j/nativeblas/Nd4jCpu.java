package org.nd4j.nativeblas;

import org.nd4j.linalg.factory.Nd4j;

/**
 * Stands in for a class that ND4J 1.0.0-M2.1 moved elsewhere but DL4J of the same release still looks up by this name when it
 * decides whether to use oneDNN. Without it, every convolution silently falls back to code several times slower.
 */
public final class Nd4jCpu {
    private Nd4jCpu() {}

    /** What DL4J asks, by reflection. */
    public static final class Environment {
        private static final Environment INSTANCE = new Environment();

        private Environment() {}

        public static Environment getInstance() {
            return INSTANCE;
        }

        public boolean isUseMKLDNN() {
            return Nd4j.getEnvironment().helpersAllowed();
        }
    }
}
