package org.qexit.experiment.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.qexit.threshold.BudgetSearch;
import org.qexit.threshold.Frontier;
import org.qexit.threshold.Gaps;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/**
 * Ways to choose among the pairs of thresholds that are equally good on a device's events: as many true positives within a budget of
 * offloads, and as few offloads. They stand in cells, one for each pair of gaps between neighbouring confidences, and all cells of a device
 * are looked through: for studies of small devices.
 */
final class TieRules {
    private static final int RESAMPLES = 25;
    /** Cells that the bootstrap votes on at most, evenly spaced. */
    private static final int MOST_CELLS = 400;

    private final DeviceTrace trace;
    private final Frontier.Step chosen;
    /** 0 and the distinct confidences, ascending. */
    private final float[] values;
    /** {@code [cell][l, u]}: l stands in the gap above the first place, u in the gap under the second. */
    private final List<int[]> cells = new ArrayList<>();

    private TieRules(DeviceTrace trace, long budget) {
        this.trace = trace;
        chosen = BudgetSearch.of(trace).within(budget);
        float[] pooled = new float[trace.size() * trace.exits() + 1];
        int at = 1;
        for (float[] exit : trace.scores()) {
            for (float c : exit) {
                pooled[at++] = c;
            }
        }
        Arrays.sort(pooled);
        int count = 1;
        for (float value : pooled) {
            if (value != pooled[count - 1]) {
                pooled[count++] = value;
            }
        }
        values = Arrays.copyOf(pooled, count);
        collect();
    }

    /** Of a device, at a budget that finds at least one critical event. */
    static TieRules of(DeviceTrace trace, long budget) {
        return new TieRules(trace, budget);
    }

    /** True positives in sample. */
    int truePositives() {
        return chosen.truePositives();
    }

    int cells() {
        return cells.size();
    }

    private void collect() {
        int n = trace.size();
        int[][] place = new int[trace.exits()][n];
        for (int q = 0; q < place.length; q++) {
            for (int k = 0; k < n; k++) {
                place[q][k] = Arrays.binarySearch(values, trace.scores()[q][k]);
            }
        }
        int[] all = new int[values.length + 1];
        int[] critical = new int[values.length + 1];
        for (int u = values.length - 1; u >= 1; u--) {
            Arrays.fill(all, 0);
            Arrays.fill(critical, 0);
            for (int k = 0; k < n; k++) {
                int least = values.length;
                for (int[] exit : place) {
                    if (exit[k] >= u) {
                        all[least]++;
                        critical[least] += trace.labels()[k];
                        break;
                    }
                    least = Math.min(least, exit[k]);
                }
            }
            int offloads = all[values.length];
            int found = critical[values.length];
            for (int l = values.length - 1; l >= 0; l--) {
                if (l < u && offloads == chosen.offloads() && found == chosen.truePositives()) {
                    cells.add(new int[] {l, u});
                }
                offloads += all[l];
                found += critical[l];
            }
        }
    }

    private float lowEdge(int place) {
        return values[place];
    }

    private float highEdge(int place) {
        return place + 1 < values.length ? values[place + 1] : 1;
    }

    private Thresholds middle(int[] cell) {
        return new Thresholds(
                Gaps.lowerIn(values[cell[0]], values[cell[0] + 1]), Gaps.upperIn(values[cell[1] - 1], values[cell[1]]));
    }

    private float margin(int[] cell) {
        return Math.min(highEdge(cell[0]) - lowEdge(cell[0]), values[cell[1]] - values[cell[1] - 1]) / 2;
    }

    /** The middle of the cell that the search meets first. */
    Thresholds today() {
        return chosen.thresholds();
    }

    /** The cell whose narrower gap is widest. */
    Thresholds widest() {
        int[] best = cells.get(0);
        for (int[] cell : cells) {
            best = margin(cell) > margin(best) ? cell : best;
        }
        return middle(best);
    }

    /** The cell nearest the centre of gravity of all, in confidences (weighted by area) or in ranks. */
    Thresholds centre(boolean ranks) {
        return middle(centre(cells, ranks));
    }

    private int[] centre(List<int[]> some, boolean ranks) {
        double weight = 0;
        double[] sum = new double[2];
        for (int[] cell : some) {
            double area = ranks ? 1 : Math.max(1e-12, width(cell, 0) * width(cell, 1));
            weight += area;
            sum[0] += area * at(cell, 0, ranks);
            sum[1] += area * at(cell, 1, ranks);
        }
        int[] best = null;
        double nearest = Double.POSITIVE_INFINITY;
        for (int[] cell : some) {
            double distance = Math.hypot(at(cell, 0, ranks) - sum[0] / weight, at(cell, 1, ranks) - sum[1] / weight);
            if (distance < nearest) {
                nearest = distance;
                best = cell;
            }
        }
        return best;
    }

    private double width(int[] cell, int side) {
        return side == 0 ? highEdge(cell[0]) - lowEdge(cell[0]) : values[cell[1]] - values[cell[1] - 1];
    }

    private double at(int[] cell, int side, boolean ranks) {
        if (ranks) {
            return cell[side];
        }
        return side == 0 ? (lowEdge(cell[0]) + highEdge(cell[0])) / 2.0 : (values[cell[1] - 1] + values[cell[1]]) / 2.0;
    }

    /** The cell with the lowest u, and there the lowest l. */
    Thresholds lowest() {
        return middle(cells.get(cells.size() - 1));
    }

    /** The cell that is most often among the best of all on resampled events; the one nearest the centre of equals. */
    Thresholds majority(long budget, SplittableRandom random) {
        List<int[]> some = new ArrayList<>();
        for (int i = 0; i < Math.min(MOST_CELLS, cells.size()); i++) {
            some.add(cells.get((int) ((long) i * cells.size() / Math.min(MOST_CELLS, cells.size()))));
        }
        List<Thresholds> pairs = some.stream().map(this::middle).toList();
        int n = trace.size();
        boolean[][] offloaded = new boolean[pairs.size()][n];
        for (int i = 0; i < offloaded.length; i++) {
            for (int k = 0; k < n; k++) {
                offloaded[i][k] = pairs.get(i).decide(trace.scores(), k).critical();
            }
        }
        int[] votes = new int[pairs.size()];
        int[] found = new int[pairs.size()];
        for (int b = 0; b < RESAMPLES; b++) {
            int[] weight = new int[n];
            for (int i = 0; i < n; i++) {
                weight[random.nextInt(n)]++;
            }
            int most = Integer.MIN_VALUE;
            for (int i = 0; i < found.length; i++) {
                int all = 0;
                int critical = 0;
                for (int k = 0; k < n; k++) {
                    if (offloaded[i][k]) {
                        all += weight[k];
                        critical += weight[k] * trace.labels()[k];
                    }
                }
                // What is over the budget finds nothing; of equals the fewest offloads.
                found[i] = all > budget ? -all : critical * n - all;
                most = Math.max(most, found[i]);
            }
            for (int i = 0; i < found.length; i++) {
                votes[i] += found[i] == most ? 1 : 0;
            }
        }
        int best = Arrays.stream(votes).max().orElse(0);
        List<int[]> winners = new ArrayList<>();
        for (int i = 0; i < votes.length; i++) {
            if (votes[i] == best) {
                winners.add(some.get(i));
            }
        }
        return middle(centre(winners, true));
    }
}
