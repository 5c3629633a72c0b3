package org.qexit.allocation.check;

import java.util.Arrays;

/**
 * The most true positives of any pair for each number of offloads under a cap on the local cost, in the plainest way: for every upper
 * threshold all events are walked again, and every lower one is tried. O((KL)²) for K events with L exits.
 */
final class PlainCostedFrontier {
    private final int[] labels;
    private final float[][] scores;
    private final PlainCost cost;
    /** Distinct scores, ascending. */
    private final float[] values;
    /** {@code [event][exit]}: which of them. */
    private final int[][] rank;

    PlainCostedFrontier(int[] labels, float[][] scores, PlainCost cost) {
        this.labels = labels;
        this.scores = scores;
        this.cost = cost;
        int exits = scores[0].length;
        float[] all = new float[labels.length * exits];
        for (int k = 0; k < labels.length; k++) {
            for (int q = 0; q < exits; q++) {
                all[k * exits + q] = scores[k][q] + 0f;
            }
        }
        Arrays.sort(all);
        int count = 0;
        for (float value : all) {
            if (count == 0 || all[count - 1] != value) {
                all[count++] = value;
            }
        }
        values = Arrays.copyOf(all, count);
        rank = new int[labels.length][exits];
        for (int k = 0; k < labels.length; k++) {
            for (int q = 0; q < exits; q++) {
                rank[k][q] = Arrays.binarySearch(values, scores[k][q] + 0f);
            }
        }
    }

    /** {@code [offloads]}, 0 where no pair has just so many. */
    int[] best(int mostFalsePositives) {
        int[] best = new int[labels.length + 1];
        for (int u = values.length - 1; u >= 0 && values[u] > 0; u--) {
            at(u, mostFalsePositives, best);
        }
        return best;
    }

    private void at(int u, int mostFalsePositives, int[] best) {
        // What changes when l rises to each score: an event is offloaded no more, or stops earlier.
        int[] all = new int[values.length + 1];
        int[] hits = new int[values.length + 1];
        long[] spared = new long[values.length + 1];
        long sum = 0;
        int offloads = 0;
        int truePositives = 0;
        for (int k = 0; k < labels.length; k++) {
            int end = 0;
            while (end < rank[k].length && rank[k][end] < u) {
                end++;
            }
            boolean reached = end < rank[k].length;
            long[] units = cost.units();
            long paid = units[Math.min(end, units.length - 1)];
            sum += paid;
            int least = values.length;
            int stop = -1;
            for (int t = 0; t < end; t++) {
                if (rank[k][t] < least) {
                    if (stop >= 0) {
                        spared[least] += units[t] - units[stop];
                    }
                    least = rank[k][t];
                    stop = t;
                }
            }
            if (stop >= 0) {
                spared[least] += paid - units[stop];
            }
            if (reached) {
                offloads++;
                truePositives += labels[k];
                all[least]++;
                hits[least] += labels[k];
            }
        }
        // No pair has l below a score of 0.
        for (int l = values[0] == 0 ? 0 : -1; l < u; l++) {
            if (l >= 0) {
                offloads -= all[l];
                truePositives -= hits[l];
                sum -= spared[l];
            }
            if (sum <= cost.most() && offloads - truePositives <= mostFalsePositives) {
                best[offloads] = Math.max(best[offloads], truePositives);
            }
        }
    }
}
