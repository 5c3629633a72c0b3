package org.qexit.nn;

/** What runs the steps of a training. The two agree to single precision; files of the one load in the other. */
public enum TrainingEngine {
    /** Our own, {@link org.qexit.engine.Engine}: several times faster, and the same bits on every machine. */
    QEXIT,
    /** DL4J, the reference: runs every model. */
    DL4J
}
