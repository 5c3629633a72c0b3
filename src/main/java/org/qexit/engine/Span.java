package org.qexit.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * A share of an array: numbers of one purpose, from {@code at} on, all 0 at first.
 *
 * <p>What a thread works on is one array as long as it fits, and its shares begin at multiples of sixteen from the thirteenth number on. The
 * virtual machine's usual collector puts arrays of half a megabyte and more at the beginning of a region, where they stay, so that numbers
 * behind the object's header of 16 bytes and twelve others lie at multiples of 64 bytes, and no vector of sixteen crosses two lines of the
 * cache. Elsewhere the same code is a little slower.
 */
record Span(float[] values, int at) {
    /** Between an array's first number and the first that lies at a multiple of 64 bytes. */
    private static final int AHEAD = 12;

    /** Of one array; larger sets get an array each. */
    private static final long MOST = 1L << 30;

    /** One for each of the sizes. */
    static List<Span> allocate(List<Long> sizes) {
        long all = AHEAD;
        for (long size : sizes) {
            all += round(size);
        }
        List<Span> spans = new ArrayList<>();
        if (all > MOST) {
            for (long size : sizes) {
                spans.add(new Span(new float[Math.toIntExact(AHEAD + size)], AHEAD));
            }
            return spans;
        }
        float[] values = new float[(int) all];
        int at = AHEAD;
        for (long size : sizes) {
            spans.add(new Span(values, at));
            at += (int) round(size);
        }
        return spans;
    }

    /** Where a tile of a grid begins, of tiles that stand here one behind another. */
    int tile(int number, Grid grid) {
        return at + number * Math.toIntExact(grid.size());
    }

    private static long round(long size) {
        return (size + Grid.LANES - 1) / Grid.LANES * Grid.LANES;
    }
}
