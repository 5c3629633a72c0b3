package org.qexit.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;

/**
 * What is critical: turns the classes of a data set into critical and normal events, the critical ones as rare as wished.
 *
 * @param critical class ids of critical events
 * @param normal class ids of normal events; null means all others; a class in neither list is left out
 * @param criticalFraction wished share of critical events, in (0, 1); null means {@link #DEFAULT_FRACTION}
 * @param keepAll true keeps every image, and so the data's own share of critical events; excludes a fraction
 */
public record Task(List<Integer> critical, List<Integer> normal, Double criticalFraction, Boolean keepAll) {
    /** A tenth: rare, as critical events are, and still enough of them in small splits. */
    public static final double DEFAULT_FRACTION = 0.10;

    /** Pullover, coat and shirt of Fashion-MNIST against the rest: alike enough to be hard. */
    public static final Task DEFAULT = of(List.of(2, 4, 6), DEFAULT_FRACTION);

    public Task {
        critical = distinct("critical", critical);
        normal = normal == null ? null : distinct("normal", normal);
        keepAll = Boolean.TRUE.equals(keepAll);
        if (normal != null) {
            for (int id : normal) {
                if (critical.contains(id)) {
                    throw new IllegalArgumentException("class " + id + " is both critical and normal");
                }
            }
        }
        if (keepAll && criticalFraction != null) {
            throw new IllegalArgumentException(
                    "criticalFraction is " + criticalFraction + " beside keepAll; expected one of the two");
        }
        if (!keepAll) {
            criticalFraction = criticalFraction == null ? DEFAULT_FRACTION : criticalFraction;
            if (!(criticalFraction > 0 && criticalFraction < 1)) {
                throw new IllegalArgumentException(
                        "criticalFraction is " + criticalFraction + "; expected more than 0 and less than 1");
            }
        }
    }

    /** All other classes are normal; critical events are {@code fraction} of all. */
    public static Task of(List<Integer> critical, double fraction) {
        return new Task(critical, null, fraction, null);
    }

    /** All other classes are normal; every image is kept. */
    public static Task keepingAll(List<Integer> critical) {
        return new Task(critical, null, null, true);
    }

    private static List<Integer> distinct(String name, List<Integer> ids) {
        if (ids == null || ids.isEmpty()) {
            throw new IllegalArgumentException(name + " is empty; expected at least one class id");
        }
        List<Integer> sorted = List.copyOf(new TreeSet<>(ids));
        if (sorted.size() != ids.size() || sorted.get(0) < 0) {
            throw new IllegalArgumentException(name + " is " + ids + "; expected different class ids >= 0");
        }
        return sorted;
    }

    /** The normal classes that {@code data} has: those listed, or all that are not critical. */
    public List<Integer> normalClasses(Dataset data) {
        checkAgainst(data);
        if (normal != null) {
            return normal;
        }
        int[] counts = data.classCounts();
        return IntStream.range(0, counts.length)
                .filter(c -> counts[c] > 0 && !critical.contains(c))
                .boxed()
                .toList();
    }

    /**
     * Labels the samples and thins out the more plentiful side at random until critical events make up
     * {@link #criticalFraction} of what is left, up to rounding; within the thinned side every sample is equally likely to
     * stay. Samples keep their order.
     *
     * @param purpose names the random stream
     */
    public LabelledSet apply(Dataset data, RandomStreams random, String purpose) {
        int[] normals = samplesOf(data, normalClasses(data));
        int[] criticals = samplesOf(data, critical);
        if (criticals.length == 0 || normals.length == 0) {
            throw new UserError("data set " + data.name() + ": " + criticals.length + " critical and " + normals.length
                    + " normal samples; expected some of both");
        }
        if (!keepAll) {
            SplittableRandom stream = random.stream(purpose);
            // c / (c + n) = fraction, keeping all of one side.
            double odds = criticalFraction / (1 - criticalFraction);
            long wanted = Math.round(normals.length * odds);
            if (wanted <= criticals.length) {
                criticals = thin(criticals, (int) Math.max(1, wanted), stream);
            } else {
                normals = thin(normals, (int) Math.max(1, Math.round(criticals.length / odds)), stream);
            }
        }
        int[] indices = IntStream.concat(Arrays.stream(criticals), Arrays.stream(normals))
                .sorted()
                .toArray();
        return LabelledSet.of(data, this, indices);
    }

    /** 1 for a critical class, else 0. */
    public byte labelOf(int classId) {
        return (byte) (critical.contains(classId) ? 1 : 0);
    }

    private void checkAgainst(Dataset data) {
        int[] counts = data.classCounts();
        List<Integer> asked = new ArrayList<>(critical);
        if (normal != null) {
            asked.addAll(normal);
        }
        for (int id : asked) {
            if (id >= counts.length || counts[id] == 0) {
                List<String> present = IntStream.range(0, counts.length)
                        .filter(c -> counts[c] > 0)
                        .mapToObj(c -> c + " (" + data.classNames().get(c) + ")")
                        .toList();
                throw new UserError("data set " + data.name() + ": no class " + id + "; expected some of: "
                        + String.join(", ", present));
            }
        }
    }

    private static int[] samplesOf(Dataset data, List<Integer> ids) {
        int[][] byClass = data.samplesByClass();
        return ids.stream()
                .flatMapToInt(id -> Arrays.stream(byClass[id]))
                .sorted()
                .toArray();
    }

    private static int[] thin(int[] samples, int keep, SplittableRandom stream) {
        int[] shuffled = samples.clone();
        RandomStreams.shuffle(shuffled, stream);
        return Arrays.copyOf(shuffled, Math.min(keep, shuffled.length));
    }
}
