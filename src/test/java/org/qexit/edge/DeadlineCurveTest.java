package org.qexit.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.RandomStreams;

class DeadlineCurveTest {
    /** Gains over noise from 1e-2 to 1e12, any eavesdropper below, needs from far in the noise to near the secrecy limit. */
    private static DeadlineCurve random(SplittableRandom random) {
        double gain = Math.pow(10, random.nextDouble(-2, 12));
        double heard = random.nextInt(3) == 0 ? 0 : gain * Math.pow(random.nextDouble(), 2);
        SecrecyLink link = new SecrecyLink(gain, heard);
        double watts = Math.pow(10, random.nextDouble(-3, 1));
        double rate = link.limitBitsPerSecond(watts) * Math.pow(10, random.nextDouble(-6, -0.05));
        double least = link.leastBandwidthHz(rate, watts) * (1 + 1e-12);
        return DeadlineCurve.of(link, rate, least, least * Math.pow(10, random.nextDouble(0, 4)), watts);
    }

    private static double at(DeadlineCurve curve, double share) {
        return curve.leastHz() * Math.pow(curve.mostHz() / curve.leastHz(), share);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void powerFallsConvexlyAndItsSlopeIsTheDifferenceQuotient(long seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("curves");
        for (int i = 0; i < 300; i++) {
            DeadlineCurve curve = random(random);
            double b = at(curve, random.nextDouble(0.05, 0.95));
            double h = 1e-4 * b;
            double left = curve.watts(b - h);
            double middle = curve.watts(b);
            double right = curve.watts(b + h);
            assertTrue(left >= middle * (1 - 1e-11) && middle >= right * (1 - 1e-11));
            assertTrue(left + right >= 2 * middle * (1 - 1e-10), "not convex at " + b);
            double coarse = (left - right) / (2 * h);
            double fine = (curve.watts(b - h / 2) - curve.watts(b + h / 2)) / h;
            double quotient = (4 * fine - coarse) / 3;
            assertEquals(quotient, curve.wattsPerHz(b), 1e-5 * quotient + 1e-10 * middle / h);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void bestBandwidthIsWhereTheSlopeIsThePrice(long seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("prices");
        for (int i = 0; i < 300; i++) {
            DeadlineCurve curve = random(random);
            assertEquals(curve.mostHz(), curve.bestHz(0));
            assertEquals(curve.leastHz(), curve.bestHz(Double.POSITIVE_INFINITY));
            double wanted = at(curve, random.nextDouble(0.05, 0.95));
            double price = curve.wattsPerHz(wanted);
            double found = curve.bestHz(price);
            // The curve is flat near the secrecy limit: what must agree is the cost, not the place.
            double cost = price * found + curve.watts(found);
            for (double share = 0; share <= 1; share += 0.01) {
                double b = at(curve, share);
                assertTrue(cost <= (price * b + curve.watts(b)) * (1 + 1e-10), () -> "better at " + b);
            }
        }
    }

    /** The energy of an event grows with p/b and nothing else: less power at the same band is always cheaper. */
    @Test
    void energyDependsOnPowerPerHertzAlone() {
        SecrecyLink link = new SecrecyLink(3e8, 2e7);
        double once = Energy.offloadJoules(1e5, link.bitsPerSecond(1e5, 0.1), 0.1);
        double scaled = Energy.offloadJoules(1e5, link.bitsPerSecond(7e5, 0.7), 0.7);
        double lower = Energy.offloadJoules(1e5, link.bitsPerSecond(1e5, 0.05), 0.05);
        assertEquals(once, scaled, once * 1e-12);
        assertTrue(lower < once);
    }

    /** p·D/r_se itself is not convex along a line in (b, p): why the deadline is substituted first. */
    @Test
    void theUnsubstitutedEnergyIsNotConvex() {
        SecrecyLink link = new SecrecyLink(1e8, 0);
        double from = Energy.offloadJoules(1, link.bitsPerSecond(1e4, 0.01), 0.01);
        double to = Energy.offloadJoules(1, link.bitsPerSecond(1e4, 1), 1);
        double middle = Energy.offloadJoules(1, link.bitsPerSecond(1e4, 0.505), 0.505);
        assertTrue(middle > (from + to) / 2);
    }

    @Test
    void refusesAnEndThatMissesTheRate() {
        SecrecyLink link = new SecrecyLink(1e8, 0);
        double least = link.leastBandwidthHz(1e5, 0.1);
        assertThrows(IllegalArgumentException.class, () -> DeadlineCurve.of(link, 1e5, least / 2, least, 0.1));
        assertThrows(IllegalArgumentException.class, () -> DeadlineCurve.of(link, 1e5, least, least / 2, 0.1));
    }
}
