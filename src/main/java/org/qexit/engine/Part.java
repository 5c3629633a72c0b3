package org.qexit.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * A fixed share of a batch: neighbouring tiles, and what forward keeps of them for backward. Parts' gradients are summed in order, whoever
 * worked on them.
 */
final class Part {
    final int tiles;
    final Span input;
    /** Outputs of each convolution, {@code [tile]}[its grid]. */
    final List<Span> outputs = new ArrayList<>();
    /** Winners of each pooling, as the outputs; null where there is none. */
    final List<Span> codes = new ArrayList<>();

    final List<Head.Trace> heads = new ArrayList<>();

    Part(Shape shape, int tiles) {
        this.tiles = tiles;
        List<Long> sizes = new ArrayList<>();
        sizes.add(tiles * shape.convolutions.get(0).in.size());
        for (Convolution each : shape.convolutions) {
            sizes.add(tiles * each.out.size());
            if (each.pools()) {
                sizes.add(tiles * each.out.size());
            }
        }
        var spans = Span.allocate(sizes).iterator();
        this.input = spans.next();
        for (Convolution each : shape.convolutions) {
            outputs.add(spans.next());
            codes.add(each.pools() ? spans.next() : null);
        }
        for (Head head : shape.heads) {
            heads.add(head.new Trace(tiles));
        }
    }
}
