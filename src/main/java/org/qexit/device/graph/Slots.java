package org.qexit.device.graph;

import java.util.ArrayList;
import java.util.List;
import org.qexit.engine.event.EventKernels;

/** The slots of a program in the making, and how much memory it needs: a graph that claims too much is refused before it gets it. */
final class Slots {
    /** Of the heap, for one program. */
    private static final double SHARE = 0.25;

    private final List<Integer> sizes = new ArrayList<>();
    private final List<float[]> constants = new ArrayList<>();
    private long left = (long) (SHARE * Runtime.getRuntime().maxMemory()) / Float.BYTES;

    /** Counts numbers that will be needed, of four bytes each. */
    int claim(long numbers) throws UnsupportedGraph {
        left -= numbers;
        if (numbers < 0 || numbers > Integer.MAX_VALUE - EventKernels.LANES || left < 0) {
            throw new UnsupportedGraph("needs more than a quarter of the memory of this JVM");
        }
        return (int) numbers;
    }

    /** A slot with room for that many numbers, and sixteen behind the last, which are 0. */
    int add(long numbers) throws UnsupportedGraph {
        return add(padded(claim(numbers)) + EventKernels.LANES, null);
    }

    /** A slot of numbers that never change. */
    int add(float[] values) throws UnsupportedGraph {
        claim(values.length);
        return add(values.length, values);
    }

    private int add(int size, float[] values) {
        sizes.add(size);
        constants.add(values);
        return sizes.size() - 1;
    }

    /** The next multiple of sixteen. */
    static int padded(int count) {
        return (count + EventKernels.LANES - 1) / EventKernels.LANES * EventKernels.LANES;
    }

    int[] sizes() {
        return sizes.stream().mapToInt(Integer::intValue).toArray();
    }

    float[][] constants() {
        return constants.toArray(float[][]::new);
    }
}
