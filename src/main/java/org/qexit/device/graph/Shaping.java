package org.qexit.device.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.engine.event.Moves;

/** Operators that only say where numbers are. */
final class Shaping {
    private final Draft draft;

    Shaping(Draft draft) {
        this.draft = draft;
    }

    void lower(Joined.Node node) throws UnsupportedGraph {
        Attributes told = new Attributes(node.node());
        Value x = draft.value(node.inputs().get(0));
        Value y = switch (node.operator()) {
            case "Flatten" -> flatten(x, told);
            case "Reshape" -> reshape(node, x, told);
            case "Squeeze" -> x.reshaped(squeezed(node, x, axes(node, told)));
            case "Unsqueeze" -> x.reshaped(unsqueezed(node, x, axes(node, told)));
            case "Gather" -> gather(node, x, told);
            case "Concat" -> concat(node, told);
            default -> transpose(x, told);
        };
        draft.put(node.outputs().get(0), y);
    }

    private static Value flatten(Value x, Attributes told) throws UnsupportedGraph {
        long axis = told.number("axis", 1);
        int[] shape = x.shape();
        int first = axis == shape.length ? shape.length : Draft.axis(axis, shape.length);
        int rows = Value.size(Arrays.copyOf(shape, first));
        return x.reshaped(rows, x.size() / Math.max(1, rows));
    }

    private Value reshape(Joined.Node node, Value x, Attributes told) throws UnsupportedGraph {
        Arithmetic.require(node, node.inputs().size() == 2 && told.number("allowzero", 0) == 0);
        long[] wanted = draft.longs(node.inputs().get(1));
        int[] shape = new int[wanted.length];
        int open = -1;
        long known = 1;
        for (int i = 0; i < shape.length; i++) {
            if (wanted[i] == -1 && open < 0) {
                open = i;
                continue;
            }
            shape[i] = wanted[i] == 0 ? x.shape()[i] : Math.toIntExact(wanted[i]);
            Arithmetic.require(node, shape[i] > 0);
            known = Math.multiplyExact(known, shape[i]);
        }
        if (open >= 0) {
            shape[open] = Math.toIntExact(x.size() / known);
            known *= shape[open];
        }
        Arithmetic.require(node, known == x.size());
        return x.reshaped(shape);
    }

    /** Axes, which are an attribute before version 13 of the operators, an input from then on; null for none. */
    private long[] axes(Joined.Node node, Attributes told) throws UnsupportedGraph {
        return node.inputs().size() > 1 && !node.inputs().get(1).isEmpty()
                ? draft.longs(node.inputs().get(1))
                : told.numbers("axes");
    }

    private static int[] squeezed(Joined.Node node, Value x, long[] axes) throws UnsupportedGraph {
        boolean[] gone = new boolean[x.shape().length];
        for (int d = 0; d < gone.length; d++) {
            gone[d] = axes == null && x.shape()[d] == 1;
        }
        for (long axis : axes == null ? new long[0] : axes) {
            int d = Draft.axis(axis, gone.length);
            Arithmetic.require(node, x.shape()[d] == 1);
            gone[d] = true;
        }
        List<Integer> shape = new ArrayList<>();
        for (int d = 0; d < gone.length; d++) {
            if (!gone[d]) {
                shape.add(x.shape()[d]);
            }
        }
        return ints(shape);
    }

    private static int[] unsqueezed(Joined.Node node, Value x, long[] axes) throws UnsupportedGraph {
        Arithmetic.require(node, axes != null && axes.length < 16);
        int rank = x.shape().length + axes.length;
        int[] shape = new int[rank];
        for (long axis : axes) {
            shape[Draft.axis(axis, rank)] = 1;
        }
        int next = 0;
        for (int d = 0; d < rank; d++) {
            if (shape[d] == 0) {
                shape[d] = x.shape()[next++];
            }
        }
        Arithmetic.require(node, next == x.shape().length);
        return shape;
    }

    private Value gather(Joined.Node node, Value x, Attributes told) throws UnsupportedGraph {
        Arithmetic.require(node, node.inputs().size() == 2);
        int[] shape = x.shape();
        int axis = Draft.axis(told.number("axis", 0), shape.length);
        long[] chosen = draft.longs(node.inputs().get(1));
        int outer = Value.size(Arrays.copyOf(shape, axis));
        int inner = Value.size(Arrays.copyOfRange(shape, axis + 1, shape.length));
        int[] places = new int[draft.slots.claim((long) outer * chosen.length * inner)];
        int next = 0;
        for (int o = 0; o < outer; o++) {
            for (long index : chosen) {
                int i = Draft.axis(index, shape[axis]);
                for (int k = 0; k < inner; k++) {
                    places[next++] = (o * shape[axis] + i) * inner + k;
                }
            }
        }
        List<Integer> made = new ArrayList<>();
        for (int d = 0; d < axis; d++) {
            made.add(shape[d]);
        }
        for (int extent : Draft.shape(draft.constant(node.inputs().get(1)))) {
            made.add(extent);
        }
        for (int d = axis + 1; d < shape.length; d++) {
            made.add(shape[d]);
        }
        return x.picked(places, ints(made));
    }

    private Value concat(Joined.Node node, Attributes told) throws UnsupportedGraph {
        List<Value> parts = new ArrayList<>();
        for (String name : node.inputs()) {
            parts.add(draft.value(name));
        }
        int[] shape = parts.get(0).shape().clone();
        int axis = Draft.axis(told.number("axis", 0), shape.length);
        shape[axis] = 0;
        for (Value part : parts) {
            for (int d = 0; d < shape.length; d++) {
                Arithmetic.require(
                        node, part.shape().length == shape.length && (d == axis || part.shape()[d] == shape[d]));
            }
            shape[axis] = Math.addExact(shape[axis], part.shape()[axis]);
        }
        Value whole = draft.fresh(shape);
        int inner = Value.size(Arrays.copyOfRange(shape, axis + 1, shape.length));
        int before = 0;
        for (Value part : parts) {
            int block = part.shape()[axis] * inner;
            int[] to = new int[draft.slots.claim(part.size())];
            for (int i = 0; i < to.length; i++) {
                to[i] = i / block * shape[axis] * inner + before + i % block;
            }
            draft.step(new Moves(part.slot(), part.at(), whole.slot(), to));
            before += block;
        }
        return whole;
    }

    private Value transpose(Value x, Attributes told) throws UnsupportedGraph {
        int rank = x.shape().length;
        long[] order = told.numbers("perm");
        int[] from = new int[rank];
        boolean[] seen = new boolean[rank];
        for (int d = 0; d < rank; d++) {
            from[d] = order == null ? rank - 1 - d : Draft.axis(order[d], rank);
            seen[from[d]] = true;
        }
        int[] shape = new int[rank];
        for (int d = 0; d < rank; d++) {
            if (!seen[d]) {
                throw new UnsupportedGraph("Transpose leaves out axis " + d);
            }
            shape[d] = x.shape()[from[d]];
        }
        int[] steps = new int[rank];
        for (int d = rank - 1, step = 1; d >= 0; d--) {
            steps[d] = step;
            step *= x.shape()[d];
        }
        int[] places = new int[draft.slots.claim(x.size())];
        for (int i = 0; i < places.length; i++) {
            int rest = i;
            for (int d = rank - 1; d >= 0; d--) {
                places[i] += rest % shape[d] * steps[from[d]];
                rest /= shape[d];
            }
        }
        return x.picked(places, shape);
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }
}
