package org.qexit.onnx.graph;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A model: a graph and the operator set that it speaks.
 *
 * @param irVersion of the file format
 * @param opset version of the standard operators
 * @param producer name of the program that wrote it
 * @param producerVersion its version
 * @param graph the graph
 * @param metadata text by name, for those who look
 */
public record OnnxModel(
        long irVersion,
        long opset,
        String producer,
        String producerVersion,
        OnnxGraph graph,
        Map<String, String> metadata) {
    /** Operators of ONNX 1.12 (June 2022): old enough to be everywhere. */
    public static final long OPSET = 17;

    /** The file format that came with it. */
    public static final long IR_VERSION = 8;

    public OnnxModel {
        metadata = new LinkedHashMap<>(metadata);
    }

    /**
     * Reads an ONNX file that was scanned ({@link org.qexit.onnx.OnnxScan}).
     *
     * @param name stands for the file in messages
     * @throws org.qexit.common.UserError for what no bundle can hold
     */
    public static OnnxModel read(String name, byte[] bytes) {
        return new ModelReader(name).read(bytes);
    }

    public byte[] toBytes() {
        return OnnxWriter.write(this);
    }

    /** Names of all operators in it, branches included; those outside the standard as {@code domain.name}. */
    public SortedSet<String> operators() {
        SortedSet<String> names = new TreeSet<>();
        collect(graph, names);
        return names;
    }

    private static void collect(OnnxGraph graph, SortedSet<String> names) {
        for (OnnxNode node : graph.nodes()) {
            names.add(node.domain().isEmpty() ? node.operator() : node.domain() + "." + node.operator());
            for (Attribute attribute : node.attributes()) {
                if (attribute instanceof Attribute.Subgraph branch) {
                    collect(branch.graph(), names);
                }
            }
        }
    }
}
