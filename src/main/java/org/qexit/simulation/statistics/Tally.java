package org.qexit.simulation.statistics;

import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;

/** Count, mean, variance and extremes of numbers one by one (Welford, Technometrics 4(3), 1962). */
public final class Tally {
    private long count;
    private double mean;
    private double squares;
    private double least = Double.POSITIVE_INFINITY;
    private double greatest = Double.NEGATIVE_INFINITY;

    public void add(double x) {
        count++;
        double delta = x - mean;
        mean += delta / count;
        squares += delta * (x - mean);
        if (x < least) {
            least = x;
        }
        if (x > greatest) {
            greatest = x;
        }
    }

    /** Adds what another holds (Chan, Golub and LeVeque, 1979). */
    public void add(Tally other) {
        if (other.count == 0) {
            return;
        }
        long both = count + other.count;
        double delta = other.mean - mean;
        squares += other.squares + delta * delta * count / both * other.count;
        mean += delta * other.count / both;
        count = both;
        least = Math.min(least, other.least);
        greatest = Math.max(greatest, other.greatest);
    }

    public long count() {
        return count;
    }

    /** NaN if there is none. */
    public double mean() {
        return count == 0 ? Double.NaN : mean;
    }

    /** Count times mean. */
    public double sum() {
        return count * mean;
    }

    /** Sample variance, divided by n − 1; NaN for fewer than two. */
    public double variance() {
        return count < 2 ? Double.NaN : squares / (count - 1);
    }

    /** +∞ if there is none. */
    public double least() {
        return least;
    }

    /** −∞ if there is none. */
    public double greatest() {
        return greatest;
    }

    public void write(SnapshotWriter out) {
        out.putLong(count);
        out.putDouble(mean);
        out.putDouble(squares);
        out.putDouble(least);
        out.putDouble(greatest);
    }

    public static Tally read(SnapshotReader in) {
        Tally tally = new Tally();
        tally.count = in.wholeNumber("count of a tally", 0, Long.MAX_VALUE);
        tally.mean = in.takeDouble();
        tally.squares = in.takeDouble();
        tally.least = in.takeDouble();
        tally.greatest = in.takeDouble();
        return tally;
    }
}
