package org.qexit.onnx.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects the nodes and constants of a graph in the order in which they run. Names are unique over a builder and its branches, so that
 * no branch hides a name of the graph around it.
 */
public final class GraphBuilder {
    private final Set<String> names;
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final List<OnnxTensor> initialisers = new ArrayList<>();

    private GraphBuilder(Set<String> names) {
        this.names = names;
    }

    public static GraphBuilder create() {
        return new GraphBuilder(new HashSet<>());
    }

    /** A graph inside this one, for an attribute of a node to come. */
    public GraphBuilder branch() {
        return new GraphBuilder(names);
    }

    /**
     * Adds an operator with one output; node and output bear the same name.
     *
     * @return {@code output}
     */
    public String node(String operator, String output, List<String> inputs, Attribute... attributes) {
        nodes(operator, output, inputs, List.of(output), attributes);
        return output;
    }

    /** Adds an operator with several outputs. */
    public void nodes(
            String operator, String name, List<String> inputs, List<String> outputs, Attribute... attributes) {
        // Outputs that are left out have no name.
        outputs.stream().filter(output -> !output.isEmpty()).forEach(this::claim);
        nodes.add(new OnnxNode(operator, "", name, inputs, outputs, List.of(attributes)));
    }

    /** Adds a constant; returns its name. */
    public String constant(OnnxTensor tensor) {
        claim(tensor.name());
        initialisers.add(tensor);
        return tensor.name();
    }

    public String floats(String name, float[] values, long... dims) {
        return constant(OnnxTensor.ofFloats(name, values, dims));
    }

    /** Whole numbers in a row. */
    public String longs(String name, long... values) {
        return constant(OnnxTensor.ofLongs(name, values, values.length));
    }

    /** One whole number without dimensions. */
    public String scalar(String name, long value) {
        return constant(OnnxTensor.ofLongs(name, new long[] {value}));
    }

    /** One number without dimensions. */
    public String scalar(String name, float value) {
        return constant(OnnxTensor.ofFloats(name, new float[] {value}));
    }

    /** Reserves the name of an input. */
    public String input(String name) {
        claim(name);
        return name;
    }

    private void claim(String name) {
        if (name.isEmpty() || !names.add(name)) {
            throw new IllegalArgumentException("the name '" + name + "' is empty or stands twice");
        }
    }

    public OnnxGraph build(String name, List<OnnxValue> inputs, List<OnnxValue> outputs) {
        return new OnnxGraph(name, nodes, initialisers, inputs, outputs);
    }
}
