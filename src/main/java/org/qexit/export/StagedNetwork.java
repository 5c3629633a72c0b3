package org.qexit.export;

import java.util.List;
import org.qexit.onnx.graph.GraphBuilder;
import org.qexit.onnx.graph.OnnxModel;

/** A network that is written stage by stage: each takes what the one before hands on, and says its exit's confidence. */
interface StagedNetwork {
    int exits();

    /** Channels, height, width of an event. */
    long[] eventShape();

    /** Shapes of what stage q, from 0, hands on, without the axis of events; none behind the last. */
    List<long[]> given(int exit);

    /**
     * Adds a stage to a graph.
     *
     * @param exit q, from 0
     * @param taken names of what the stage before hands on, or of the event
     */
    Stage write(GraphBuilder graph, int exit, List<String> taken);

    /**
     * A stage as it was written.
     *
     * @param given names of what it hands on; one that it took where it only passes it on
     * @param confidence name of its exit's confidences, {@code [N]}
     */
    record Stage(List<String> given, String confidence) {}

    /** What is done to values that a branch of {@code If} will take from the graph around it; returns their names then. */
    default List<String> captured(GraphBuilder graph, List<String> values) {
        return values;
    }

    /** The operators that it is written in. */
    default StandardOperators operators() {
        return new StandardOperators(OnnxModel.OPSET, OnnxModel.IR_VERSION);
    }

    /** Whether it takes one event at a time only. */
    default boolean oneByOne() {
        return false;
    }
}
