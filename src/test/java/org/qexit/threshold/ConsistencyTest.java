package org.qexit.threshold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.common.RandomStreams;
import org.qexit.experiment.bench.GuaranteeStudy;
import org.qexit.experiment.bench.SyntheticEvents;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

class ConsistencyTest {
    static IntStream seeds() {
        return IntStream.range(0, 60);
    }

    /** Written out anew. */
    private static int differing(DeviceTrace trace, Thresholds pair) {
        int count = 0;
        for (int k = 0; k < trace.size(); k++) {
            boolean taken = false;
            for (float[] exit : trace.scores()) {
                if (exit[k] <= pair.lower()) {
                    break;
                }
                if (exit[k] >= pair.upper()) {
                    taken = true;
                    break;
                }
            }
            float last = trace.scores()[trace.exits() - 1][k];
            boolean alone = last > pair.lower() && last >= pair.upper();
            count += taken == alone ? 0 : 1;
        }
        return count;
    }

    /** Few places fit the grid whole: the last step of a path is the best pair of all within both caps. */
    @ParameterizedTest
    @MethodSource("seeds")
    void pathsHoldTheBestPairs(int seed) {
        DeviceTrace trace = Traces.small(seed);
        double offloads = trace.size() / 3.0;
        double mostDiffering = trace.size() / 5.0;
        List<Frontier.Step> path = Consistency.path(trace, offloads, mostDiffering);
        int before = -1;
        for (Frontier.Step step : path) {
            Confusion counts = Confusion.of(trace, step.thresholds());
            assertEquals(counts.offloads(), step.offloads());
            assertEquals(counts.truePositives(), step.truePositives());
            assertTrue(step.truePositives() > before);
            before = step.truePositives();
            assertEquals(differing(trace, step.thresholds()), Consistency.differing(trace, step.thresholds()));
        }
        int most = 0;
        for (Frontier.Step step : all(trace)) {
            Confusion counts = Confusion.of(trace, step.thresholds());
            if (counts.offloads() <= 1.5 * offloads && differing(trace, step.thresholds()) <= 1.5 * mostDiffering) {
                most = Math.max(most, counts.truePositives());
            }
        }
        assertEquals(most, before);
    }

    private static List<Frontier.Step> all(DeviceTrace trace) {
        TreeSet<Float> values = new TreeSet<>(List.of(0f, 1f));
        for (float[] exit : trace.scores()) {
            for (float c : exit) {
                values.add(c);
            }
        }
        return values.stream()
                .flatMap(l -> values.tailSet(l).stream().map(u -> new Frontier.Step(0, 0, 0, new Thresholds(l, u), 0)))
                .toList();
    }

    /** The closed form of the true rate, against counting. */
    @Test
    void trueInconsistencyIsThatOfTheStream() {
        SyntheticEvents law = new SyntheticEvents(3, 0.3, 4);
        DeviceTrace trace = law.draw(200_000, RandomStreams.of(5).stream("law"));
        for (Thresholds pair :
                List.of(new Thresholds(0.3f, 0.8f), new Thresholds(0.5f, 0.5f), new Thresholds(0, 0.9f))) {
            assertEquals(law.inconsistency(pair), differing(trace, pair) / 200_000.0, 0.004);
        }
    }

    /** The guarantee may fail in at most delta of the devices, give or take three binomial standard errors. */
    @Test
    void inconsistencyIsCertified() {
        int repetitions = 200;
        RiskControl control = new RiskControl(0.1, 0.2, null, 0.06);
        GuaranteeStudy.Worth result = GuaranteeStudy.run(repetitions, 400, 3, control, 4);
        double most = 0.1 + 3 * Math.sqrt(0.1 * 0.9 / repetitions);
        assertTrue(result.guaranteed().violations().value() <= most, result.toString());
        assertTrue(result.otherPath().violations().value() <= most, result.toString());
        assertTrue(result.plain().violations().value() > 0.2, result.toString());
        assertTrue(result.otherPath().meanTpr() > 0.25, result.toString());
    }

    /** Labels of the events that certify are not looked at: other labels, the same pair. */
    @Test
    void needsNoLabels() {
        SyntheticEvents law = new SyntheticEvents(3, 0.2, 4);
        DeviceTrace path = law.draw(500, RandomStreams.of(1).stream("path"));
        DeviceTrace trace = law.draw(500, RandomStreams.of(2).stream("calibration"));
        DeviceTrace unlabelled = new DeviceTrace(trace.device(), trace.events(), new byte[500], trace.scores());
        ThresholdQuery query = new ThresholdQuery(
                Budget.parse("20%"), null, 0.05, false, false, 1, null, new BigDecimal("0.08"), 0, 0);
        DeviceThresholds labelled = DeviceThresholds.of(trace, path, query);
        DeviceThresholds without = DeviceThresholds.of(unlabelled, path, query);
        assertEquals(labelled.lower(), without.lower());
        assertEquals(labelled.upper(), without.upper());
        assertTrue(labelled.chosen().point().offloads() > 0);
        assertEquals(labelled.guarantee().inconsistent(), without.guarantee().inconsistent());
        assertEquals(
                differing(trace, labelled.chosen().point().thresholds()),
                labelled.guarantee().inconsistent().count());
        assertTrue(labelled.guarantee().inconsistent().value() <= 0.08);
    }
}
