package org.qexit.onnx.foreign;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.qexit.onnx.graph.ElementType;
import org.qexit.onnx.graph.OnnxNode;

/**
 * A foreign graph cut at its exits. Stage q computes what exit q needs and no earlier stage has. Values that a later stage uses are carried
 * over the cut, through stages that do not use them too: feature maps, and whatever skips or dense connections reach back for. What cannot
 * be carried (shapes, indices, values without an axis of events) is computed again from what can.
 */
public final class StageCut {
    private final ForeignGraph graph;
    /** Nodes of each stage, {@code [stage]}, those computed again included. */
    private final List<BitSet> nodes = new ArrayList<>();
    /** Values that a stage takes from earlier ones, {@code [stage]}. */
    private final List<Set<String>> taken = new ArrayList<>();
    /** The stage that first computes a node, {@code [node]}; the number of stages where none does. */
    private final int[] owner;

    private StageCut(ForeignGraph graph) {
        this.graph = graph;
        int stages = graph.model().exits().size();
        this.owner = new int[graph.nodes().size()];
        java.util.Arrays.fill(owner, stages);
        for (int q = 0; q < stages; q++) {
            BitSet needed = graph.needs(graph.model().exits().get(q));
            for (int i = needed.nextSetBit(0); i >= 0; i = needed.nextSetBit(i + 1)) {
                owner[i] = Math.min(owner[i], q);
            }
        }
        for (int q = 0; q < stages; q++) {
            cut(q);
        }
    }

    public static StageCut of(ForeignGraph graph) {
        return new StageCut(graph);
    }

    private void cut(int stage) {
        BitSet own = new BitSet();
        Set<String> from = new LinkedHashSet<>();
        List<String> open = new ArrayList<>(List.of(graph.model().exits().get(stage)));
        while (!open.isEmpty()) {
            String value = open.remove(open.size() - 1);
            int node = graph.producer(value);
            boolean earlier =
                    graph.isInput(value) ? stage > 0 : node >= 0 && !graph.isFixed(node) && owner[node] < stage;
            if (earlier && graph.kind(value).carriable(graph.oneByOne())) {
                from.add(value);
            } else if (node >= 0 && !own.get(node)) {
                own.set(node);
                open.addAll(graph.nodes().get(node).inputs());
            }
        }
        nodes.add(own);
        taken.add(from);
    }

    /** Nodes of a stage, from 0, in an order in which they can run. */
    public List<OnnxNode> nodes(int stage) {
        return nodes.get(stage).stream().mapToObj(graph.nodes()::get).toList();
    }

    /** Whether a stage uses a value of earlier ones itself. */
    public boolean takes(int stage, String value) {
        return taken.get(stage).contains(value);
    }

    /** Type of a value's elements, or null for one that no bundle holds. */
    public ElementType type(String value) {
        return graph.kind(value).type();
    }

    /** What is carried from one stage to the next, in the order of the graph; empty behind the last. */
    public List<String> carried(int stage) {
        Set<String> all = new TreeSet<>((a, b) -> {
            int order = Integer.compare(graph.producer(a), graph.producer(b));
            return order != 0 ? order : a.compareTo(b);
        });
        for (int later = stage + 1; later < taken.size(); later++) {
            for (String value : taken.get(later)) {
                int node = graph.producer(value);
                if (node < 0 || owner[node] <= stage) {
                    all.add(value);
                }
            }
        }
        return List.copyOf(all);
    }

    public ForeignGraph graph() {
        return graph;
    }

    public int stages() {
        return nodes.size();
    }

    /** How a value is packed for the way from stage to stage. */
    public CarriedValue value(String name) {
        return CarriedValue.of(name, graph.kind(name), graph.oneByOne());
    }
}
