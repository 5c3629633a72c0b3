package org.qexit.tier.sim;

import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;
import org.qexit.trace.DeviceTrace;

/** The last events of a device as its confidences tell of them, and the truth as far as it is known. */
final class Window {
    private final int size;
    private final int[] rows;
    private final int[] levels;
    private final double[] times;
    private final boolean[] labelled;
    private long seen;

    /** Events seen when it was last {@linkplain #restart restarted}, and the time. */
    private long from;

    private double since;

    Window(int size) {
        this.size = size;
        rows = new int[size];
        levels = new int[size];
        times = new double[size];
        labelled = new boolean[size];
    }

    void see(int row, int level, double now, boolean truthWillBeKnown) {
        int i = (int) (seen++ % size);
        rows[i] = row;
        levels[i] = level;
        times[i] = now;
        labelled[i] = truthWillBeKnown;
    }

    /** What was seen before counts no more. */
    void restart(double now) {
        from = seen;
        since = now;
    }

    /** Events since the restart that are still in the window. */
    int count() {
        return (int) Math.min(size, seen - from);
    }

    /** Events since the restart. */
    long sinceRestart() {
        return seen - from;
    }

    /** When it was restarted. */
    double since() {
        return since;
    }

    /** The events in the window as a trace; labels are 0 and tell nothing. */
    DeviceTrace unlabelled(Fleet fleet, int device) {
        return trace(fleet, device, Double.POSITIVE_INFINITY, false);
    }

    /** The events in the window whose truth is known. */
    DeviceTrace labelled(Fleet fleet, int device, double knownUntil) {
        return trace(fleet, device, knownUntil, true);
    }

    private DeviceTrace trace(Fleet fleet, int device, double knownUntil, boolean withLabels) {
        int n = count();
        int[] chosen = new int[n];
        int kept = 0;
        for (long k = seen - n; k < seen; k++) {
            int i = (int) (k % size);
            if (!withLabels || labelled[i] && times[i] <= knownUntil) {
                chosen[kept++] = i;
            }
        }
        int exits = fleet.trace(0, device).exits();
        long[] events = new long[kept];
        byte[] labels = new byte[kept];
        float[][] scores = new float[exits][kept];
        for (int k = 0; k < kept; k++) {
            DeviceTrace source = fleet.trace(levels[chosen[k]], device);
            int row = rows[chosen[k]];
            events[k] = k;
            labels[k] = withLabels ? source.labels()[row] : 0;
            for (int q = 0; q < exits; q++) {
                scores[q][k] = source.scores()[q][row];
            }
        }
        return new DeviceTrace(fleet.devices.get(device).id(), events, labels, scores);
    }

    void write(SnapshotWriter out) {
        out.putLong(seen);
        out.putLong(from);
        out.putDouble(since);
        out.putInts(rows);
        out.putInts(levels);
        out.putDoubles(times);
        int[] known = new int[size];
        for (int i = 0; i < size; i++) {
            known[i] = labelled[i] ? 1 : 0;
        }
        out.putInts(known);
    }

    void restore(SnapshotReader in) {
        seen = in.wholeNumber("events seen", 0, Long.MAX_VALUE);
        from = in.wholeNumber("events before the restart", 0, seen);
        since = in.takeDouble();
        System.arraycopy(in.takeInts(), 0, rows, 0, size);
        System.arraycopy(in.takeInts(), 0, levels, 0, size);
        System.arraycopy(in.takeDoubles(), 0, times, 0, size);
        int[] known = in.takeInts();
        for (int i = 0; i < size; i++) {
            labelled[i] = known[i] == 1;
        }
    }
}
