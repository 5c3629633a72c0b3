package org.qexit.threshold.offload;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.qexit.threshold.Gaps;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/**
 * The best pair of thresholds in each {@linkplain OffloadMode mode}, judged by what device and edge node say together, exactly: most true
 * positives end to end within caps on offloads and on false positives end to end, then fewest offloads, then fewest false positives;
 * docs/maths.md §12.
 *
 * <p>For fixed u, an event that some exit brings to u is critical while l &lt; M, one that no exit does is undecided while l is below all its
 * confidences; beyond that either is normal. So offloads, true and false positives only fall as l rises: the smallest l within the caps is
 * best. As u falls, undecided events turn critical and normal ones do too. The smallest l within the false positives, and within the offloads
 * where critical events are offloaded, then only rises; within the offloads of undecided events alone it only falls: two pointers, one
 * sweep, twice. O(KL²) after sorting. Prepared once for all modes and caps; for one thread at a time.
 */
public final class OffloadSearch implements OffloadChoice {
    private final DeviceTrace trace;
    private final NodeAnswers answers;
    private final int exits;
    /** 0 and the distinct confidences above it, ascending: the places of l. */
    private final float[] values;
    /** {@code [exit][event]}: place of the confidence. */
    private final int[][] place;
    /** The exits that become the first to reach u as u falls, ascending by u: place of u, then event and exit. */
    private final long[] records;

