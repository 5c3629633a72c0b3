package org.qexit.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * ONNX Runtime's environment, one for the process. Version 1.29 parses the process's command line with a recursive regular expression
 * when the environment is made: a class path of 5,000 characters overflows the 1 MiB stack of Java's main thread, which ends the process
 * without a word. So it is made on a thread whose stack holds the longest command line that Linux allows for one argument, 128 KiB, at
 * about 210 bytes a character.
 */
final class OnnxEnvironment {
    private static final long STACK_BYTES = 64L << 20;

    /** Held, for the platform forgets loggers that nobody holds: what it says in many lines comes as an exception too. */
    private static final Logger LOADER = Logger.getLogger("ai.onnxruntime.OnnxRuntime");

    private static OrtEnvironment instance;

    private OnnxEnvironment() {}

    static synchronized OrtEnvironment get() {
        // Not in a static initialiser: the other thread would wait for it to end.
        if (instance == null) {
            instance = create();
        }
        return instance;
    }

    private static OrtEnvironment create() {
        LOADER.setLevel(Level.OFF);
        OrtEnvironment[] made = new OrtEnvironment[1];
        Throwable[] failure = new Throwable[1];
        Thread thread = new Thread(
                null,
                () -> made[0] = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "qexit"),
                "onnx-environment",
                STACK_BYTES);
        thread.setUncaughtExceptionHandler((at, cause) -> failure[0] = cause);
        thread.start();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (made[0] == null) {
            throw new IllegalStateException("ONNX Runtime does not start on this machine", failure[0]);
        }
        return made[0];
    }
}
