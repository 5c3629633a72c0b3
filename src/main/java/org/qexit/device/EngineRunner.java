package org.qexit.device;

import java.util.ArrayList;
import java.util.List;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.GraphNames;
import org.qexit.common.UserError;
import org.qexit.device.graph.GraphCompiler;
import org.qexit.device.graph.UnsupportedGraph;
import org.qexit.engine.event.EventProgram;
import org.qexit.engine.event.Walk;
import org.qexit.onnx.graph.OnnxModel;

/** The stages on the engine. */
final class EngineRunner implements StageRunner {
    private final EventProgram program;

    private EngineRunner(EventProgram program) {
        this.program = program;
    }

    /**
     * Makes it from a bundle's graphs.
     *
     * @param answer the name of what a stage says
     * @param width how many numbers that are
     * @throws UnsupportedGraph if the engine does not run them
     */
    static EngineRunner open(Bundle bundle, String answer, int width) throws UnsupportedGraph {
        BundleManifest manifest = bundle.manifest();
        List<OnnxModel> stages = new ArrayList<>();
        List<List<String>> inputs = new ArrayList<>();
        List<List<String>> outputs = new ArrayList<>();
        try {
            for (int q = 0; q < manifest.exits(); q++) {
                String name = manifest.stages().get(q);
                stages.add(OnnxModel.read(name, bundle.bytes(name)));
                inputs.add(manifest.inputsOf(q));
                outputs.add(GraphNames.outputs(answer, manifest.carried(q)));
            }
        } catch (UserError e) {
            throw new UnsupportedGraph(e.getMessage());
        }
        BundleManifest.Input input = manifest.input();
        return new EngineRunner(
                GraphCompiler.compile(stages, inputs, outputs, width, input.channels(), input.height(), input.width()));
    }

    EventProgram program() {
        return program;
    }

    boolean hasVectors() {
        return program.kernels().equals("vector");
    }

    @Override
    public String name() {
        return "engine, " + program.kernels() + " kernels";
    }

    @Override
    public Walk begin(float[] event) {
        return program.begin(event);
    }

    @Override
    public void close() {
        // Nothing but arrays.
    }
}
