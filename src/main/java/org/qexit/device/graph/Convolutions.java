package org.qexit.device.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.qexit.engine.event.Convolution;
import org.qexit.engine.event.EventKernels;
import org.qexit.engine.event.Moves;
import org.qexit.engine.event.Windows;

/** Operators on feature maps: convolutions with what follows them, pooling, sums over rows and columns. */
final class Convolutions {
    private static final int LANES = EventKernels.LANES;
    private static final int PLACES = EventKernels.PLACES;

    private final Draft draft;
    /** Values that also lie as maps, with as wide a border as anyone needs. */
    private final Map<String, Value> asMaps = new HashMap<>();

    Convolutions(Draft draft) {
        this.draft = draft;
    }

    /**
     * How windows lie over rows and columns.
     *
     * @param kernel rows and columns
     * @param stride rows and columns
     * @param pads rows above, columns left, rows below, columns right
     */
    private record Geometry(int[] kernel, int[] stride, int[] pads) {
        static Geometry of(Joined.Node node, int[] kernel) throws UnsupportedGraph {
            Attributes told = new Attributes(node.node());
            Geometry geometry = new Geometry(
                    told.sizes("kernel_shape", kernel), told.sizes("strides", 1, 1), told.sizes("pads", 0, 0, 0, 0));
            boolean plain = told.text("auto_pad", "NOTSET").equals("NOTSET")
                    && Arrays.equals(told.sizes("dilations", 1, 1), new int[] {1, 1})
                    && told.number("group", 1) == 1
                    && told.number("ceil_mode", 0) == 0
                    && Arrays.equals(geometry.kernel, kernel)
                    && geometry.kernel[0] > 0
                    && geometry.kernel[1] > 0
                    && geometry.stride[0] > 0
                    && geometry.stride[1] > 0;
            Arithmetic.require(node, plain && node.outputs().size() == 1);
            return geometry;
        }

        int rows(int height) {
            return (height + pads[0] + pads[2] - kernel[0]) / stride[0] + 1;
        }

        int columns(int width) {
            return (width + pads[1] + pads[3] - kernel[1]) / stride[1] + 1;
        }

        boolean fits(int height, int width) {
            return height + (long) pads[0] + pads[2] >= kernel[0] && width + (long) pads[1] + pads[3] >= kernel[1];
        }
    }

    /** What follows a convolution as part of its step. */
    private final class Tail {
        String name;
        boolean rectify;
        boolean tanh;
        Geometry pool;

        /** Follows whom only one reads, as far as a step can do it. */
        Tail(Joined.Node node, int rows, int columns) throws UnsupportedGraph {
            name = node.outputs().get(0);
            Joined.Node next = draft.graph.onlyReader(name, node.stage());
            if (next != null
                    && (next.operator().equals("Relu") || next.operator().equals("Tanh"))) {
                rectify = next.operator().equals("Relu");
                tanh = !rectify;
                name = next.outputs().get(0);
                draft.done.add(next);
                next = draft.graph.onlyReader(name, node.stage());
            }
            if (next != null && next.operator().equals("MaxPool")) {
                Geometry windows = Geometry.of(next, kernel(next));
                boolean four = windows.kernel[0] * windows.kernel[1] == 4
                        && Arrays.equals(windows.kernel, windows.stride)
                        && Arrays.equals(windows.pads, new int[4])
                        && windows.fits(rows, columns);
                if (four) {
                    pool = windows;
                    name = next.outputs().get(0);
                    draft.done.add(next);
                }
            }
        }
    }

    private static int[] kernel(Joined.Node node) throws UnsupportedGraph {
        int[] kernel = new Attributes(node.node()).sizes("kernel_shape", 0, 0);
        Arithmetic.require(node, kernel[0] < 10_000 && kernel[1] < 10_000);
        return kernel;
    }

    void convolve(Joined.Node node) throws UnsupportedGraph {
        int[] shape = Draft.shape(draft.constant(node.inputs().get(1)));
        Arithmetic.require(node, shape.length == 4);
        Geometry geometry = Geometry.of(node, new int[] {shape[2], shape[3]});
        Value x = map(node.inputs().get(0), node);
        MapLayout in = x.map();
        Arithmetic.require(node, in.channels() == shape[1] && geometry.fits(in.height(), in.width()));
        int rows = geometry.rows(in.height());
        int columns = geometry.columns(in.width());
        Tail tail = new Tail(node, rows, columns);
        MapLayout out = new MapLayout(
                shape[0],
                tail.pool == null ? rows : tail.pool.rows(rows),
                tail.pool == null ? columns : tail.pool.columns(columns),
                Slots.padded(shape[0]),
                border(tail.name));
        int slot = draft.slots.add(out.size());
        draft.slots.claim(Value.size(out.shape()));
        draft.step(new Convolution(
                x.slot(),
                slot,
                taps(in, geometry),
                weights(node, shape, factor(node.inputs().get(0))),
                bias(node, shape[0]),
                places(in, geometry, out, tail),
                tail.pool != null,
                tail.rectify ? 0 : Float.NEGATIVE_INFINITY,
                tail.tanh ? all(out) : null));
        draft.put(tail.name, Value.of(slot, out));
    }

