package org.qexit.threshold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/**
 * Whether the exit that an event takes decides as the last exit alone would, by the same two thresholds: what early exits change, told
 * without labels (prediction consistency, Jazbec et al. 2024, arXiv 2405.20915).
 */
final class Consistency {
    /** Places that each threshold of a path tries, evenly spaced in the observed confidences. */
    private static final int GRID = 300;
    /** Beyond s = 1 hardly a pair is certified. */
    private static final double LOOSEST = 1.5;

    private Consistency() {}

    /** Events that the exit taken decides otherwise than the last exit alone would. */
    static int differing(DeviceTrace trace, Thresholds pair) {
        float[][] last = {trace.scores()[trace.exits() - 1]};
        int differing = 0;
        for (int k = 0; k < trace.size(); k++) {
            boolean taken = pair.decide(trace.scores(), k).critical();
            differing += taken == pair.decide(last, k).critical() ? 0 : 1;
        }
        return differing;
    }

    /**
     * A path from "never" to loose pairs: as s goes from 0 to {@value #LOOSEST}, the pairs of a grid with most true positives within s times
     * both of the given caps, then fewest offloads.
     *
     * @param offloads of the path's events at s = 1
     * @param differing events at s = 1
     */
    static List<Frontier.Step> path(DeviceTrace trace, double offloads, double differing) {
        float[] values = values(trace);
        List<Cell> cells = cells(trace, values, LOOSEST * offloads, LOOSEST * differing);
        cells.sort(Comparator.comparingDouble((Cell cell) -> cell.level(offloads, differing))
                .thenComparing(Comparator.comparingInt(Cell::critical).reversed())
                .thenComparingInt(Cell::offloads));
        List<Frontier.Step> steps = new ArrayList<>();
        steps.add(Frontier.never());
        for (Cell cell : cells) {
            if (cell.critical > steps.get(steps.size() - 1).truePositives()) {
                steps.add(step(values, cell));
            }
        }
        return steps;
    }

    /** A pair of places and what its pairs of thresholds do. */
    private record Cell(int l, int u, int offloads, int critical, int differing) {
        /** The least s at which it is within the caps. */
        double level(double mostOffloads, double mostDiffering) {
            return Math.max(level(offloads, mostOffloads), level(differing, mostDiffering));
        }

        private static double level(int count, double most) {
            return count == 0 ? 0 : count / most;
        }
    }

    private static List<Cell> cells(DeviceTrace trace, float[] values, double offloads, double differing) {
        List<Cell> cells = new ArrayList<>();
        for (int u : places(1, values.length - 1)) {
            Row row = new Row(trace, values, u);
            for (int l : places(0, u - 1)) {
                Cell cell = row.cell(l);
                if (cell.critical > 0 && cell.offloads <= offloads && cell.differing <= differing) {
                    cells.add(cell);
                }
            }
        }
        return cells;
    }

    /** 0 and the distinct confidences, ascending. */
    private static float[] values(DeviceTrace trace) {
        float[] pooled = new float[trace.size() * trace.exits() + 1];
        for (int q = 0; q < trace.exits(); q++) {
            System.arraycopy(trace.scores()[q], 0, pooled, q * trace.size(), trace.size());
        }
        Arrays.sort(pooled);
        int count = 1;
        for (float value : pooled) {
            if (value != pooled[count - 1]) {
                pooled[count++] = value + 0f;
            }
        }
        return Arrays.copyOf(pooled, count);
    }

    /** At most {@link #GRID} places, both ends among them. */
    private static int[] places(int from, int to) {
        int count = Math.min(GRID, to - from + 1);
        int[] places = new int[Math.max(0, count)];
        for (int i = 0; i < count; i++) {
            places[i] = count == 1 ? to : from + (int) ((long) (to - from) * i / (count - 1));
        }
        return places;
    }

    private static Frontier.Step step(float[] values, Cell cell) {
        float[] at = {values[cell.l], values[cell.l + 1], values[cell.u - 1], values[cell.u]};
        float lower = Gaps.lowerIn(at[0], at[1]);
        float upper = Gaps.upperIn(at[2], at[3]);
        float margin = Math.min(Math.min(lower - at[0], at[1] - lower), Math.min(upper - at[2], at[3] - upper));
        return new Frontier.Step(
                cell.offloads, cell.critical, cell.offloads - cell.critical, new Thresholds(lower, upper), margin);
    }

    /** Counts for one place of u and every place of l: an event is critical where l is below its M, docs/maths.md §4. */
    private static final class Row {
        private static final int WIDTH = 3;
        /** Offloads, critical ones, and differing events less those that differ where l is high; summed from the right, {@code [place][3]}. */
        private final int[] sums;

        private int differing;

        private final int u;

        Row(DeviceTrace trace, float[] values, int u) {
            this.u = u;
            sums = new int[WIDTH * (values.length + 1)];
            for (int k = 0; k < trace.size(); k++) {
                add(trace, k, values, u);
            }
            for (int i = sums.length - WIDTH - 1; i >= 0; i--) {
                sums[i] += sums[i + WIDTH];
            }
        }

        private void add(DeviceTrace trace, int k, float[] values, int u) {
            int last = trace.exits() - 1;
            boolean lastCritical = trace.scores()[last][k] >= values[u];
            float min = Float.POSITIVE_INFINITY;
            for (int q = 0; q <= last; q++) {
                float c = trace.scores()[q][k];
                if (c >= values[u]) {
                    int m = min == Float.POSITIVE_INFINITY ? values.length : Arrays.binarySearch(values, min + 0f);
                    sums[WIDTH * m]++;
                    sums[WIDTH * m + 1] += trace.labels()[k];
                    // Critical below M and normal above it.
                    sums[WIDTH * m + 2] += lastCritical ? -1 : 1;
                    differing += lastCritical ? 1 : 0;
                    return;
                }
                min = Math.min(min, c);
            }
        }

        Cell cell(int l) {
            int at = WIDTH * (l + 1);
            return new Cell(l, u, sums[at], sums[at + 1], differing + sums[at + 2]);
        }
    }
}
