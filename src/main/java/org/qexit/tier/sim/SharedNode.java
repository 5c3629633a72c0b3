package org.qexit.tier.sim;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.qexit.simulation.Calendar;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;

/**
 * Equal servers that take the events of all devices: first come, first served, or by start-time fair queueing (Goyal, Vin and Cheng, IEEE/ACM ToN
 * 5(5), 1997) with the planned compute w as weights: an event's start tag is S = max(v, F), with v the start tag of the event that began last and F the
 * finish tag of its device's event before; its finish tag is S + units / w; the least start tag is next. A unit takes servers · period / W seconds.
 */
final class SharedNode extends NodeQueue {
    private static final int FIRST = 16;

    private final NodeSize size;
    private final boolean weighted;

    /** What each server works on: {@code [server][job]}, of which the first {@code serving[server]} count. */
    private final int[][] batches;

    private final int[] serving;
    private final long[] handles;
    private int idle;

    /** A heap by (tag, sequence). */
    private int[] waiting = new int[FIRST];

    private double[] tags = new double[FIRST];
    private long[] sequences = new long[FIRST];
    private int count;
    private long sequence;
    private double virtual;
    private final double[] finish;

    SharedNode(Calendar calendar, int kind, int number, Jobs jobs, NodeSize size, boolean weighted) {
        super(calendar, kind, number, jobs);
        this.size = size;
        this.weighted = weighted;
        batches = new int[size.servers()][size.batch()];
        serving = new int[size.servers()];
        handles = new long[size.servers()];
        idle = size.servers();
        finish = new double[weighted ? size.devices() : 0];
    }

    @Override
    boolean take(int job) {
        if (!(size.capacity() > 0) || present() >= size.room() || weighted && !(jobs.grant[job] > 0)) {
            return false;
        }
        double tag = 0;
        if (weighted) {
            int n = jobs.device[job];
            tag = Math.max(virtual, finish[n]);
            finish[n] = tag + jobs.units[job] / jobs.grant[job];
        }
        push(job, tag, sequence++);
        if (idle > 0) {
            int server = 0;
            while (serving[server] > 0) {
                server++;
            }
            idle--;
            start(server);
        }
        return true;
    }

    private void start(int server) {
        double longest = 0;
        while (count > 0 && serving[server] < size.batch()) {
            virtual = tags[0];
            int job = pop();
            batches[server][serving[server]++] = job;
            longest = Math.max(longest, jobs.units[job]);
        }
        handles[server] = schedule(longest * size.servers() * size.periodSeconds() / size.capacity(), server);
    }

    @Override
    void end(int slot, IntConsumer finished) {
        int[] done = Arrays.copyOf(batches[slot], serving[slot]);
        serving[slot] = 0;
        if (count > 0) {
            start(slot);
        } else {
            idle++;
        }
        for (int job : done) {
            finished.accept(job);
        }
    }

    @Override
    void drop(IntConsumer lost) {
        for (int s = 0; s < serving.length; s++) {
            if (serving[s] > 0) {
                calendar.cancel(handles[s]);
            }
            for (int i = 0; i < serving[s]; i++) {
                lost.accept(batches[s][i]);
            }
            serving[s] = 0;
        }
        idle = serving.length;
        while (count > 0) {
            lost.accept(pop());
        }
    }

    @Override
    double busyShare() {
        return (double) (serving.length - idle) / serving.length;
    }

    private boolean before(int a, int b) {
        return tags[a] < tags[b] || tags[a] == tags[b] && sequences[a] < sequences[b];
    }

    private void push(int job, double tag, long order) {
        if (count == waiting.length) {
            waiting = Arrays.copyOf(waiting, 2 * count);
            tags = Arrays.copyOf(tags, 2 * count);
            sequences = Arrays.copyOf(sequences, 2 * count);
        }
        int i = count++;
        waiting[i] = job;
        tags[i] = tag;
        sequences[i] = order;
        while (i > 0 && before(i, (i - 1) / 2)) {
            swap(i, (i - 1) / 2);
            i = (i - 1) / 2;
        }
    }

    private int pop() {
        int first = waiting[0];
        swap(0, --count);
        int i = 0;
        while (true) {
            int least = i;
            for (int child = 2 * i + 1; child <= 2 * i + 2 && child < count; child++) {
                least = before(child, least) ? child : least;
            }
            if (least == i) {
                return first;
            }
            swap(i, least);
            i = least;
        }
    }

    private void swap(int a, int b) {
        int job = waiting[a];
        waiting[a] = waiting[b];
        waiting[b] = job;
        double tag = tags[a];
        tags[a] = tags[b];
        tags[b] = tag;
        long order = sequences[a];
        sequences[a] = sequences[b];
        sequences[b] = order;
    }

    @Override
    void writeLine(SnapshotWriter out) {
        out.putInts(serving);
        out.putLongs(handles);
        for (int[] batch : batches) {
            out.putInts(batch);
        }
        out.putInts(Arrays.copyOf(waiting, count));
        out.putDoubles(Arrays.copyOf(tags, count));
        out.putLongs(Arrays.copyOf(sequences, count));
        out.putLong(sequence);
        out.putDouble(virtual);
        out.putDoubles(finish);
    }

    @Override
    void restoreLine(SnapshotReader in) {
        System.arraycopy(in.takeInts(), 0, serving, 0, serving.length);
        System.arraycopy(in.takeLongs(), 0, handles, 0, handles.length);
        idle = serving.length;
        for (int s = 0; s < batches.length; s++) {
            System.arraycopy(in.takeInts(), 0, batches[s], 0, size.batch());
            idle -= serving[s] > 0 ? 1 : 0;
        }
        int[] line = in.takeInts();
        double[] lineTags = in.takeDoubles();
        count = lineTags.length;
        waiting = Arrays.copyOf(line, Math.max(FIRST, count));
        tags = Arrays.copyOf(lineTags, Math.max(FIRST, count));
        sequences = Arrays.copyOf(in.takeLongs(), Math.max(FIRST, count));
        sequence = in.takeLong();
        virtual = in.takeDouble();
        System.arraycopy(in.takeDoubles(), 0, finish, 0, finish.length);
    }
}
