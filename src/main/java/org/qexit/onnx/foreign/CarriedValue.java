package org.qexit.onnx.foreign;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.qexit.onnx.graph.Attribute;
import org.qexit.onnx.graph.ElementType;
import org.qexit.onnx.graph.GraphBuilder;

/**
 * A value on its way from stage to stage: float32, events along the first axis, at least two axes. Packing and unpacking change no bit of
 * what it says.
 */
public final class CarriedValue {
    private final String name;
    private final ElementType type;
    /** Axes of the value in the order in which they are carried, or null where the order stays. */
    private final long[] order;
    /** Shape of the value for one event where it is packed by its shape, else null. */
    private final long[] reshaped;
    /** Shape of one event as it is carried, without the first axis. */
    private final long[] shape;

    private CarriedValue(String name, ElementType type, long[] order, long[] reshaped, long[] shape) {
        this.name = name;
        this.type = type;
        this.order = order;
        this.reshaped = reshaped;
        this.shape = shape;
    }

    static CarriedValue of(String name, ValueKind kind, boolean oneByOne) {
        long[] all = kind.shape();
        if (oneByOne) {
            boolean asItIs = all.length >= 2 && all[0] == 1;
            return new CarriedValue(
                    name, kind.type(), null, asItIs ? null : all, asItIs ? rest(all, 0) : new long[] {kind.elements()});
        }
        if (all.length == 1) {
            return new CarriedValue(name, kind.type(), null, new long[] {-1}, new long[] {1});
        }
        int axis = kind.batchAxis();
        long[] order = axis == 0
                ? null
                : LongStream.concat(
                                LongStream.of(axis),
                                LongStream.range(0, all.length).filter(i -> i != axis))
                        .toArray();
        return new CarriedValue(name, kind.type(), order, null, rest(all, axis));
    }

    private static long[] rest(long[] shape, int axis) {
        return IntStream.range(0, shape.length)
                .filter(i -> i != axis)
                .mapToLong(i -> shape[i])
                .toArray();
    }

    /** Of the value in the foreign graph. */
    public String name() {
        return name;
    }

    /** Shape of one event as it is carried, without the axis of events; at least one axis. */
    public long[] shape() {
        return shape.clone();
    }

    /**
     * Adds what makes the carried form.
     *
     * @param value its name in this graph
     * @param prefix of new names
     */
    public String pack(GraphBuilder graph, String value, String prefix) {
        String packed = value;
        if (type != ElementType.FLOAT) {
            packed = cast(graph, packed, prefix + ".packed.float", ElementType.FLOAT);
        }
        if (order != null) {
            packed = graph.node("Transpose", prefix + ".packed", List.of(packed), Attribute.of("perm", order));
        }
        if (reshaped != null) {
            long[] target = new long[shape.length + 1];
            target[0] = reshaped.length == 1 && reshaped[0] == -1 ? -1 : 1;
            System.arraycopy(shape, 0, target, 1, shape.length);
            packed = reshape(graph, packed, prefix + ".packed", target);
        }
        return packed;
    }

    /** Adds what makes the value of its carried form. */
    public String unpack(GraphBuilder graph, String packed, String prefix) {
        String value = packed;
        if (reshaped != null) {
            value = reshape(graph, value, prefix + ".unpacked", reshaped);
        }
        if (order != null) {
            long[] back = new long[order.length];
            for (int i = 0; i < order.length; i++) {
                back[(int) order[i]] = i;
            }
            value = graph.node("Transpose", prefix + ".unpacked", List.of(value), Attribute.of("perm", back));
        }
        if (type != ElementType.FLOAT) {
            value = cast(graph, value, prefix + ".unpacked.type", type);
        }
        return value;
    }

    private static String cast(GraphBuilder graph, String value, String name, ElementType to) {
        return graph.node("Cast", name, List.of(value), Attribute.of("to", to.number()));
    }

    private static String reshape(GraphBuilder graph, String value, String name, long[] target) {
        return graph.node("Reshape", name, List.of(value, graph.longs(name + ".shape", target)));
    }
}
