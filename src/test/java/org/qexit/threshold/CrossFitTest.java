package org.qexit.threshold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.RandomStreams;
import org.qexit.experiment.bench.SyntheticEvents;
import org.qexit.experiment.bench.TieStudy;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

class CrossFitTest {
    private static DeviceTrace draw(int n, long seed) {
        return new SyntheticEvents(3, 0.2, 4).draw(n, RandomStreams.of(seed).stream("cross"));
    }

    /** Every event is left out once in each repetition, and folds hold as many critical events as can be. */
    @ParameterizedTest
    @ValueSource(ints = {5, 7, 23, 100})
    void foldsPartitionTheEvents(int n) {
        DeviceTrace trace = draw(n, n);
        List<TreeSet<Long>> seen = new ArrayList<>();
        List<Integer> critical = new ArrayList<>();
        CrossFit fit = CrossFit.of(
                trace,
                some -> {
                    TreeSet<Long> ids = new TreeSet<>();
                    for (long id : some.events()) {
                        ids.add(id);
                    }
                    seen.add(ids);
                    critical.add(some.positives());
                    return new Thresholds(1, Thresholds.NEVER);
                },
                RandomStreams.of(3),
                2);
        assertEquals(10, seen.size());
        for (int first = 0; first < 10; first += CrossFit.FOLDS) {
            TreeMap<Long, Integer> times = new TreeMap<>();
            for (int f = first; f < first + CrossFit.FOLDS; f++) {
                seen.get(f).forEach(id -> times.merge(id, 1, Integer::sum));
                assertTrue(Math.abs(seen.get(f).size() - 0.8 * n) < 1);
                assertTrue(Math.abs(critical.get(f) - 0.8 * trace.positives()) < 1);
            }
            assertEquals(n, times.size());
            assertTrue(times.values().stream().allMatch(count -> count == CrossFit.FOLDS - 1));
        }
        assertEquals(0, fit.ofr());
        assertEquals(trace.positives() == 0 ? null : 0.0, fit.tpr());
    }

    /** A rule that does not look at the events is worth the same on all of them: cross-fitting only averages. */
    @Test
    void aRuleSetInAdvanceLosesNothing() {
        DeviceTrace trace = draw(333, 8);
        Thresholds pair = new Thresholds(0.2f, 0.7f);
        CrossFit fit = CrossFit.of(trace, some -> pair, RandomStreams.of(1), 3);
        assertEquals(Confusion.of(trace, pair).tpr().value(), fit.tpr(), 1e-12);
        assertEquals(Confusion.of(trace, pair).fpr().value(), fit.fpr(), 1e-12);
        assertEquals(3, fit.repeats());
    }

    @Test
    void repeatsWithTheSeedAndLeavesOutWhatCannotBe() {
        DeviceTrace trace = draw(240, 9);
        ThresholdQuery query = query(7, 4);
        CrossFit fit = DeviceThresholds.of(trace, query).chosen().crossFitted();
        assertEquals(fit, DeviceThresholds.of(trace, query(7, 4)).chosen().crossFitted());
        assertNotEquals(fit, DeviceThresholds.of(trace, query(8, 4)).chosen().crossFitted());
        assertEquals(4, fit.repeats());
        assertNull(DeviceThresholds.of(trace, query(7, 0)).chosen().crossFitted());
        assertNull(DeviceThresholds.of(draw(4, 1), query).chosen().crossFitted());
        assertTrue(fit.ofr() <= 0.12, fit.toString());
        assertEquals(
                1,
                DeviceThresholds.of(draw(200_000, 1), query)
                        .chosen()
                        .crossFitted()
                        .repeats());
    }

    private static ThresholdQuery query(long seed, int repeats) {
        return new ThresholdQuery(
                Budget.parse("10%"), null, null, false, false, seed, null, (BigDecimal) null, repeats, 0);
    }

    /** In sample too much is promised; the cross-fitted promise is nearer to what fresh events give. */
    @Test
    void promisesLess() {
        TieStudy.Setting setting = new TieStudy.Setting(TieStudy.Law.CORRELATED, 40, 120, 3, 0.2, 0.1, 20_000);
        TieStudy.Found found = TieStudy.run(setting, 5);
        assertTrue(found.inSample().value() > 0.03, found.toString());
        assertTrue(found.crossFitted().value() < found.inSample().value() - 0.02, found.toString());
        assertTrue(Math.abs(found.crossFitted().value()) < 0.05, found.toString());
        assertTrue(found.equalPairs() >= 1);
        for (TieStudy.Arm arm : found.arms()) {
            assertTrue(arm.loss() > -1e-9 && arm.tpr() > 0.1 && arm.ofr() < 0.2, arm.toString());
        }
    }
}
