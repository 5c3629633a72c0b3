package org.qexit.allocation.problem;

import java.util.Arrays;

/**
 * Drops dominated labels: a dominates c if b_a ≤ b_c, w_a ≤ w_c, p_a ≥ p_c. Labels come in runs of falling profit, which are merged; then
 * a sweep with a Fenwick tree over w (over its ranks where loads are not whole) that holds the least b: O(n (log runs + log W)).
 */
final class LabelFront {
    /** Whole loads above this would make the tree larger than sorting ranks is slow. */
    private static final double MAX_WHOLE = 1 << 15;

    private final boolean wholeLoads;
    private int[] order = new int[0];
    private int[] spare = new int[0];
    private int count;
    private int[] runs = new int[64];
    private int runCount;
    private double[] ranks = new double[0];
    private double[] least = new double[0];
    private int size;

    /** @param wholeLoads whether all loads are whole numbers */
    LabelFront(boolean wholeLoads) {
        this.wholeLoads = wholeLoads;
    }

    /** How many survived the last {@link #filter}. */
    int size() {
        return size;
    }

    /** Begins with no labels; at most {@code most} follow. */
    void begin(int most) {
        if (order.length < most) {
            int larger = Math.max(most, 2 * order.length);
            order = new int[larger];
            spare = new int[larger];
        }
        count = 0;
        runCount = 0;
    }

    /** Adds labels {@code from} to {@code to} − 1, whose profits fall, without those whose limit does not exceed the floor. */
    void addRun(int from, int to, double[] limit, double floor, int keep) {
        int first = count;
        for (int i = from; i < to; i++) {
            if (limit[i] > floor || i == keep) {
                order[count++] = i;
            }
        }
        if (count > first) {
            if (runCount + 1 >= runs.length) {
                runs = Arrays.copyOf(runs, 2 * runs.length);
            }
            runs[runCount++] = first;
        }
    }

    /** @return indices of the survivors in the first {@link #size()} places; {@code keep} (or -1) survives in any case */
    int[] filter(double[] b, double[] w, double[] p, int keep) {
        size = 0;
        if (count == 0) {
            return spare;
        }
        merge(b, w, p);
        double most = 0;
        if (wholeLoads) {
            for (int i = 0; i < count; i++) {
                most = Math.max(most, w[order[i]]);
            }
        }
        boolean whole = wholeLoads && most <= MAX_WHOLE;
        int distinct = whole ? (int) most + 1 : rank(w);
        if (least.length <= distinct) {
            least = new double[Math.max(distinct + 1, 2 * least.length)];
        }
        Arrays.fill(least, 0, distinct + 1, Double.POSITIVE_INFINITY);
        for (int i = 0; i < count; i++) {
            int a = order[i];
            int rank = 1 + (whole ? (int) w[a] : Arrays.binarySearch(ranks, 0, distinct, w[a]));
            double own = b[a];
            boolean dominated = false;
            for (int r = rank; r > 0; r -= r & -r) {
                if (least[r] <= own) {
                    dominated = true;
                    break;
                }
            }
            if (!dominated) {
                for (int r = rank; r <= distinct; r += r & -r) {
                    if (own < least[r]) {
                        least[r] = own;
                    }
                }
                spare[size++] = a;
            } else if (a == keep) {
                spare[size++] = a;
            }
        }
        return spare;
    }

    /** Sorts the loads and drops doubles; returns how many are left. */
    private int rank(double[] w) {
        if (ranks.length < count) {
            ranks = new double[Math.max(count, 2 * ranks.length)];
        }
        for (int i = 0; i < count; i++) {
            ranks[i] = w[order[i]];
        }
        Arrays.sort(ranks, 0, count);
        int distinct = 0;
        for (int i = 0; i < count; i++) {
            if (distinct == 0 || ranks[i] != ranks[distinct - 1]) {
                ranks[distinct++] = ranks[i];
            }
        }
        return distinct;
    }

    /** Merges the runs two by two: profit down, then bandwidth up, then load up. */
    private void merge(double[] b, double[] w, double[] p) {
        int[] from = order;
        int[] to = spare;
        while (runCount > 1) {
            int left = 0;
            for (int r = 0; r < runCount; r += 2) {
                int start = runs[r];
                int middle = r + 1 < runCount ? runs[r + 1] : count;
                int end = r + 2 < runCount ? runs[r + 2] : count;
                merge(from, to, start, middle, end, b, w, p);
                runs[left++] = start;
            }
            runCount = left;
            int[] swapped = from;
            from = to;
            to = swapped;
        }
        order = from;
        spare = to;
    }

    private static void merge(
            int[] from, int[] to, int start, int middle, int end, double[] b, double[] w, double[] p) {
        int i = start;
        int k = middle;
        int out = start;
        while (i < middle && k < end) {
            to[out++] = before(from[k], from[i], b, w, p) ? from[k++] : from[i++];
        }
        System.arraycopy(from, i, to, out, middle - i);
        System.arraycopy(from, k, to, out + middle - i, end - k);
    }

    private static boolean before(int a, int c, double[] b, double[] w, double[] p) {
        if (p[a] != p[c]) {
            return p[a] > p[c];
        }
        if (b[a] != b[c]) {
            return b[a] < b[c];
        }
        return w[a] < w[c];
    }
}
