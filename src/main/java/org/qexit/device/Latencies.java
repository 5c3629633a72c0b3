package org.qexit.device;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Durations in bins whose widths grow by 1 %, so that a stream without end takes constant memory: quantiles are right to within
 * 1 %. From 100 ns to 1000 s; what is outside counts as the nearest end. Not for several threads.
 */
public final class Latencies {
    private static final double LEAST_NANOS = 100;
    private static final double MOST_NANOS = 1e12;
    private static final double GROWTH = Math.log(1.01);
    private static final int BINS = (int) Math.ceil(Math.log(MOST_NANOS / LEAST_NANOS) / GROWTH) + 1;

    private final long[] counts = new long[BINS];
    private long total;
    private double sumNanos;

    public void add(long nanos) {
        double within = Math.min(Math.max(nanos, LEAST_NANOS), MOST_NANOS);
        counts[(int) Math.round(Math.log(within / LEAST_NANOS) / GROWTH)]++;
        sumNanos += nanos;
        total++;
    }

    /** Adds another's. */
    public void add(Latencies other) {
        Arrays.setAll(counts, i -> counts[i] + other.counts[i]);
        total += other.total;
        sumNanos += other.sumNanos;
    }

    public long count() {
        return total;
    }

    /** Writes what {@link #read} reads: sum and non-empty bins. */
    public void write(DataOutputStream out) throws IOException {
        out.writeDouble(sumNanos);
        out.writeInt((int) Arrays.stream(counts).filter(count -> count > 0).count());
        for (int i = 0; i < BINS; i++) {
            if (counts[i] > 0) {
                out.writeInt(i);
                out.writeLong(counts[i]);
            }
        }
    }

    /**
     * Adds what was written.
     *
     * @throws IOException if it is not readable
     */
    public void read(DataInputStream in) throws IOException {
        sumNanos += in.readDouble();
        for (int left = in.readInt(); left > 0; left--) {
            int bin = in.readInt();
            long count = in.readLong();
            if (bin < 0 || bin >= BINS || count < 0) {
                throw new IOException("bin " + bin + " holds " + count);
            }
            counts[bin] += count;
            total += count;
        }
    }

    /** Null if nothing was added. */
    public Double meanMicros() {
        return total == 0 ? null : sumNanos / total / 1000;
    }

    /** The least duration that a share {@code p} of all do not exceed; null if nothing was added. */
    public Double quantileMicros(double p) {
        long rank = Math.max(1, (long) Math.ceil(p * total));
        long seen = 0;
        for (int i = 0; i < BINS; i++) {
            seen += counts[i];
            if (total > 0 && seen >= rank) {
                return LEAST_NANOS * Math.exp(i * GROWTH) / 1000;
            }
        }
        return null;
    }
}
