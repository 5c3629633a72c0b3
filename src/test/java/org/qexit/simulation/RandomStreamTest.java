package org.qexit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;

class RandomStreamTest {
    private static RandomStream stream(String purpose, int replication) {
        return RandomStream.of(RandomStreams.of(11), purpose, replication);
    }

    /** The JDK has the generator too, and seeds its two words by Stafford's mix of multiples of two ratios: the same numbers follow. */
    @Test
    void isXoroshiro128PlusPlus() {
        long seed = 12345;
        long silver = seed ^ 0x6a09e667f3bcc909L;
        SnapshotWriter out = new SnapshotWriter();
        out.putLong(0);
        out.putLong(stafford(silver));
        out.putLong(stafford(silver + 0x9e3779b97f4a7c15L));
        RandomStream ours = RandomStream.read(new SnapshotReader("x", out.toBytes()));
        RandomGenerator theirs =
                RandomGeneratorFactory.of("Xoroshiro128PlusPlus").create(seed);
        for (int i = 0; i < 1000; i++) {
            assertEquals(theirs.nextLong(), ours.nextLong());
        }
    }

    private static long stafford(long z) {
        long a = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ a >>> 27) * 0x94d049bb133111ebL;
        return b ^ b >>> 31;
    }

    @Test
    void namesAndReplicationsGiveOtherStreamsAndTheSameOnesTheSame() {
        long first = stream("a", 0).nextLong();
        assertEquals(first, stream("a", 0).nextLong());
        assertNotEquals(first, stream("b", 0).nextLong());
        assertNotEquals(first, stream("a", 1).nextLong());
        assertNotEquals(first, RandomStream.of(RandomStreams.of(12), "a", 0).nextLong());
        assertThrows(IllegalArgumentException.class, () -> stream(" ", 0));
    }

    @Test
    void jumpsToTheSamePlaceFromAnywhere() {
        RandomStream one = stream("jump", 0);
        RandomStream other = stream("jump", 0);
        other.nextLong();
        one.jumpTo(5);
        other.jumpTo(5);
        long there = one.nextLong();
        assertEquals(there, other.nextLong());
        other.jumpTo(6);
        assertNotEquals(there, other.nextLong());
    }

    /** Greatest distance between the law and n draws; beyond 1.95 / √n with probability 0.001 (Kolmogorov). */
    private static void assertLaw(DoubleSupplier draw, DoubleUnaryOperator law) {
        int n = 400_000;
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = draw.getAsDouble();
        }
        Arrays.sort(x);
        double distance = 0;
        for (int i = 0; i < n; i++) {
            double p = law.applyAsDouble(x[i]);
            distance = Math.max(distance, Math.max(p - (double) i / n, (i + 1.0) / n - p));
        }
        assertTrue(distance < 1.95 / Math.sqrt(n), "distance " + distance);
    }

    @Test
    void drawsFollowTheirLaws() {
        RandomStream random = stream("laws", 0);
        assertLaw(random::uniform, x -> x);
        assertLaw(random::exponential, x -> -Math.expm1(-x));
        assertLaw(random::normal, NormalDistribution.of(0, 1)::cumulativeProbability);
    }

    /** Few draws come from the tails: they are looked at alone. Of n = 2e6, n e^-r expected beyond r, within 5 standard deviations. */
    @Test
    void tailsHaveTheirWeight() {
        RandomStream random = stream("tails", 0);
        int n = 2_000_000;
        int exponential = 0;
        int normal = 0;
        double excess = 0;
        for (int i = 0; i < n; i++) {
            double x = random.exponential();
            if (x > Ziggurat.EXPONENTIAL.tail()) {
                exponential++;
                excess += x - Ziggurat.EXPONENTIAL.tail();
            }
            normal += Math.abs(random.normal()) > Ziggurat.NORMAL.tail() ? 1 : 0;
        }
        double expected = n * Math.exp(-Ziggurat.EXPONENTIAL.tail());
        assertEquals(expected, exponential, 5 * Math.sqrt(expected));
        assertEquals(1, excess / exponential, 5 / Math.sqrt(expected));
        expected = 2 * n * NormalDistribution.of(0, 1).survivalProbability(Ziggurat.NORMAL.tail());
        assertEquals(expected, normal, 5 * Math.sqrt(expected));
    }

    /** The layers close: the last one's right edge is where its area is that of all others. */
    @Test
    void layersHaveEqualAreas() {
        for (Ziggurat z : new Ziggurat[] {Ziggurat.EXPONENTIAL, Ziggurat.NORMAL}) {
            double area = z.scale()[0] * 0x1p53 * z.density()[1];
            for (int i = 1; i < Ziggurat.LAYERS; i++) {
                assertEquals(
                        area, z.scale()[i] * 0x1p53 * (z.density()[i + 1] - z.density()[i]), 1e-9 * area, "layer " + i);
            }
        }
    }

    @Test
    void boundedNumbersAreEquallyLikely() {
        RandomStream random = stream("bounded", 0);
        int[] counts = new int[6];
        for (int i = 0; i < 60_000; i++) {
            counts[random.below(6)]++;
        }
        for (int count : counts) {
            assertEquals(10_000, count, 5 * Math.sqrt(10_000 * 5 / 6.0));
        }
        // A bound so great that about half of the 32-bit numbers are rejected.
        int bound = (1 << 30) + (1 << 29) + 1;
        int low = 0;
        for (int i = 0; i < 10_000; i++) {
            int drawn = random.below(bound);
            assertTrue(drawn >= 0 && drawn < bound);
            low += drawn < bound / 2 ? 1 : 0;
        }
        assertEquals(5000, low, 250);
        assertThrows(IllegalArgumentException.class, () -> random.below(0));
    }

    @Test
    void shufflesReachEveryOrder() {
        RandomStream random = stream("shuffle", 0);
        int[] counts = new int[6];
        for (int i = 0; i < 6000; i++) {
            int[] v = {0, 1, 2};
            random.shuffle(v);
            assertEquals(3, v[0] + v[1] + v[2]);
            counts[2 * v[0] + (v[1] > v[2] ? 1 : 0)]++;
        }
        for (int count : counts) {
            assertEquals(1000, count, 5 * Math.sqrt(1000));
        }
    }

    @Test
    void aStateOfZerosIsRefused() {
        SnapshotWriter out = new SnapshotWriter();
        out.putLongs(new long[3]);
        SnapshotReader in = new SnapshotReader("x", out.toBytes());
        in.takeInt();
        assertThrows(UserError.class, () -> RandomStream.read(in));
    }
}
