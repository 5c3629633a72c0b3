package org.qexit.data.catalog;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.Split;
import org.qexit.data.formats.PlainNumber;

/**
 * Which samples of a data set without parts are its test part: the same share of every class, at random, or whole groups. It depends on
 * classes and groups alone and on no seed of a run, so that all runs are tested on the same samples.
 *
 * @param test whether a sample is of the test part, {@code [sample]}
 */
public record Division(boolean[] test) {
    private static final RandomStreams RANDOM = RandomStreams.of(0);

    /** Orders of groups that are tried; of a few groups the best of so many is as good as any. */
    private static final int TRIES = 64;

    /**
     * @param fraction wished share of the test part, in (0, 1)
     * @throws UserError if there are groups, but not two
     */
    public static Division of(Dataset data, double fraction) {
        return of(data.name(), data.samplesByClass(), data.groups(), fraction);
    }

    /**
     * The same of samples that are not read yet.
     *
     * @param name of the data set, for messages
     * @param byClass samples of each class, {@code [class][i]}
     * @param groups of each sample, or null
     */
    public static Division of(String name, int[][] byClass, List<String> groups, double fraction) {
        int size = Arrays.stream(byClass).mapToInt(s -> s.length).sum();
        boolean[] test = new boolean[size];
        if (groups != null) {
            divideGroups(name, byClass, groups, fraction, test);
            return new Division(test);
        }
        for (int c = 0; c < byClass.length; c++) {
            int[] samples = byClass[c].clone();
            RandomStreams.shuffle(samples, RANDOM.stream("division/class" + c));
            int wanted = (int) Math.round(fraction * samples.length);
            int count = Math.min(samples.length - 1, Math.max(1, wanted));
            for (int i = 0; i < count; i++) {
                test[samples[i]] = true;
            }
        }
        return new Division(test);
    }

    /** The samples of a part, ascending. */
    public int[] samples(Split split) {
        return IntStream.range(0, test.length)
                .filter(i -> test[i] == (split == Split.TEST))
                .toArray();
    }

    private static void divideGroups(
            String name, int[][] byClass, List<String> groups, double fraction, boolean[] test) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        int[] group = groups.stream()
                .mapToInt(g -> numbers.computeIfAbsent(PlainNumber.key(g), k -> numbers.size()))
                .toArray();
        int count = numbers.size();
        if (count < 2) {
            throw new UserError("data set " + name + ": all samples are of one group, '"
                    + UserError.shown(groups.isEmpty() ? "" : groups.get(0))
                    + "'; expected two or more, as a group is in one part. Maybe leave out groups");
        }
        long[][] sizes = new long[count][byClass.length];
        for (int c = 0; c < byClass.length; c++) {
            for (int sample : byClass[c]) {
                sizes[group[sample]][c]++;
            }
        }
        boolean[] best = null;
        double least = Double.POSITIVE_INFINITY;
        for (int t = 0; t < TRIES; t++) {
            int[] order = IntStream.range(0, count).toArray();
            RandomStreams.shuffle(order, RANDOM.stream("division/groups" + t));
            boolean[] chosen = prefix(order, sizes, fraction, test.length);
            double cost = unevenness(chosen, sizes, fraction);
            if (cost < least) {
                least = cost;
                best = chosen;
            }
        }
        for (int i = 0; i < test.length; i++) {
            test[i] = best[group[i]];
        }
    }

    /** The first groups of an order, until they hold the wished share of samples; not all of them. */
    private static boolean[] prefix(int[] order, long[][] sizes, double fraction, int samples) {
        boolean[] chosen = new boolean[order.length];
        double left = fraction * samples;
        for (int i = 0; i < order.length - 1 && left > 0; i++) {
            chosen[order[i]] = true;
            left -= Arrays.stream(sizes[order[i]]).sum();
        }
        return chosen;
    }

    /** Sum over the classes of how far their share in the test part is from the wished one; each class counts alike. */
    private static double unevenness(boolean[] chosen, long[][] sizes, double fraction) {
        double sum = 0;
        for (int c = 0; c < sizes[0].length; c++) {
            long all = 0;
            long test = 0;
            for (int g = 0; g < sizes.length; g++) {
                all += sizes[g][c];
                test += chosen[g] ? sizes[g][c] : 0;
            }
            sum += all == 0 ? 0 : Math.abs((double) test / all - fraction);
        }
        return sum;
    }
}
