package org.qexit.allocation.check;

import java.util.Arrays;
import java.util.List;
import org.qexit.allocation.Instance;
import org.qexit.trace.Rule;

/**
 * The corners of a device's frontier for {@link PlanCheck}, found anew from the raw scores in the plainest way that is still quick:
 * for every upper threshold u, from "never" down through all scores, the events that reach u are kept in the order of M(u), the
 * least score before they do; every prefix of that order is what some lower threshold admits (docs/maths.md §4). O(K² L) for K
 * events with L exits.
 *
 * @param offloads strictly increasing, {@code [corner]}
 * @param truePositives strictly increasing, {@code [corner]}, each at least 1
 * @param positives critical events of the trace
 */
record PlainFrontier(int[] offloads, int[] truePositives, int positives) {

    /**
     * Of all pairs, and of some rules beside them.
     *
     * @param rules those beyond the device's caps do not count
     * @throws IllegalArgumentException for a rule of another number of exits
     */
    static PlainFrontier of(Instance.Device device, List<? extends Rule> rules) {
        int[] labels = device.trace().labels();
        int positives = Arrays.stream(labels).sum();
        int cap = mostFalsePositives(device, labels.length - positives);
        PlainCost cost = PlainCost.of(device);
        int[] best = cost == null
                ? ofPairs(labels, device.trace().scores(), cap)
                : new PlainCostedFrontier(labels, device.trace().scores(), cost).best(cap);
        for (Rule rule : rules) {
            PlainCounts counts = PlainCounts.of(device, rule);
            int offloads = counts.truePositives() + counts.falsePositives();
            if (counts.falsePositives() <= cap && (cost == null || cost.allows(counts.stopped()))) {
                best[offloads] = Math.max(best[offloads], counts.truePositives());
            }
        }
        return corners(best, positives);
    }

    /** @param mostFalsePositives a cap on false positives, or {@link Integer#MAX_VALUE} */
    static PlainFrontier of(int[] labels, float[][] scores, int mostFalsePositives) {
        return corners(
                ofPairs(labels, scores, mostFalsePositives),
                Arrays.stream(labels).sum());
    }

    private static int mostFalsePositives(Instance.Device device, int normal) {
        return device.maxFalsePositiveRate() == null
                ? Integer.MAX_VALUE
                : (int) Math.floor(device.maxFalsePositiveRate() * normal + 1e-9);
    }

    /** Most true positives of a pair for each number of offloads. */
    private static int[] ofPairs(int[] labels, float[][] scores, int mostFalsePositives) {
        int events = labels.length;
        int exits = scores[0].length;
        long[] visits = new long[events * exits];
        for (int k = 0; k < events; k++) {
            for (int q = 0; q < exits; q++) {
                // Scores are not negative, −0 aside: the order of their bits is theirs.
                visits[k * exits + q] = (long) Float.floatToIntBits(scores[k][q] + 0f) << 32 | k;
            }
        }
        Arrays.sort(visits);
        // Most true positives for each number of offloads.
        int[] best = new int[events + 1];
        long[] order = new long[events];
        long[] keyOf = new long[events];
        Arrays.fill(keyOf, -1);
        int size = 0;
        for (int v = visits.length - 1; v >= 0; ) {
            long bits = visits[v] >>> 32;
            if (bits == 0) {
                // u = 0 leaves l = 0, which calls a score of 0 normal: the same as the next larger u with l = 0.
                break;
            }
            float upper = Float.intBitsToFloat((int) bits);
            for (; v >= 0 && visits[v] >>> 32 == bits; v--) {
                int k = (int) (visits[v] & 0xFFFFFFFFL);
                long key = key(k, scores[k], upper);
                if (key != keyOf[k]) {
                    if (keyOf[k] >= 0) {
                        size = remove(order, size, keyOf[k]);
                    }
                    size = insert(order, size, key);
                    keyOf[k] = key;
                }
            }
            scan(order, size, labels, mostFalsePositives, best);
        }
        return best;
    }

    /** M(u) = the least score before the first that is at least u, +∞ if that is the first; then the event. */
    private static long key(int event, float[] scores, float upper) {
        float least = Float.POSITIVE_INFINITY;
        for (float score : scores) {
            if (score >= upper) {
                break;
            }
            least = Math.min(least, score + 0f);
        }
        return (long) Float.floatToIntBits(least) << 32 | event;
    }

    /** Increasing, so that prefixes of the order are suffixes of the array. */
    private static int insert(long[] order, int size, long key) {
        int at = -1 - Arrays.binarySearch(order, 0, size, key);
        System.arraycopy(order, at, order, at + 1, size - at);
        order[at] = key;
        return size + 1;
    }

    private static int remove(long[] order, int size, long key) {
        int at = Arrays.binarySearch(order, 0, size, key);
        System.arraycopy(order, at + 1, order, at, size - at - 1);
        return size - 1;
    }

    private static void scan(long[] order, int size, int[] labels, int mostFalsePositives, int[] best) {
        int hits = 0;
        int taken = 0;
        for (int i = size - 1; i >= 0; i--) {
            // A score of 0 is never above the lower threshold.
            if (order[i] >>> 32 == 0) {
                return;
            }
            hits += labels[(int) (order[i] & 0xFFFFFFFFL)];
            taken++;
            if (taken - hits > mostFalsePositives) {
                return;
            }
            if (i == 0 || order[i - 1] >>> 32 != order[i] >>> 32) {
                best[taken] = Math.max(best[taken], hits);
            }
        }
    }

    private static PlainFrontier corners(int[] best, int positives) {
        int[] offloads = new int[best.length];
        int[] hits = new int[best.length];
        int count = 0;
        int most = 0;
        for (int w = 0; w < best.length; w++) {
            if (best[w] > most) {
                most = best[w];
                offloads[count] = w;
                hits[count++] = most;
            }
        }
        return new PlainFrontier(Arrays.copyOf(offloads, count), Arrays.copyOf(hits, count), positives);
    }
}
