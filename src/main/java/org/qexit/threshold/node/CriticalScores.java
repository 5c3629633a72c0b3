package org.qexit.threshold.node;

import java.util.Arrays;
import org.qexit.trace.ClassThresholds;

/**
 * What the rule of {@link ClassThresholds} sees of events: numbers of exits and events only, however many classes there are.
 * The arrays are not copied; do not change them.
 *
 * @param sums s, {@code [exit][event]}
 * @param tops m, {@code [exit][event]}
 * @param classes c*, {@code [exit][event]}
 * @param truth the right answer, {@code [event]}: a critical class, or {@link ClassThresholds#FALSE_ALARM}
 */
record CriticalScores(float[][] sums, float[][] tops, int[][] classes, int[] truth) {
    CriticalScores {
        if (sums.length == 0 || tops.length != sums.length || classes.length != sums.length) {
            throw new IllegalArgumentException(
                    sums.length + ", " + tops.length + " and " + classes.length + " exits; expected as many");
        }
        for (int q = 0; q < sums.length; q++) {
            if (sums[q].length != truth.length || tops[q].length != truth.length || classes[q].length != truth.length) {
                throw new IllegalArgumentException(
                        "exit " + (q + 1) + " has " + sums[q].length + " sums, " + tops[q].length + " tops and "
                                + classes[q].length + " classes for " + truth.length + " events");
            }
        }
    }

    /**
     * @param probabilities {@code [exit][event][class]}
     * @param classes true class ids, {@code [event]}
     * @param critical ids of the critical classes, ascending
     */
    static CriticalScores of(float[][][] probabilities, int[] classes, int[] critical) {
        int exits = probabilities.length;
        int events = classes.length;
        float[][] sums = new float[exits][events];
        float[][] tops = new float[exits][events];
        int[][] best = new int[exits][events];
        for (int q = 0; q < exits; q++) {
            for (int k = 0; k < events; k++) {
                float[] p = probabilities[q][k];
                sums[q][k] = ClassThresholds.sum(p, critical);
                best[q][k] = ClassThresholds.best(p, critical);
                tops[q][k] = p[best[q][k]];
            }
        }
        int[] truth = new int[events];
        for (int k = 0; k < events; k++) {
            truth[k] = Arrays.binarySearch(critical, classes[k]) >= 0 ? classes[k] : ClassThresholds.FALSE_ALARM;
        }
        return new CriticalScores(sums, tops, best, truth);
    }

    int exits() {
        return sums.length;
    }

    int events() {
        return truth.length;
    }

    /** All sums, and 0, ascending, each once. */
    float[] distinctSums() {
        float[] all = new float[exits() * events() + 1];
        for (int q = 0; q < exits(); q++) {
            System.arraycopy(sums[q], 0, all, 1 + q * events(), events());
        }
        return distinct(all);
    }

    /** All probabilities of most probable critical classes, ascending, each once. */
    float[] distinctTops() {
        float[] all = new float[exits() * events()];
        for (int q = 0; q < exits(); q++) {
            System.arraycopy(tops[q], 0, all, q * events(), events());
        }
        return distinct(all);
    }

    private static float[] distinct(float[] values) {
        Arrays.sort(values);
        int count = 0;
        for (float value : values) {
            // Adding 0 turns -0 into 0.
            if (count == 0 || values[count - 1] != value) {
                values[count++] = value + 0f;
            }
        }
        return Arrays.copyOf(values, count);
    }
}
