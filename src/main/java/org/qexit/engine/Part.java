package org.qexit.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * A fixed share of a batch: neighbouring tiles, and what forward keeps of them for backward. Parts' gradients are summed in order, whoever
 * worked on them.
 */
final class Part {
    final int tiles;
    final float[] input;
    /** Outputs of each convolution, {@code [tile]}[its grid]. */
    final List<float[]> outputs = new ArrayList<>();
    /** Winners of each pooling, as the outputs; null where there is none. */
    final List<float[]> codes = new ArrayList<>();

    final List<Head.Trace> heads = new ArrayList<>();

    Part(Shape shape, int tiles) {
        this.tiles = tiles;
        this.input = room(shape.convolutions.get(0).in, tiles);
        for (Convolution each : shape.convolutions) {
            outputs.add(room(each.out, tiles));
            codes.add(each.pools() ? room(each.out, tiles) : null);
        }
        for (Head head : shape.heads) {
            heads.add(head.new Trace(tiles));
        }
    }

    private static float[] room(Grid grid, int tiles) {
        return new float[Math.toIntExact(Math.multiplyExact(grid.size(), (long) tiles))];
    }
}
