package org.qexit.tier.sim;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.qexit.simulation.Calendar;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;

/** Every device has the compute that the plan gives it, to itself: a unit takes period / w seconds, whatever the others do. */
final class ReservedNode extends NodeQueue {
    private final double periodSeconds;
    private final double capacity;
    private final int room;

    /** {@code [device]}, made when its first event comes. */
    private final Slice[] slices;

    private double busyShare;

    /**
     * @param capacity W_j [units per period]
     * @param room events of one device that wait or are worked on
     */
    ReservedNode(Calendar calendar, int kind, int number, Jobs jobs, NodeSize size) {
        super(calendar, kind, number, jobs);
        periodSeconds = size.periodSeconds();
        capacity = size.capacity();
        room = size.room();
        slices = new Slice[size.devices()];
    }

    /** The line of one device, the first of it in service. */
    private static final class Slice {
        private int[] line = new int[4];
        private int head;
        private int count;
        private long handle;

        void add(int job) {
            if (count == line.length) {
                int[] longer = new int[2 * line.length];
                for (int i = 0; i < count; i++) {
                    longer[i] = line[head + i & line.length - 1];
                }
                line = longer;
                head = 0;
            }
            line[head + count++ & line.length - 1] = job;
        }

        int first() {
            return line[head];
        }

        int remove() {
            int job = line[head];
            head = head + 1 & line.length - 1;
            count--;
            return job;
        }
    }

    @Override
    boolean take(int job) {
        int n = jobs.device[job];
        if (slices[n] == null) {
            slices[n] = new Slice();
        }
        Slice slice = slices[n];
        if (!(jobs.grant[job] > 0) || slice.count >= room) {
            return false;
        }
        slice.add(job);
        if (slice.count == 1) {
            start(n, slice);
        }
        return true;
    }

    private void start(int n, Slice slice) {
        int job = slice.first();
        slice.handle = schedule(jobs.units[job] * periodSeconds / jobs.grant[job], n);
        busyShare += share(job);
    }

    private double share(int job) {
        return capacity > 0 ? jobs.grant[job] / capacity : 0;
    }

    @Override
    void end(int slot, IntConsumer finished) {
        Slice slice = slices[slot];
        int job = slice.remove();
        busyShare -= share(job);
        if (slice.count > 0) {
            start(slot, slice);
        }
        finished.accept(job);
    }

    @Override
    void drop(IntConsumer lost) {
        for (Slice slice : slices) {
            if (slice != null && slice.count > 0) {
                calendar.cancel(slice.handle);
                while (slice.count > 0) {
                    lost.accept(slice.remove());
                }
            }
        }
        busyShare = 0;
    }

    @Override
    double busyShare() {
        return Math.max(0, busyShare);
    }

    @Override
    void writeLine(SnapshotWriter out) {
        out.putDouble(busyShare);
        for (Slice slice : slices) {
            int count = slice == null ? 0 : slice.count;
            int[] line = new int[count];
            for (int i = 0; i < count; i++) {
                line[i] = slice.line[slice.head + i & slice.line.length - 1];
            }
            out.putInts(line);
            out.putLong(count == 0 ? 0 : slice.handle);
        }
    }

    @Override
    void restoreLine(SnapshotReader in) {
        busyShare = in.takeDouble();
        Arrays.fill(slices, null);
        for (int n = 0; n < slices.length; n++) {
            int[] line = in.takeInts();
            long handle = in.takeLong();
            if (line.length > 0) {
                slices[n] = new Slice();
                for (int job : line) {
                    slices[n].add(job);
                }
                slices[n].handle = handle;
            }
        }
    }
}
