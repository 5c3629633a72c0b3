package org.qexit.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.RandomStreams;

class SecrecyLinkTest {
    @Test
    void rateIsTheDifferenceOfTwoShannonRates() {
        // 1 MHz, SNR 15 and 3: log2(16) - log2(4) = 2 bit/s/Hz.
        SecrecyLink link = new SecrecyLink(15e6, 3e6);
        assertEquals(2e6, link.bitsPerSecond(1e6, 1), 1e-6);
    }

    @Test
    void noSecrecyWithoutAnAdvantage() {
        assertEquals(0, new SecrecyLink(1e6, 1e6).bitsPerSecond(1e6, 1));
        assertEquals(0, new SecrecyLink(1e6, 2e6).bitsPerSecond(1e6, 1));
        assertEquals(0, new SecrecyLink(2e6, 1e6).bitsPerSecond(0, 1));
        assertEquals(0, new SecrecyLink(2e6, 1e6).bitsPerSecond(1e6, 0));
    }

    @Test
    void wideBandTendsToTheLimit() {
        SecrecyLink link = new SecrecyLink(3e7, 1e7);
        double limit = 2e7 * 0.2 / Math.log(2);
        assertEquals(limit, link.limitBitsPerSecond(0.2), limit * 1e-15);
        assertEquals(limit, link.bitsPerSecond(1e22, 0.2), limit * 1e-13);
    }

    /** Property: over 20 orders of magnitude the root meets the rate and a hair less does not. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void leastBandwidthIsTheRoot(long seed) {
        var random = RandomStreams.of(seed).stream("links");
        for (int i = 0; i < 300; i++) {
            double gain = Math.pow(10, random.nextDouble(-10, 10));
            double heard = gain * random.nextDouble();
            double watts = Math.pow(10, random.nextDouble(-4, 2));
            SecrecyLink link = new SecrecyLink(gain, heard);
            double rate = link.limitBitsPerSecond(watts) * Math.pow(10, random.nextDouble(-10, -1e-6));
            double hz = link.leastBandwidthHz(rate, watts);
            assertTrue(link.bitsPerSecond(hz, watts) >= rate, () -> link + " at " + hz);
            // Near saturation the rate hardly depends on the band, so its inverse is blurred: compare rates, not bands.
            assertEquals(rate, link.bitsPerSecond(hz, watts), rate * 1e-12);
            double less = hz * (1 - 1e-6);
            double slope = link.slopePerHertz(hz, watts) * hz / rate;
            if (slope > 1e-6) {
                assertTrue(link.bitsPerSecond(less, watts) < rate, () -> link + " at " + less);
            }
            // For the same reason the power is checked by the rate that it gives.
            assertEquals(rate, link.bitsPerSecond(hz, link.leastPowerWatts(rate, hz)), rate * 1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void slopesAgreeWithDifferences(long seed) {
        var random = RandomStreams.of(seed).stream("slopes");
        for (int i = 0; i < 200; i++) {
            double gain = Math.pow(10, random.nextDouble(4, 9));
            SecrecyLink link = new SecrecyLink(gain, gain * random.nextDouble(0, 0.9));
            double hz = Math.pow(10, random.nextDouble(4, 7));
            double watts = random.nextDouble(0.01, 1);
            double h = 1e-5;
            double byHz =
                    (link.bitsPerSecond(hz * (1 + h), watts) - link.bitsPerSecond(hz * (1 - h), watts)) / (2 * h * hz);
            double byWatt = (link.bitsPerSecond(hz, watts * (1 + h)) - link.bitsPerSecond(hz, watts * (1 - h)))
                    / (2 * h * watts);
            double scale = link.bitsPerSecond(hz, watts);
            assertEquals(byHz, link.slopePerHertz(hz, watts), 1e-6 * scale / hz);
            assertEquals(byWatt, link.slopePerWatt(hz, watts), 1e-6 * scale / watts);
        }
    }

    @Test
    void eachObstacleHasItsNumbers() {
        EdgeNode node = new EdgeNode("en1", 1e6, 10, 2, null);
        assertInstanceOf(BandwidthNeed.LevelForbidden.class, SecrecyLink.need(device(1, 1e5, 1e6, 1e6), node, 1e9));
        assertInstanceOf(BandwidthNeed.NoSecrecy.class, SecrecyLink.need(device(2, 1e5, 1e9, 1e6), node, 1e9));
        var late = assertInstanceOf(
                BandwidthNeed.DeadlineImpossible.class, SecrecyLink.need(device(2, 1e12, 1e6, 1e6), node, 1e9));
        assertEquals(1e13, late.requiredBitsPerSecond(), 1);
        assertTrue(late.reason().contains("1.00000e+13 bit/s"), late.reason());
        var wide = assertInstanceOf(
                BandwidthNeed.AboveDeviceMaximum.class, SecrecyLink.need(device(2, 1e5, 1e6, 100), node, 1e9));
        assertTrue(wide.hz() > 100);
        assertInstanceOf(BandwidthNeed.Least.class, SecrecyLink.need(device(2, 1e5, 1e6, 1e7), node, 1e9));
    }

    private static UserDevice device(int level, double bits, double heard, double hzMax) {
        return new UserDevice("ue1", 1, level, bits, 0.1, hzMax, 0.2, heard);
    }

    @Test
    void recordsRefuseNonsense() {
        assertThrows(IllegalArgumentException.class, () -> new Radio(Double.NaN, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new EdgeNode("a", -1, 1, 1, null));
        assertThrows(IllegalArgumentException.class, () -> new EdgeNode("a", 1, 1, 0, null));
        assertThrows(IllegalArgumentException.class, () -> new Link("a", " ", 1));
        assertThrows(IllegalArgumentException.class, () -> new SecrecyLink(-1, 0));
    }

    @Test
    void energyIsPowerTimesTimeAndMemoryAccesses() {
        assertEquals(0.5, Energy.offloadSeconds(1e6, 2e6));
        assertEquals(0.1, Energy.offloadJoules(1e6, 2e6, 0.2), 1e-15);
        assertEquals(Double.POSITIVE_INFINITY, Energy.offloadSeconds(1e6, 0));
        long[] accesses = {100, 200, 700};
        assertEquals(1e-6, Energy.wholeNetworkJoules(1e-9, accesses), 1e-18);
        assertEquals(3e-7, Energy.exitJoules(1e-9, accesses, 1), 1e-18);
        assertEquals(1e-9 * (3 * 100 + 1000) / 4, Energy.meanJoules(1e-9, accesses, new long[] {3, 0, 1}), 1e-18);
        assertThrows(IllegalArgumentException.class, () -> Energy.meanJoules(1e-9, accesses, new long[] {0, 0, 0}));
        assertThrows(IllegalArgumentException.class, () -> Energy.meanJoules(1e-9, accesses, new long[] {1}));
    }
}
