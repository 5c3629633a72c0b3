package org.qexit.simulation;

import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;

/**
 * One stream of random numbers of a run, named by its purpose and replication, whose whole state can be written: xoroshiro128++ (Blackman and
 * Vigna, ACM TOMS 47(4), 2021), period 2^128 - 1. Two models that draw from streams of the same names are compared under common random
 * numbers; {@link #jumpTo} keeps them in step where one of them draws more than the other.
 */
public final class RandomStream {
    /** SplitMix64's increment, 2^64 over the golden ratio. */
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private static final double ULP = 0x1p-53;

    private final long key;
    private long s0;
    private long s1;

    private RandomStream(long key) {
        this.key = key;
        seed(key);
    }

    /**
     * The stream of a purpose in a replication; each call starts it anew.
     *
     * @param purpose such as "arrivals/ue7"
     */
    public static RandomStream of(RandomStreams streams, String purpose, int replication) {
        return new RandomStream(streams.seed(Checks.notBlank("purpose", purpose) + "/replication " + replication));
    }

    /**
     * Puts the stream where what it draws depends on its name and this number alone, such as an event's: whoever draws more or less for one
     * event draws the same for the next.
     */
    public void jumpTo(long index) {
        seed(mix(key ^ mix(index + GOLDEN)));
    }

    private void seed(long from) {
        s0 = mix(from + GOLDEN);
        s1 = mix(from + 2 * GOLDEN);
        if ((s0 | s1) == 0) {
            s1 = GOLDEN;
        }
    }

    /** Stafford's variant 13, as in {@link java.util.SplittableRandom}. */
    private static long mix(long z) {
        long a = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ a >>> 27) * 0x94d049bb133111ebL;
        return b ^ b >>> 31;
    }

    public long nextLong() {
        long a = s0;
        long b = s1;
        long result = Long.rotateLeft(a + b, 17) + a;
        b ^= a;
        s0 = Long.rotateLeft(a, 49) ^ b ^ b << 21;
        s1 = Long.rotateLeft(b, 28);
        return result;
    }

    /** Uniform on [0, 1), a multiple of 2^-53. */
    public double uniform() {
        return (nextLong() >>> 11) * ULP;
    }

    /** Exponential with mean 1. */
    public double exponential() {
        Ziggurat z = Ziggurat.EXPONENTIAL;
        long bits = nextLong();
        int layer = (int) bits & Ziggurat.LAYERS - 1;
        long abscissa = bits >>> 11;
        double x = abscissa * z.scale()[layer];
        return abscissa < z.sure()[layer] ? x : exponentialAtTheEdge(layer, x);
    }

    private double exponentialAtTheEdge(int layer, double x) {
        Ziggurat z = Ziggurat.EXPONENTIAL;
        if (layer == 0) {
            // The tail of an exponential is an exponential again.
            return z.tail() + exponential();
        }
        return z.under(layer, uniform(), StrictMath.exp(-x)) ? x : exponential();
    }

    /** Normal with mean 0 and variance 1. */
    public double normal() {
        Ziggurat z = Ziggurat.NORMAL;
        while (true) {
            long bits = nextLong();
            int layer = (int) bits & Ziggurat.LAYERS - 1;
            long sign = bits << 55 & Long.MIN_VALUE;
            long abscissa = bits >>> 11;
            double x = abscissa * z.scale()[layer];
            if (abscissa >= z.sure()[layer]) {
                if (layer == 0) {
                    x = normalTail(z.tail());
                } else if (!z.under(layer, uniform(), StrictMath.exp(-0.5 * x * x))) {
                    continue;
                }
            }
            return Double.longBitsToDouble(Double.doubleToRawLongBits(x) ^ sign);
        }
    }

    /** Beyond r (Marsaglia, Technometrics 6(1), 1964): x = E/r is accepted if 2 E' &gt; x², with two exponentials. */
    private double normalTail(double r) {
        while (true) {
            double x = exponential() / r;
            if (2 * exponential() > x * x) {
                return r + x;
            }
        }
    }

    /** Uniform on 0 to bound - 1, without bias (Lemire, ACM TOMACS 29(1), 2019). */
    public int below(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound is " + bound + "; expected at least 1");
        }
        long product = (nextLong() >>> 32) * bound;
        if (Integer.compareUnsigned((int) product, bound) < 0) {
            int reject = Integer.remainderUnsigned(-bound, bound);
            while (Integer.compareUnsigned((int) product, reject) < 0) {
                product = (nextLong() >>> 32) * bound;
            }
        }
        return (int) (product >>> 32);
    }

    /** Fisher-Yates shuffle in place. */
    public void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = below(i + 1);
            int swapped = values[i];
            values[i] = values[j];
            values[j] = swapped;
        }
    }

    public void write(SnapshotWriter out) {
        out.putLong(key);
        out.putLong(s0);
        out.putLong(s1);
    }

    public static RandomStream read(SnapshotReader in) {
        RandomStream stream = new RandomStream(in.takeLong());
        stream.s0 = in.takeLong();
        stream.s1 = in.takeLong();
        if ((stream.s0 | stream.s1) == 0) {
            throw in.broken("a random stream with a state of zeros, from which no number comes");
        }
        return stream;
    }
}
