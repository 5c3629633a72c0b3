package org.qexit.data;

import java.util.Arrays;
import java.util.Comparator;

/** Whole numbers that follow given shares. */
public final class Apportion {
    private Apportion() {}

    /**
     * Hamilton's method of largest remainders: n_i = floor(q_i), then one more for the largest fractional parts until the
     * sum is {@code total}; ties go to the lower index. Nothing passes its cap.
     *
     * @param quotas wished shares, with sum(quotas) within 1 per entry of {@code total}
     * @param total sum of the result, at most sum(caps)
     * @param caps upper limits
     */
    static int[] largestRemainder(double[] quotas, int total, int[] caps) {
        int n = quotas.length;
        int[] counts = new int[n];
        int sum = 0;
        for (int i = 0; i < n; i++) {
            counts[i] = Math.min(caps[i], (int) Math.floor(quotas[i]));
            sum += counts[i];
        }
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble((Integer i) -> counts[i] - quotas[i]));
        while (sum != total) {
            int before = sum;
            for (int k = 0; k < n && sum < total; k++) {
                int i = order[k];
                if (counts[i] < caps[i]) {
                    counts[i]++;
                    sum++;
                }
            }
            if (sum == before) {
                throw new IllegalArgumentException(
                        "total " + total + " is out of reach for caps " + Arrays.toString(caps));
            }
        }
        return counts;
    }

    /** Shares of {@code total} by weight. */
    public static int[] byWeight(double[] weights, int total) {
        double sum = Arrays.stream(weights).sum();
        double[] quotas = Arrays.stream(weights).map(w -> total * w / sum).toArray();
        int[] caps = new int[weights.length];
        Arrays.setAll(caps, i -> weights[i] > 0 ? total : 0);
        return largestRemainder(quotas, total, caps);
    }
}
