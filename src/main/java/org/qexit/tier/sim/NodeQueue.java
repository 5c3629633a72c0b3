package org.qexit.tier.sim;

import java.util.function.IntConsumer;
import org.qexit.simulation.Calendar;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;
import org.qexit.simulation.statistics.TimeAverage;

/** The events at one node, waiting and worked on. When a service ends the calendar brings an event upon which the model calls {@link #done}. */
abstract class NodeQueue {
    final Calendar calendar;
    final int number;
    final Jobs jobs;

    private final int kind;
    private TimeAverage present;
    private TimeAverage busy;
    private double sojourns;

    /**
     * @param kind of the events that end a service; their entity is the node's number, their item the {@code slot}
     */
    NodeQueue(Calendar calendar, int kind, int number, Jobs jobs) {
        this.calendar = calendar;
        this.kind = kind;
        this.number = number;
        this.jobs = jobs;
        present = new TimeAverage(calendar.now(), 0);
        busy = new TimeAverage(calendar.now(), 0);
    }

    /** An event comes; false if there is no room for it. */
    final boolean offer(int job) {
        jobs.since[job] = calendar.now();
        if (!take(job)) {
            return false;
        }
        present.set(calendar.now(), present.value() + 1);
        busy.set(calendar.now(), busyShare());
        return true;
    }

    /** A service ends: its events are handed on, the next begins. */
    final void done(int slot, IntConsumer finished) {
        end(slot, job -> {
            leave(job);
            finished.accept(job);
        });
        busy.set(calendar.now(), busyShare());
    }

    /** The node goes down: all events are handed on, unanswered, in a fixed order. */
    final void clear(IntConsumer lost) {
        drop(job -> {
            leave(job);
            lost.accept(job);
        });
        busy.set(calendar.now(), busyShare());
    }

    private void leave(int job) {
        present.set(calendar.now(), present.value() - 1);
        sojourns += calendar.now() - jobs.since[job];
    }

    final long schedule(double seconds, int slot) {
        return calendar.scheduleAfter(seconds, kind, number, slot);
    }

    abstract boolean take(int job);

    abstract void end(int slot, IntConsumer finished);

    abstract void drop(IntConsumer lost);

    /** The share of the node's compute that works now, 0 to 1; above 1 where more was granted than the node has. */
    abstract double busyShare();

    /** Events waiting and worked on. */
    final int present() {
        return (int) present.value();
    }

    /** &int; of the busy share, from the beginning until now [s]. */
    final double busySeconds() {
        return busy.area(calendar.now());
    }

    /** &int; of the number present, from the beginning until now [s]. */
    final double presentSeconds() {
        return present.area(calendar.now());
    }

    /** Sum of the times that the events which left were here [s]; Little's law: once all have left, {@link #presentSeconds}. */
    final double sojournSeconds() {
        return sojourns;
    }

    final void write(SnapshotWriter out) {
        out.section("node");
        present.write(out);
        busy.write(out);
        out.putDouble(sojourns);
        writeLine(out);
    }

    final void restore(SnapshotReader in) {
        in.section("node");
        present = TimeAverage.read(in);
        busy = TimeAverage.read(in);
        sojourns = in.takeDouble();
        restoreLine(in);
    }

    abstract void writeLine(SnapshotWriter out);

    abstract void restoreLine(SnapshotReader in);
}
