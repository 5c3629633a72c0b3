package org.qexit.simulation.statistics;

import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;

/** The mean over time of a number that changes in steps: (1 / (t − t_0)) ∫ x(s) ds. */
public final class TimeAverage {
    private double start;
    private double since;
    private double value;
    private double area;
    private double greatest;

    /** Of a number that is {@code value} at {@code now}, where the mean begins. */
    public TimeAverage(double now, double value) {
        start = now;
        since = now;
        this.value = value;
        greatest = value;
    }

    /** From {@code now} on, not before the last change, the number is this. */
    public void set(double now, double newValue) {
        area += value * (now - since);
        since = now;
        value = newValue;
        if (newValue > greatest) {
            greatest = newValue;
        }
    }

    /** What it is. */
    public double value() {
        return value;
    }

    /** The greatest it was. */
    public double greatest() {
        return greatest;
    }

    /** ∫ x(s) ds up to {@code now}. */
    public double area(double now) {
        return area + value * (now - since);
    }

    /** The mean up to {@code now}; the value itself where no time has passed. */
    public double mean(double now) {
        return now > start ? area(now) / (now - start) : value;
    }

    /** Begins anew at {@code now}, as after a warm-up. */
    public void restart(double now) {
        start = now;
        since = now;
        area = 0;
        greatest = value;
    }

    public void write(SnapshotWriter out) {
        out.putDouble(start);
        out.putDouble(since);
        out.putDouble(value);
        out.putDouble(area);
        out.putDouble(greatest);
    }

    public static TimeAverage read(SnapshotReader in) {
        TimeAverage average = new TimeAverage(0, 0);
        average.start = in.number("start of a mean", 0, Double.MAX_VALUE);
        average.since = in.number("last change of a mean", average.start, Double.MAX_VALUE);
        average.value = in.takeDouble();
        average.area = in.takeDouble();
        average.greatest = in.takeDouble();
        return average;
    }
}
