package org.qexit.device;

import java.util.Optional;
import org.qexit.bundle.Bundle;
import org.qexit.common.UserError;
import org.qexit.common.Warning;
import org.qexit.device.graph.UnsupportedGraph;

/**
 * Opens a bundle's stages in the runtime that was asked for, or in the best there is.
 *
 * @param runner them
 * @param notice why it is not the engine, where that is what one would expect
 */
record Runners(StageRunner runner, Optional<Warning> notice) {
    /**
     * Opens them.
     *
     * @param answer the name of what a stage says
     * @param width how many numbers that are
     * @param threads of ONNX Runtime for one call; more than one ask for it
     * @throws UserError if no runtime, or not the one asked for, runs the graphs
     */
    static Runners open(Bundle bundle, String answer, int width, Backend backend, int threads) {
        if (backend == Backend.ONNXRUNTIME || backend == Backend.AUTO && threads > 1) {
            return new Runners(onnx(bundle, answer, threads), Optional.empty());
        }
        try {
            EngineRunner engine = EngineRunner.open(bundle, answer, width);
            if (backend == Backend.ENGINE || engine.hasVectors() || !onnxIsThere()) {
                return new Runners(engine, Optional.empty());
            }
            return new Runners(onnx(bundle, answer, threads), Optional.empty());
        } catch (UnsupportedGraph e) {
            if (backend == Backend.ENGINE) {
                throw new UserError(
                        bundle.origin() + ": the engine does not run it: " + e.getMessage()
                                + ". Maybe take ONNX Runtime as the backend",
                        e);
            }
            Warning notice = new Warning(
                    "not-on-the-engine",
                    bundle.origin() + ": ONNX Runtime runs it, for the engine does not: " + e.getMessage());
            return new Runners(onnx(bundle, answer, threads), Optional.of(notice));
        }
    }

    private static OnnxRunner onnx(Bundle bundle, String answer, int threads) {
        try {
            return OnnxRunner.open(bundle, answer, threads);
        } catch (LinkageError | IllegalStateException e) {
            throw new UserError(bundle.origin() + ": ONNX Runtime is not there: " + e, e);
        }
    }

    private static boolean onnxIsThere() {
        try {
            return org.qexit.onnx.Stage.available();
        } catch (LinkageError e) {
            return false;
        }
    }
}
