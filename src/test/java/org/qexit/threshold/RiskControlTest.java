package org.qexit.threshold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.RandomStreams;
import org.qexit.experiment.bench.GuaranteeStudy;
import org.qexit.experiment.bench.SyntheticEvents;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

class RiskControlTest {
    /** 1500 devices: the guarantee may fail in at most delta of them, give or take three binomial standard errors. */
    @ParameterizedTest
    @CsvSource({"0.05, 0.15, ", "0.2, 0.1, 0.05", "0.1, 1, 0.04"})
    void capsHoldOnFreshEvents(double delta, double maxOffloadRate, Double maxFalsePositiveRate) {
        RiskControl control = new RiskControl(delta, maxOffloadRate, maxFalsePositiveRate);
        int repetitions = 1500;
        GuaranteeStudy.Worth result = GuaranteeStudy.run(repetitions, 400, 3, control, 11);
        double error = Math.sqrt(delta * (1 - delta) / repetitions);
        assertTrue(result.guaranteed().violations().value() <= delta + 3 * error, result.toString());
        // It must not buy that by never offloading, and the plain choice must show that there is something to buy.
        assertTrue(result.guaranteed().meanTpr() > 0.1, result.toString());
        assertTrue(result.plain().violations().value() > delta, result.toString());
        assertTrue(result.tprCost() > 0);
        assertTrue(result.otherPath().violations().value() <= delta + 3 * error, result.toString());
    }

    /** With a path from other events all events certify: at most 29 offloads of 400 do, and at least 0.68 of the cap is used in the mean. */
    @Test
    void aPathFromOtherEventsUsesMoreOfTheCap() {
        int repetitions = 2000;
        GuaranteeStudy.Worth result = GuaranteeStudy.run(repetitions, 400, 4, new RiskControl(0.05, 0.1, null), 1);
        double error = Math.sqrt(0.05 * 0.95 / repetitions);
        assertTrue(result.otherPath().violations().value() <= 0.05 + 3 * error, result.toString());
        assertTrue(result.otherPath().meanOfr() >= 0.068, result.toString());
        assertTrue(result.otherPath().meanOfr() > result.guaranteed().meanOfr() + 0.005, result.toString());
        assertTrue(result.otherPath().meanTpr() > result.guaranteed().meanTpr() + 0.02, result.toString());
    }

    /** The closed form of the true rates, against counting. */
    @Test
    void trueRatesAreThoseOfTheStream() {
        SyntheticEvents law = new SyntheticEvents(3, 0.3, 4);
        Thresholds pair = new Thresholds(0.3f, 0.8f);
        DeviceTrace trace = law.draw(200_000, RandomStreams.of(5).stream("law"));
        Confusion c = Confusion.of(trace, pair);
        assertEquals(law.offloadRate(pair), c.ofr().value(), 0.005);
        assertEquals(law.offloadRate(pair, true), c.tpr().value(), 0.005);
        assertEquals(law.offloadRate(pair, false), c.fpr().value(), 0.005);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 100})
    void splitsIntoDisjointHalves(int n) {
        DeviceTrace trace = new SyntheticEvents(2, 0.3, 4).draw(n, RandomStreams.of(n).stream("split"));
        List<DeviceTrace> halves = RiskControl.split(trace, RandomStreams.of(1));
        assertEquals(n / 2, halves.get(0).size());
        long[] both = LongStream.concat(
                        Arrays.stream(halves.get(0).events()),
                        Arrays.stream(halves.get(1).events()))
                .sorted()
                .toArray();
        assertTrue(Arrays.equals(trace.events(), both));
    }

    /** P(Bin(10, 0.5) <= 2) = 56/1024 and P(Bin(4, 0.5) <= 0) = 1/16; two caps must both hold. */
    @Test
    void pValuesAreExactTails() {
        Confusion c = new Confusion(2, 0, 4, 4, List.of(10));
        assertEquals(56 / 1024.0, new RiskControl(0.05, 0.5, null).pValue(c, 0), 1e-12);
        assertEquals(1 / 16.0, new RiskControl(0.05, 0.5, 0.5).pValue(c, 0), 1e-12);
        assertEquals(1 / 16.0, new RiskControl(0.05, 1, 0.5).pValue(c, 0), 1e-12);
    }

    @Test
    void choosesNeverWhenNothingCanBeCertified() {
        DeviceTrace trace = new SyntheticEvents(2, 0.3, 4).draw(20, RandomStreams.of(3).stream("few"));
        List<DeviceTrace> halves = RiskControl.split(trace, RandomStreams.of(1));
        RiskControl.Choice choice = new RiskControl(0.01, 0.05, null).choose(halves.get(0), halves.get(1));
        assertEquals(Thresholds.NEVER, choice.step().thresholds().upper());
        assertEquals(0, choice.calibration().offloads());
    }

    @Test
    void refusesImpossibleLevels() {
        assertThrows(IllegalArgumentException.class, () -> new RiskControl(0, 0.1, null));
        assertThrows(IllegalArgumentException.class, () -> new RiskControl(Double.NaN, 0.1, null));
        assertThrows(IllegalArgumentException.class, () -> new RiskControl(0.1, 1.1, null));
        assertThrows(IllegalArgumentException.class, () -> new RiskControl(0.1, 0.1, -0.1));
    }
}
