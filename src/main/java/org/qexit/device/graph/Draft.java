package org.qexit.device.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qexit.engine.event.Elements;
import org.qexit.engine.event.Step;
import org.qexit.onnx.graph.ElementType;
import org.qexit.onnx.graph.OnnxTensor;

/** A program in the making: what is known of every value, and the steps so far. */
final class Draft {
    final Joined graph;
    final Slots slots = new Slots();
    /** Nodes whose work is part of another's step. */
    final Set<Joined.Node> done = new HashSet<>();

    /** What the numbers of a value are still to be multiplied by: whoever reads it, a convolution, has it in its weights. */
    final Map<String, Float> factors = new HashMap<>();

    private final Map<String, Value> values = new HashMap<>();
    private List<Step> steps = new ArrayList<>();

    Draft(Joined graph) {
        this.graph = graph;
    }

    void step(Step step) {
        steps.add(step);
    }

    /** The steps since the last call. */
    List<Step> takeSteps() {
        List<Step> taken = steps;
        steps = new ArrayList<>();
        return taken;
    }

    void put(String name, Value value) {
        values.put(name, value);
    }

    boolean isConstant(String name) {
        return graph.constants.containsKey(name);
    }

    /** A value of the event, or a constant of floats. */
    Value value(String name) throws UnsupportedGraph {
        Value known = values.get(name);
        if (known != null) {
            return known;
        }
        OnnxTensor constant = graph.constants.get(name);
        if (constant == null) {
            throw new UnsupportedGraph("'" + name + "' is read before it is there");
        }
        Value made = Value.plain(slots.add(floats(name)), shape(constant));
        values.put(name, made);
        return made;
    }

    /** A value with one number after another. */
    Value inARow(String name) throws UnsupportedGraph {
        Value value = value(name);
        if (value.at() == null) {
            return value;
        }
        Value row = Value.plain(slots.add(value.size()), value.shape());
        step(new Elements(Elements.Function.COPY, value.slot(), value.at(), row.slot(), value.size()));
        return row;
    }

    /** A new value with one number after another, that a step is to write. */
    Value fresh(int... shape) throws UnsupportedGraph {
        long size = 1;
        for (int extent : shape) {
            size = Math.multiplyFull(Math.toIntExact(Math.min(size, Integer.MAX_VALUE)), extent);
        }
        return Value.plain(slots.add(size), shape);
    }

    static int[] shape(OnnxTensor constant) {
        int[] shape = new int[constant.dims().length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = (int) constant.dims()[i];
        }
        return shape;
    }

    OnnxTensor constant(String name) throws UnsupportedGraph {
        OnnxTensor constant = graph.constants.get(name);
        if (constant == null) {
            throw new UnsupportedGraph("'" + name + "' is no constant");
        }
        return constant;
    }

    float[] floats(String name) throws UnsupportedGraph {
        OnnxTensor constant = constant(name);
        if (constant.type() != ElementType.FLOAT) {
            throw new UnsupportedGraph("'" + name + "' is of " + constant.type() + "; the engine computes in FLOAT");
        }
        return constant.floats();
    }

    /** Whole numbers of a constant. */
    long[] longs(String name) throws UnsupportedGraph {
        OnnxTensor constant = constant(name);
        ByteBuffer raw = ByteBuffer.wrap(constant.raw()).order(ByteOrder.LITTLE_ENDIAN);
        long[] numbers = new long[constant.raw().length / constant.type().bytes()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (constant.type()) {
                case INT64 -> raw.getLong();
                case INT32 -> raw.getInt();
                default -> throw new UnsupportedGraph("'" + name + "' is of " + constant.type() + "; expected INT64");
            };
        }
        return numbers;
    }

    /** An axis of a tensor of so many axes; negative ones count from the end. */
    static int axis(long axis, int rank) throws UnsupportedGraph {
        long place = axis < 0 ? axis + rank : axis;
        if (place < 0 || place >= rank) {
            throw new UnsupportedGraph("axis " + axis + " of a tensor of " + rank);
        }
        return (int) place;
    }
}
