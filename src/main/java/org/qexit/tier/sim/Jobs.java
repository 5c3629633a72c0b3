package org.qexit.tier.sim;

import java.util.Arrays;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;

/** The events under way, each a number, with what is known of it; numbers are used again. */
final class Jobs {
    private static final int FIRST = 256;

    int[] device = new int[FIRST];
    int[] row = new int[FIRST];
    int[] exit = new int[FIRST];
    /** The node it is sent to. */
    int[] node = new int[FIRST];

    int[] phase = new int[FIRST];
    int[] bin = new int[FIRST];
    /** Number of the event among its device's. */
    int[] number = new int[FIRST];
    /** Level of noise and darkness of its image. */
    int[] level = new int[FIRST];
    /** Version of the nodes' model that works on it. */
    int[] version = new int[FIRST];
    /** {@link #CRITICAL}, {@link #LATE}, {@link #OUTAGE}. */
    int[] flags = new int[FIRST];

    double[] arrived = new double[FIRST];
    /** When it came to the radio, then to the node. */
    double[] since = new double[FIRST];
    /** Compute that it takes at the node [units], and what the plan gave its device when it was sent [units per period]. */
    double[] units = new double[FIRST];

    double[] grant = new double[FIRST];

    /** Its device decided to offload it. */
    static final int CRITICAL = 1;
    /** Its transmission took longer than its deadline. */
    static final int LATE = 2;
    /** Its transmission was given up. */
    static final int OUTAGE = 4;

    private int[] free = new int[FIRST];
    private int freeCount;
    private int used;

    int take() {
        if (freeCount > 0) {
            return free[--freeCount];
        }
        if (used == device.length) {
            grow();
        }
        return used++;
    }

    void release(int job) {
        flags[job] = 0;
        free[freeCount++] = job;
    }

    int underWay() {
        return used - freeCount;
    }

    private void grow() {
        int n = 2 * device.length;
        device = Arrays.copyOf(device, n);
        row = Arrays.copyOf(row, n);
        exit = Arrays.copyOf(exit, n);
        node = Arrays.copyOf(node, n);
        phase = Arrays.copyOf(phase, n);
        bin = Arrays.copyOf(bin, n);
        number = Arrays.copyOf(number, n);
        level = Arrays.copyOf(level, n);
        version = Arrays.copyOf(version, n);
        flags = Arrays.copyOf(flags, n);
        arrived = Arrays.copyOf(arrived, n);
        since = Arrays.copyOf(since, n);
        units = Arrays.copyOf(units, n);
        grant = Arrays.copyOf(grant, n);
        free = Arrays.copyOf(free, n);
    }

    void write(SnapshotWriter out) {
        out.section("jobs");
        out.putInt(used);
        out.putInts(Arrays.copyOf(free, freeCount));
        for (int[] values : new int[][] {device, row, exit, node, phase, bin, number, level, version, flags}) {
            out.putInts(Arrays.copyOf(values, used));
        }
        for (double[] values : new double[][] {arrived, since, units, grant}) {
            out.putDoubles(Arrays.copyOf(values, used));
        }
    }

    void restore(SnapshotReader in) {
        in.section("jobs");
        used = in.wholeNumberInt("jobs", 0, Integer.MAX_VALUE);
        int[] freed = in.takeInts();
        while (device.length < used) {
            grow();
        }
        freeCount = freed.length;
        System.arraycopy(freed, 0, free, 0, freeCount);
        for (int[] values : new int[][] {device, row, exit, node, phase, bin, number, level, version, flags}) {
            System.arraycopy(in.takeInts(), 0, values, 0, used);
        }
        for (double[] values : new double[][] {arrived, since, units, grant}) {
            System.arraycopy(in.takeDoubles(), 0, values, 0, used);
        }
    }
}
