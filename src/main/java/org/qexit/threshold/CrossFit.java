package org.qexit.threshold;

import java.util.SplittableRandom;
import java.util.function.Function;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;

/**
 * What a way to choose thresholds is worth on events that it has not seen: the events are dealt to five folds, thresholds chosen on four of
 * them and counted on the fifth, for each in turn, and all of it repeated with other folds. Folds have as many critical events, and as
 * many events, as can be, give or take one. Caps are shares of the events, so that a rule chosen on four folds is granted four fifths.
 * What the thresholds chosen on all events promise in sample is too much; this is a little too little, as it is chosen on fewer.
 *
 * @param tpr mean true-positive rate of the repetitions, or null without critical events
 * @param fpr mean false-positive rate, or null without normal events
 * @param ofr mean offload rate
 * @param folds F
 * @param repeats how often; fewer than asked for where events are many
 */
public record CrossFit(Double tpr, Double fpr, double ofr, int folds, int repeats) {
    public static final int FOLDS = 5;
    /** Repetitions unless asked otherwise. */
    public static final int REPEATS = 4;
    /** Confidences in all repetitions together beyond which there are fewer: chance of the folds is then small. */
    private static final long ENOUGH = 400_000;

    /**
     * Cross-fits.
     *
     * @param choose thresholds of some of the events
     * @param streams give the folds, by the device's name
     * @param most repetitions
     * @return null if there are fewer events than folds, or no repetitions
     */
    public static CrossFit of(
            DeviceTrace trace, Function<DeviceTrace, ? extends Rule> choose, RandomStreams streams, int most) {
        Checks.within("repeats", most, 0, Integer.MAX_VALUE);
        if (trace.size() < FOLDS || most == 0) {
            return null;
        }
        long scores = (long) trace.size() * trace.exits();
        int repeats = (int) Math.max(1, Math.min(most, ENOUGH / scores));
        long found = 0;
        long alarms = 0;
        for (int r = 0; r < repeats; r++) {
            int[] fold = folds(trace, streams.stream("cross-fit/" + trace.device() + "/" + r));
            for (int f = 0; f < FOLDS; f++) {
                int out = f;
                Rule rule = choose.apply(trace.only(k -> fold[k] != out));
                Confusion counts = Confusion.of(trace.only(k -> fold[k] == out), rule);
                found += counts.truePositives();
                alarms += counts.falsePositives();
            }
        }
        int positives = trace.positives();
        return new CrossFit(
                rate(found, (long) repeats * positives),
                rate(alarms, (long) repeats * (trace.size() - positives)),
                rate(found + alarms, (long) repeats * trace.size()),
                FOLDS,
                repeats);
    }

    private static Double rate(long count, long of) {
        return of == 0 ? null : (Double) ((double) count / of);
    }

    /** The fold of each event: the shuffled critical events are dealt one by one, then the shuffled normal ones. */
    private static int[] folds(DeviceTrace trace, SplittableRandom random) {
        int[] order = new int[trace.size()];
        for (int k = 0; k < order.length; k++) {
            order[k] = k;
        }
        RandomStreams.shuffle(order, random);
        int[] fold = new int[order.length];
        int dealt = 0;
        for (int label = 1; label >= 0; label--) {
            for (int k : order) {
                if (trace.labels()[k] == label) {
                    fold[k] = dealt++ % FOLDS;
                }
            }
        }
        return fold;
    }

    /** What a device of so many events may offload of some of them: the same share, rounded down. */
    public static long share(long budget, int all, int some) {
        return all == 0 ? budget : Math.multiplyExact(Math.min(budget, all), some) / all;
    }
}
