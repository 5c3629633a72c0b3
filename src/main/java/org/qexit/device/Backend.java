package org.qexit.device;

/** What runs the stages of a bundle. */
public enum Backend {
    /**
     * The engine where it runs the bundle's graphs and this JVM has the Vector API, on which it is the fastest; else ONNX Runtime; the engine's
     * plain loops where ONNX Runtime is not there.
     */
    AUTO,
    /** The engine, {@code org.qexit.engine.event}: Java alone. */
    ENGINE,
    /** ONNX Runtime, native code. */
    ONNXRUNTIME
}