    private float factor(String name) {
        return draft.factors.getOrDefault(name, 1f);
    }

    /** Offsets by kernel row, kernel column and input channel, from the place of the window's first row and column. */
    private int[] taps(MapLayout in, Geometry geometry) throws UnsupportedGraph {
        int[] taps = new int[draft.slots.claim((long) geometry.kernel[0] * geometry.kernel[1] * in.channels())];
        int next = 0;
        for (int u = 0; u < geometry.kernel[0]; u++) {
            for (int v = 0; v < geometry.kernel[1]; v++) {
                for (int c = 0; c < in.channels(); c++) {
                    taps[next++] = in.place(u, v) - in.place(0, 0) + c;
                }
            }
        }
        return taps;
    }

    private float[] weights(Joined.Node node, int[] shape, float factor) throws UnsupportedGraph {
        float[] raw = draft.floats(node.inputs().get(1));
        int taps = shape[1] * shape[2] * shape[3];
        int area = shape[2] * shape[3];
        float[] weights = new float[draft.slots.claim((long) Slots.padded(shape[0]) * taps)];
        for (int o = 0; o < shape[0]; o++) {
            for (int k = 0; k < taps; k++) {
                int tap = k % area * shape[1] + k / area;
                weights[(o / LANES * taps + tap) * LANES + o % LANES] = factor * raw[o * taps + k];
            }
        }
        return weights;
    }

    private float[] bias(Joined.Node node, int outputs) throws UnsupportedGraph {
        float[] bias = new float[Slots.padded(outputs)];
        if (node.inputs().size() > 2 && !node.inputs().get(2).isEmpty()) {
            float[] given = draft.floats(node.inputs().get(2));
            Arithmetic.require(node, given.length == outputs);
            System.arraycopy(given, 0, bias, 0, outputs);
        }
        return bias;
    }

    private int[] places(MapLayout in, Geometry geometry, MapLayout out, Tail tail) throws UnsupportedGraph {
        int[] pool = tail.pool == null ? new int[] {1, 1} : tail.pool.kernel();
        int size = pool[0] * pool[1];
        int perRow = PLACES / size;
        int windows = out.height() * out.width();
        int length = PLACES + perRow;
        int[] rows = new int[draft.slots.claim((windows + perRow - 1L) / perRow * length)];
        // The last window stands for those that the last row lacks.
        for (int i = 0; i < rows.length / length * perRow; i++) {
            int window = Math.min(i, windows - 1);
            int r = window / out.width();
            int c = window % out.width();
            int row = i / perRow * length;
            rows[row + PLACES + i % perRow] = out.place(r, c);
            for (int j = 0; j < size; j++) {
                int y = (r * pool[0] + j / pool[1]) * geometry.stride()[0] - geometry.pads()[0];
                int x = (c * pool[1] + j % pool[1]) * geometry.stride()[1] - geometry.pads()[1];
                rows[row + i % perRow * size + j] = in.place(y, x);
            }
        }
        return rows;
    }

    private static int[] all(MapLayout map) {
        int[] places = new int[map.height() * map.width()];
        for (int i = 0; i < places.length; i++) {
            places[i] = map.place(i / map.width(), i % map.width());
        }
        return places;
    }

    /** The zeros that whoever convolves a value needs around it. */
    private int[] border(String name) throws UnsupportedGraph {
        int[] border = new int[4];
        for (Joined.Node reader : draft.graph.readers.getOrDefault(name, List.of())) {
            if (reader.operator().equals("Conv") && reader.inputs().get(0).equals(name)) {
                int[] pads = new Attributes(reader.node()).sizes("pads", 0, 0, 0, 0);
                for (int i = 0; i < border.length; i++) {
                    border[i] = Math.max(border[i], pads[i]);
                }
            }
        }
        return border;
    }

