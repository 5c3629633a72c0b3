package org.qexit.simulation.statistics;

import java.io.Serializable;
import org.qexit.common.Checks;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;

/**
 * Quantiles of numbers &ge; 0 in flat memory: counts in bins that split every octave into 128 of equal width, as HdrHistogram does, found from
 * the number's bits without a logarithm. A quantile is the middle of its bin, so its relative error is at most 1/256 (0.4 %), of numbers
 * between 2^-40 and 2^40 (1e-12 to 1e12); smaller ones count as zero, greater ones as 2^40. The count of each octave is made when a number
 * falls there. Order does not matter, and sketches add up exactly.
 */
public final class QuantileSketch implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Greatest relative error of a quantile. */
    public static final double RELATIVE_ERROR = 1.0 / 256;

    private static final int BITS = 7;
    private static final int BINS = 1 << BITS;
    private static final int MIN_EXPONENT = -40;
    private static final int OCTAVES = 80;
    private static final double LEAST = 0x1p-40;

    /** The greatest double below 2^40. */
    private static final double GREATEST = Math.nextDown(0x1p40);

    private static final int SHIFT = 52 - BITS;
    private static final long FIRST = Double.doubleToRawLongBits(LEAST) >>> SHIFT;

    private final long[][] octaves = new long[OCTAVES][];
    private long zeros;
    private long count;

    /** @param x &ge; 0; infinite counts as 2^40 */
    public void add(double x) {
        if (!(x >= 0)) {
            throw new IllegalArgumentException("number is " + x + "; expected one >= 0");
        }
        count++;
        if (x < LEAST) {
            zeros++;
            return;
        }
        int bin = (int) ((Double.doubleToRawLongBits(Math.min(x, GREATEST)) >>> SHIFT) - FIRST);
        bins(bin >> BITS)[bin & BINS - 1]++;
    }

    /** Adds what another holds. */
    public void add(QuantileSketch other) {
        zeros += other.zeros;
        count += other.count;
        for (int o = 0; o < OCTAVES; o++) {
            if (other.octaves[o] != null) {
                long[] mine = bins(o);
                for (int b = 0; b < BINS; b++) {
                    mine[b] += other.octaves[o][b];
                }
            }
        }
    }

    private long[] bins(int octave) {
        if (octaves[octave] == null) {
            octaves[octave] = new long[BINS];
        }
        return octaves[octave];
    }

    public long count() {
        return count;
    }

    /** The number at rank ⌈p n⌉, within {@link #RELATIVE_ERROR}; NaN if there is none. */
    public double quantile(double p) {
        Checks.within("share", p, 0, 1);
        if (count == 0) {
            return Double.NaN;
        }
        long rank = Math.max(1, (long) Math.ceil(p * count));
        long below = zeros;
        if (rank <= below) {
            return 0;
        }
        for (int o = 0; o < OCTAVES; o++) {
            if (octaves[o] == null) {
                continue;
            }
            for (int b = 0; b < BINS; b++) {
                below += octaves[o][b];
                if (rank <= below) {
                    return Math.scalb(1 + (b + 0.5) / BINS, MIN_EXPONENT + o);
                }
            }
        }
        throw new IllegalStateException("rank " + rank + " of " + count + " is in no bin");
    }

    public void write(SnapshotWriter out) {
        out.putLong(zeros);
        for (long[] octave : octaves) {
            out.putLongs(octave == null ? new long[0] : octave);
        }
    }

    public static QuantileSketch read(SnapshotReader in) {
        QuantileSketch sketch = new QuantileSketch();
        sketch.zeros = in.wholeNumber("count of zeros", 0, Long.MAX_VALUE);
        sketch.count = sketch.zeros;
        for (int o = 0; o < OCTAVES; o++) {
            long[] counts = in.takeLongs();
            if (counts.length != 0 && counts.length != BINS) {
                throw in.broken(counts.length + " bins of an octave; expected " + BINS);
            }
            for (long c : counts) {
                if (c < 0 || c > Long.MAX_VALUE - sketch.count) {
                    throw in.broken("a bin counts " + c + "; expected a number >= 0 and a sum below 2^63");
                }
                sketch.count += c;
            }
            sketch.octaves[o] = counts.length == 0 ? null : counts;
        }
        return sketch;
    }
}
