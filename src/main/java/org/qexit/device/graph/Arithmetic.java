package org.qexit.device.graph;

import java.util.List;
import java.util.Locale;
import org.qexit.engine.event.Elements;
import org.qexit.engine.event.Pairs;
import org.qexit.engine.event.Softmax;

/** Functions of numbers, one by one, pair by pair and row by row. */
final class Arithmetic {
    private final Draft draft;

    Arithmetic(Draft draft) {
        this.draft = draft;
    }

    void lower(Joined.Node node) throws UnsupportedGraph {
        int inputs = node.inputs().size();
        switch (node.operator()) {
            case "Softmax" -> softmax(node);
            case "Relu", "Tanh", "Sigmoid", "Cos", "Sin" -> {
                require(node, inputs == 1);
                Value x = draft.value(node.inputs().get(0));
                Value y = draft.fresh(x.shape());
                Elements.Function function =
                        Elements.Function.valueOf(node.operator().toUpperCase(Locale.ROOT));
                draft.step(new Elements(function, x.slot(), x.at(), y.slot(), x.size()));
                draft.put(node.outputs().get(0), y);
            }
            default -> {
                require(node, inputs == 2);
                if (!scales(node)) {
                    pairs(node);
                }
            }
        }
    }

    static void require(Joined.Node node, boolean condition) throws UnsupportedGraph {
        if (!condition) {
            throw new UnsupportedGraph(
                    node.operator() + " '" + node.node().name() + "' in a form that the engine lacks");
        }
    }

    /** Whether a multiplication by a constant number is left to the convolutions that alone read it: padding of 0 stays 0. */
    private boolean scales(Joined.Node node) throws UnsupportedGraph {
        String given = node.inputs().get(0);
        String by = node.inputs().get(1);
        String name = node.outputs().get(0);
        if (!node.operator().equals("Mul")
                || !draft.isConstant(by)
                || draft.isConstant(given)
                || draft.constant(by).dims().length != 0
                || draft.graph.exported.contains(name)
                || draft.value(given).shape().length != 4
                || !draft.graph.readers.getOrDefault(name, List.of()).stream()
                        .allMatch(r -> r.operator().equals("Conv") && r.inputs().lastIndexOf(name) == 0)) {
            return false;
        }
        Value x = draft.value(given);
        // Maps of the scaled value have a border of their own.
        draft.put(name, new Value(x.slot(), x.shape(), x.at(), x.clean(), null));
        draft.factors.put(name, draft.floats(by)[0]);
        return true;
    }

    private void pairs(Joined.Node node) throws UnsupportedGraph {
        Value a = draft.value(node.inputs().get(0));
        Value b = draft.value(node.inputs().get(1));
        int[] shape = broadcast(node, a.shape(), b.shape());
        Value y = draft.fresh(shape);
        Pairs.Function function = Pairs.Function.valueOf(node.operator().toUpperCase(Locale.ROOT));
        draft.step(
                new Pairs(function, a.slot(), addresses(a, shape), b.slot(), addresses(b, shape), y.slot(), y.size()));
        draft.put(node.outputs().get(0), y);
    }

    private static int[] broadcast(Joined.Node node, int[] a, int[] b) throws UnsupportedGraph {
        int[] shape = new int[Math.max(a.length, b.length)];
        for (int i = 1; i <= shape.length; i++) {
            int m = i > a.length ? 1 : a[a.length - i];
            int n = i > b.length ? 1 : b[b.length - i];
            require(node, m == n || m == 1 || n == 1);
            shape[shape.length - i] = m == 1 ? n : m;
        }
        return shape;
    }

    /** Where the numbers of a tensor are that is repeated to a larger shape; null for one after another. */
    private int[] addresses(Value value, int[] shape) throws UnsupportedGraph {
        int size = Value.size(shape);
        if (size == value.size()) {
            return value.at();
        }
        int[] at = new int[draft.slots.claim(size)];
        int[] own = value.shape();
        for (int i = 0; i < size; i++) {
            int rest = i;
            int place = 0;
            int step = 1;
            for (int d = 1; d <= own.length; d++) {
                int index = rest % shape[shape.length - d];
                rest /= shape[shape.length - d];
                place += own[own.length - d] == 1 ? 0 : index * step;
                step *= own[own.length - d];
            }
            at[i] = value.address(place);
        }
        return at;
    }

    private void softmax(Joined.Node node) throws UnsupportedGraph {
        require(node, node.inputs().size() == 1);
        Value x = draft.inARow(node.inputs().get(0));
        int rank = x.shape().length;
        // Before version 13 of the operators the axis was 1 unless said otherwise, from then on the last.
        require(node, rank == 2 && Draft.axis(new Attributes(node.node()).number("axis", -1), rank) == 1);
        Value y = draft.fresh(x.shape());
        draft.step(new Softmax(x.slot(), y.slot(), x.shape()[0], x.shape()[1]));
        draft.put(node.outputs().get(0), y);
    }
}