    /** A value as maps. */
    private Value map(String name, Joined.Node node) throws UnsupportedGraph {
        Value value = draft.value(name);
        int[] border = border(name);
        if (value.map() != null && value.map().fits(border)) {
            return value;
        }
        Value known = asMaps.get(name);
        if (known != null) {
            return known;
        }
        int[] shape = value.shape();
        Arithmetic.require(node, shape.length == 4 && shape[0] == 1 && value.size() > 0);
        MapLayout map = new MapLayout(shape[1], shape[2], shape[3], shape[1], border);
        int slot = draft.slots.add(map.size());
        draft.slots.claim(value.size());
        Value made = Value.of(slot, map);
        draft.step(new Moves(value.slot(), value.at(), slot, made.at()));
        asMaps.put(name, made);
        return made;
    }

    /** Max pooling on its own. */
    void pool(Joined.Node node) throws UnsupportedGraph {
        Value x = map(node.inputs().get(0), node);
        MapLayout in = x.map();
        Geometry geometry = Geometry.of(node, kernel(node));
        Arithmetic.require(node, Arrays.equals(geometry.pads(), new int[4]) && geometry.fits(in.height(), in.width()));
        MapLayout out = new MapLayout(
                in.channels(),
                geometry.rows(in.height()),
                geometry.columns(in.width()),
                in.stride(),
                border(node.outputs().get(0)));
        int slot = draft.slots.add(out.size());
        draft.slots.claim(Value.size(out.shape()));
        int size = geometry.kernel()[0] * geometry.kernel()[1];
        int[] to = all(out);
        int[] places = new int[draft.slots.claim((long) to.length * size)];
        for (int w = 0; w < to.length; w++) {
            int r = w / out.width() * geometry.stride()[0];
            int c = w % out.width() * geometry.stride()[1];
            for (int j = 0; j < size; j++) {
                places[w * size + j] = in.place(r + j / geometry.kernel()[1], c + j % geometry.kernel()[1]);
            }
        }
        draft.step(new Windows(Windows.Function.MAX, x.slot(), places, size, in.stride(), slot, to));
        draft.put(node.outputs().get(0), Value.of(slot, out));
    }

    /** Sums and means over axes. */
    void reduce(Joined.Node node) throws UnsupportedGraph {
        Value x = draft.value(node.inputs().get(0));
        Attributes told = new Attributes(node.node());
        int rank = x.shape().length;
        boolean global = node.operator().equals("GlobalAveragePool");
        boolean[] gone = new boolean[rank];
        for (long axis : global ? new long[] {2, 3} : axes(node, told)) {
            gone[Draft.axis(axis, rank)] = true;
        }
        boolean keep = global || told.number("keepdims", 1) != 0;
        Windows.Function function = node.operator().equals("ReduceSum") ? Windows.Function.SUM : Windows.Function.MEAN;
        List<Integer> shape = new ArrayList<>();
        int size = 1;
        for (int d = 0; d < rank; d++) {
            size *= gone[d] ? x.shape()[d] : 1;
            if (keep || !gone[d]) {
                shape.add(gone[d] ? 1 : x.shape()[d]);
            }
        }
        Arithmetic.require(node, size > 0);
        Value y = draft.fresh(shape.stream().mapToInt(Integer::intValue).toArray());
        if (x.map() != null && Arrays.equals(gone, new boolean[] {false, false, true, true})) {
            draft.step(
                    new Windows(function, x.slot(), all(x.map()), size, x.map().channels(), y.slot(), new int[1]));
        } else {
            draft.step(new Windows(function, x.slot(), grouped(x, gone, size), size, 1, y.slot(), inARow(y.size())));
        }
        draft.put(node.outputs().get(0), y);
    }

    private long[] axes(Joined.Node node, Attributes told) throws UnsupportedGraph {
        long[] axes = node.inputs().size() > 1 && !node.inputs().get(1).isEmpty()
                ? draft.longs(node.inputs().get(1))
                : told.numbers("axes");
        Arithmetic.require(node, axes != null && axes.length > 0);
        return axes;
    }

    /** {@code [output][size]}, where the numbers are that go into an output. */
    private int[] grouped(Value x, boolean[] gone, int size) throws UnsupportedGraph {
        int[] places = new int[draft.slots.claim(x.size())];
        int[] filled = new int[Math.max(1, x.size() / size)];
        for (int i = 0; i < x.size(); i++) {
            int rest = i;
            int output = 0;
            int step = 1;
            for (int d = gone.length - 1; d >= 0; d--) {
                if (!gone[d]) {
                    output += rest % x.shape()[d] * step;
                    step *= x.shape()[d];
                }
                rest /= x.shape()[d];
            }
            places[output * size + filled[output]++] = x.address(i);
        }
        return places;
    }

    private static int[] inARow(int count) {
        int[] places = new int[count];
        Arrays.setAll(places, i -> i);
        return places;
    }
}