    private OffloadSearch(DeviceTrace trace, NodeAnswers answers) {
        if (answers.critical().length != trace.size()) {
            throw new IllegalArgumentException(answers.critical().length + " answers for " + trace.size() + " events");
        }
        this.trace = trace;
        this.answers = answers;
        exits = trace.exits();
        int n = trace.size();
        float[] pooled = new float[Math.multiplyExact(n, exits) + 1];
        for (int q = 0; q < exits; q++) {
            for (int k = 0; k < n; k++) {
                pooled[q * n + k] = trace.scores()[q][k] + 0f;
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
        place = new int[exits][n];
        for (int q = 0; q < exits; q++) {
            for (int k = 0; k < n; k++) {
                place[q][k] = Arrays.binarySearch(values, trace.scores()[q][k] + 0f);
            }
        }
        records = records();
    }

    /** Prepares (sorts) a trace. */
    public static OffloadSearch of(DeviceTrace trace, NodeAnswers answers) {
        return new OffloadSearch(trace, answers);
    }

    private long[] records() {
        long[] found = new long[trace.size() * exits];
        int count = 0;
        for (int k = 0; k < trace.size(); k++) {
            int max = 0;
            for (int q = 0; q < exits; q++) {
                if (place[q][k] > max) {
                    max = place[q][k];
                    found[count++] = (long) max << 32 | k * exits + q;
                }
            }
        }
        long[] sorted = Arrays.copyOf(found, count);
        Arrays.sort(sorted);
        return sorted;
    }

    /**
     * The best pair.
     *
     * @param offloads most offloads
     * @param falsePositives most false positives end to end, in units of the node's answers
     */
    @Override
    public Found<Thresholds> within(OffloadMode mode, long offloads, long falsePositives) {
        if (offloads < 0 || falsePositives < 0) {
            throw new IllegalArgumentException("caps are " + offloads + " and " + falsePositives + "; expected >= 0");
        }
        Best most = new Sweep(mode, offloads, falsePositives).most();
        if (most.standing.truePositives == 0) {
            return new Found<>(0, 0, 0, new Thresholds(1, Thresholds.NEVER), 1);
        }
        return found(new Sweep(mode, offloads, falsePositives).fewest(most.standing.truePositives));
    }

    private Found<Thresholds> found(Best best) {
        boolean never = best.upper == values.length;
        float above = best.lower + 1 < values.length ? values[best.lower + 1] : 1;
        float l = Gaps.lowerIn(values[best.lower], above);
        float margin = Math.min(l - values[best.lower], above - l);
        float u = Thresholds.NEVER;
        if (!never) {
            u = Gaps.upperIn(values[best.upper - 1], values[best.upper]);
            margin = Math.min(margin, Math.min(u - values[best.upper - 1], values[best.upper] - u));
        }
        return new Found<>(
                best.standing.offloads,
                best.standing.truePositives,
                best.standing.falsePositives,
                new Thresholds(l, u),
                margin);
    }

    /** The sums over events that l has not made normal. */
    private static final class Standing {
        private int offloads;
        private long truePositives;
        private long falsePositives;

        void add(Standing other, int sign) {
            offloads += sign * other.offloads;
            truePositives += sign * other.truePositives;
            falsePositives += sign * other.falsePositives;
        }

        Standing copy() {
            Standing copy = new Standing();
            copy.add(this, 1);
            return copy;
        }
    }

    /**
     * A pair of places.
     *
     * @param upper confidences at or above this place are critical
     * @param lower those at or below this one are normal
     */
    private record Best(Standing standing, int upper, int lower) {}

    /** One way down with u. */
    private final class Sweep {
        private final OffloadMode mode;
        private final long mostOffloads;
        private final long mostFalsePositives;
        /** What becomes normal as l reaches a place, {@code [place]}; the last is never reached. */
        private final Standing[] at = new Standing[values.length + 1];
        /** The first exit that reaches u, or L, {@code [event]}. */
        private final int[] reached;

        private final Standing change = new Standing();
        private Best best;

        Sweep(OffloadMode mode, long mostOffloads, long mostFalsePositives) {
            this.mode = mode;
            this.mostOffloads = mostOffloads;
            this.mostFalsePositives = mostFalsePositives;
            Arrays.setAll(at, i -> new Standing());
            reached = new int[trace.size()];
            Arrays.fill(reached, exits);
            for (int k = 0; k < trace.size(); k++) {
                weigh(k, 1);
                at[end(k)].add(change, 1);
            }
        }

        /** Where l makes an event normal. */
        private int end(int k) {
            int end = values.length;
            for (int q = 0; q < reached[k]; q++) {
                end = Math.min(end, place[q][k]);
            }
            return end;
        }

        /** What an event counts while it is not normal, into {@code change}. */
        private void weigh(int k, int sign) {
            boolean critical = reached[k] < exits;
            boolean sent = critical ? mode.sendsCritical() : mode.sendsUndecided();
            long alarm = sent ? answers.critical()[k] : critical ? answers.scale() : 0;
            change.offloads = sent ? sign : 0;
            change.truePositives = trace.labels()[k] == 1 ? sign * alarm : 0;
            change.falsePositives = trace.labels()[k] == 1 ? 0 : sign * alarm;
        }

        private boolean within(Standing sums) {
            return sums.offloads <= mostOffloads && sums.falsePositives <= mostFalsePositives;
        }

        /** The most true positives. */
        Best most() {
            Pointer rising = new Pointer(0);
            Pointer falling = new Pointer(values.length - 1);
            best = new Best(new Standing(), values.length, values.length - 1);
            boolean offloadsFall = !mode.sendsCritical();
            walk(
                    upper -> {
                        while (rising.place < values.length - 1
                                && !(rising.sums.falsePositives <= mostFalsePositives
                                        && (offloadsFall || rising.sums.offloads <= mostOffloads))) {
                            rising.up();
                        }
                        while (offloadsFall
                                && falling.place > 0
                                && falling.sums.offloads + at[falling.place].offloads <= mostOffloads) {
                            falling.down();
                        }
                        Pointer pointer = offloadsFall && falling.place > rising.place ? falling : rising;
                        if (within(pointer.sums) && pointer.sums.truePositives > best.standing.truePositives) {
                            best = new Best(pointer.sums.copy(), upper, Math.min(pointer.place, upper - 1));
                        }
                    },
                    rising,
                    falling);
            return best;
        }

        /** The fewest offloads with so many true positives, then the fewest false positives. */
        Best fewest(long target) {
            Pointer rising = new Pointer(0);
            best = null;
            walk(
                    upper -> {
                        while (rising.place < upper - 1
                                && rising.sums.truePositives - at[rising.place + 1].truePositives >= target) {
                            rising.up();
                        }
                        if (rising.sums.truePositives >= target && within(rising.sums) && isBetter(rising.sums)) {
                            best = new Best(rising.sums.copy(), upper, Math.min(rising.place, upper - 1));
                        }
                    },
                    rising);
            return best;
        }

        private boolean isBetter(Standing sums) {
            return best == null
                    || sums.offloads < best.standing.offloads
                    || sums.offloads == best.standing.offloads && sums.falsePositives < best.standing.falsePositives;
        }

        private void walk(IntConsumer look, Pointer... pointers) {
            look.accept(values.length);
            for (int i = records.length - 1; i >= 0; ) {
                int upper = (int) (records[i] >>> 32);
                for (; i >= 0 && (int) (records[i] >>> 32) == upper; i--) {
                    int k = (int) records[i] / exits;
                    move(k, -1, pointers);
                    reached[k] = (int) records[i] % exits;
                    move(k, 1, pointers);
                }
                look.accept(upper);
            }
        }

        private void move(int k, int sign, Pointer... pointers) {
            weigh(k, sign);
            int end = end(k);
            at[end].add(change, 1);
            for (Pointer pointer : pointers) {
                if (end > pointer.place) {
                    pointer.sums.add(change, 1);
                }
            }
        }

        /** A place of l, and the sums over the events that it leaves standing. */
        private final class Pointer {
            private int place;
            private final Standing sums = new Standing();

            Pointer(int place) {
                this.place = place;
                for (int i = place + 1; i < at.length; i++) {
                    sums.add(at[i], 1);
                }
            }

            void up() {
                place++;
                sums.add(at[place], -1);
            }

            void down() {
                sums.add(at[place], 1);
                place--;
            }
        }
    }
}
