package org.qexit.threshold.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.qexit.common.UserError;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.ClassTrace;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.EventOrigins;
import org.qexit.trace.Rate;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/** Choices on pooled events of two devices, against counting them one by one. */
class NodeSearchTest {
    private static final long[] COSTS = {10, 25};
    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    private final SplittableRandom random = new SplittableRandom(7);
    private final RandomClassTrace events = new RandomClassTrace(random, 2, 60, 4, 2, 6);
    private final float[] confidences = new float[60];
    private final List<ClassTrace> traces = new ArrayList<>();
    private final List<DeviceTrace> devices = new ArrayList<>();

    NodeSearchTest() {
        for (int k = 0; k < confidences.length; k++) {
            confidences[k] = (float) random.nextDouble();
        }
        add("ue1", 0, 40);
        add("ue2", 40, 60);
    }

    private void add(String id, int from, int to) {
        int n = to - from;
        float[][][] byClass = new float[2][4][n];
        byte[] labels = new byte[n];
        long[] ids = new long[n];
        int[] classes = new int[n];
        int[] sources = new int[n];
        // The device's own trace has the same events in another order, and one more.
        float[][] scores = new float[1][n + 1];
        byte[] deviceLabels = new byte[n + 1];
        int[] deviceClasses = new int[n + 1];
        int[] deviceSources = new int[n + 1];
        for (int k = 0; k < n; k++) {
            classes[k] = events.classes[from + k];
            labels[k] = (byte) (Arrays.binarySearch(events.critical, classes[k]) >= 0 ? 1 : 0);
            sources[k] = 1000 + from + k;
            ids[k] = k;
            for (int q = 0; q < 2; q++) {
                for (int c = 0; c < 4; c++) {
                    byClass[q][c][k] = events.probabilities[q][from + k][c];
                }
            }
            scores[0][n - k] = confidences[from + k];
            deviceLabels[n - k] = labels[k];
            deviceClasses[n - k] = classes[k];
            deviceSources[n - k] = sources[k];
        }
        traces.add(new ClassTrace(id, ids, labels, byClass, EventOrigins.of(classes, sources)));
        devices.add(new DeviceTrace(
                id, new long[n + 1], deviceLabels, scores, EventOrigins.of(deviceClasses, deviceSources)));
    }

    private List<Integer> critical() {
        return Arrays.stream(events.critical).boxed().toList();
    }

    private static Optional<Rule> pair(String device) {
        return Optional.of(device.equals("ue1") ? new Thresholds(0.2f, 0.4f) : new Thresholds(0.2f, 0.9f));
    }

    private boolean offloaded(int event) {
        return confidences[event] >= (event < 40 ? 0.4f : 0.9f);
    }

    @Test
    void countsWhatTheDevicesOffload() {
        NodeEvents pooled = NodeEvents.offloaded(traces, critical(), devices, NodeSearchTest::pair);
        NodeSearch search = NodeSearch.of(pooled, COSTS);
        NodeSearch.Choice best = search.best();
        int right = 0;
        int offloads = 0;
        long cost = 0;
        int criticals = 0;
        int rightCritical = 0;
        for (int k = 0; k < 60; k++) {
            boolean isCritical = Arrays.binarySearch(events.critical, events.classes[k]) >= 0;
            criticals += isCritical ? 1 : 0;
            if (!offloaded(k)) {
                continue;
            }
            offloads++;
            ClassThresholds.Decision decision = best.thresholds()
                    .decide(new float[][] {events.probabilities[0][k], events.probabilities[1][k]}, events.critical);
            cost += COSTS[decision.exit()];
            boolean isRight = decision.classId() == (isCritical ? events.classes[k] : ClassThresholds.FALSE_ALARM);
            right += isRight ? 1 : 0;
            rightCritical += isRight && isCritical ? 1 : 0;
        }
        assertTrue(offloads > 20 && offloads < 60);
        assertEquals(offloads, pooled.offloads());
        assertEquals(60, pooled.size());
        assertEquals(Rate.of(right, offloads), best.accuracy());
        assertEquals(cost / (double) offloads, best.meanMacs(), 1e-12);
        assertEquals(best.meanMacs() / 25, best.unitsPerEvent(), 1e-12);
        assertEquals(best.meanMacs(), pooled.meanCost(best.thresholds(), COSTS), 1e-12);
        ChainFigures figures = pooled.figures(NAMES, best.thresholds());
        assertEquals(Rate.of(rightCritical, criticals), figures.rightEndToEnd());
        assertEquals(best.accuracy(), figures.nodeAccuracy());
        assertEquals(60, NodeEvents.all(traces, critical()).offloads());
    }

    @Test
    void capsAndFloorsAreKept() {
        NodeSearch search = NodeSearch.of(NodeEvents.all(traces, critical()), COSTS);
        List<NodeSearch.Choice> frontier = search.frontier();
        assertTrue(frontier.size() > 3);
        for (NodeSearch.Choice corner : frontier) {
            assertEquals(corner, search.within(corner.meanMacs()));
            assertEquals(corner, search.reaching(corner.accuracy().value()));
        }
        assertEquals(frontier.get(0), search.reaching(0));
        assertEquals(search.best(), search.within(1e9));
        assertThrows(UserError.class, () -> search.within(9.99));
        assertThrows(UserError.class, () -> search.reaching(1));
        assertThrows(IllegalArgumentException.class, () -> search.reaching(-0.1));
    }

    @Test
    void mostProbableClassesAreCounted() {
        int[] right = new int[2];
        for (int q = 0; q < 2; q++) {
            for (int k = 0; k < 60; k++) {
                float[] p = events.probabilities[q][k];
                boolean first = true;
                for (int c = 0; c < 4; c++) {
                    first &= c < events.classes[k] ? p[c] < p[events.classes[k]] : p[c] <= p[events.classes[k]];
                }
                right[q] += first ? 1 : 0;
            }
        }
        assertArrayEquals(right, NodeEvents.all(traces, critical()).rightByExit());
    }

    @Test
    void tracesThatDoNotBelongTogetherAreRefused() {
        assertThrows(
                UserError.class,
                () -> NodeEvents.offloaded(traces, critical(), devices.subList(0, 1), NodeSearchTest::pair));
        assertThrows(UserError.class, () -> NodeEvents.offloaded(traces, critical(), devices, id -> Optional.empty()));
        DeviceTrace shifted = new DeviceTrace(
                "ue1",
                devices.get(0).events(),
                devices.get(0).labels(),
                devices.get(0).scores(),
                EventOrigins.of(devices.get(0).origins().classes(), new int[41]));
        assertThrows(
                UserError.class,
                () -> NodeEvents.offloaded(traces, critical(), List.of(shifted, devices.get(1)), NodeSearchTest::pair));
        NodeEvents none = NodeEvents.offloaded(
                traces, critical(), devices, id -> Optional.of(new Thresholds(0.5f, Thresholds.NEVER)));
        assertThrows(UserError.class, () -> NodeSearch.of(none, COSTS));
    }
}
