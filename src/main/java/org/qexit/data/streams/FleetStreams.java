package org.qexit.data.streams;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Apportion;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.data.Task;

/**
 * Draws the event streams of a fleet from the test images, without replacement: devices that differ in how many events they
 * see, how many of those are critical, and which classes they are.
 *
 * <p>For each device: n ~ U{events}, f ~ U[criticalFraction], round(n f) critical events (at least 1, at most n - 1), and two
 * class mixes p ~ Dir(alpha), one over the critical and one over the normal classes. Each event draws its class from the mix of
 * its kind. When a class has no images left, the event takes the class that is next likely at this device and has some; devices
 * are served in their order. Then each device's events are divided by kind, and each split is put in random order.
 */
public final class FleetStreams {
    private final FleetStreamSpec spec;
    private final Dataset data;
    private final Task task;
    private final RandomStreams random;
    private final String purpose;
    private final Pool critical;
    private final Pool normal;

    private FleetStreams(FleetStreamSpec spec, Dataset data, Task task, RandomStreams random, String purpose) {
        this.spec = spec;
        this.data = data;
        this.task = task;
        this.random = random;
        this.purpose = purpose;
        List<Integer> normals = task.normalClasses(data);
        this.normal = new Pool(data, normals, random, purpose);
        this.critical = new Pool(data, task.critical(), random, purpose);
    }

    /**
     * @param purpose names the random streams
     * @throws UserError if the fleet asks for more images than there are, or a device's split gets no event of a kind
     */
    public static List<DeviceStream> draw(
            FleetStreamSpec spec, Dataset data, Task task, RandomStreams random, String purpose) {
        if (spec.whole()) {
            return List.of(WholeStream.of(spec, data, task, random, purpose));
        }
        return spec.byGroup()
                ? GroupStreams.of(spec, data, task)
                : new FleetStreams(spec, data, task, random, purpose).draw();
    }

    private List<DeviceStream> draw() {
        Map<String, DeviceSpec> exceptions =
                spec.devices().stream().collect(Collectors.toMap(DeviceSpec::device, Function.identity()));
        List<Demand> demands = new ArrayList<>();
        for (int n = 1; n <= spec.count(); n++) {
            String device = "ue" + n;
            demands.add(demand(device, exceptions.getOrDefault(device, new DeviceSpec(device, null, null, null))));
        }
        checkPool("critical", demands.stream().mapToLong(Demand::critical).sum(), critical.size());
        checkPool(
                "normal", demands.stream().mapToLong(d -> d.events - d.critical).sum(), normal.size());
        List<DeviceStream> streams = new ArrayList<>();
        for (Demand demand : demands) {
            streams.add(stream(demand));
        }
        return List.copyOf(streams);
    }

    private void checkPool(String kind, long asked, int available) {
        if (asked > available) {
            throw new UserError(
                    "fleet of " + spec.count() + " devices: asks for " + asked + " " + kind + " events, but "
                            + data.name() + " has " + available + " " + kind
                            + " images for it. Maybe lower count or events, or take a larger data set");
        }
    }

    private Demand demand(String device, DeviceSpec exception) {
        // Draws everything, even what an exception overrides, so that an exception changes nothing else.
        SplittableRandom stream = random.stream(purpose + "/demand/" + device);
        int events = stream.nextInt(spec.events().get(0), spec.events().get(1) + 1);
        double low = spec.criticalFraction().get(0);
        double fraction = low + (spec.criticalFraction().get(1) - low) * stream.nextDouble();
        double[] criticalMix = Dirichlet.sample(spec.dirichletAlpha(), critical.classes.size(), stream);
        double[] normalMix = Dirichlet.sample(spec.dirichletAlpha(), normal.classes.size(), stream);
        events = exception.events() == null ? events : exception.events();
        fraction = exception.criticalFraction() == null ? fraction : exception.criticalFraction();
        if (exception.classWeights() != null) {
            checkClasses(device, exception.classWeights());
            criticalMix = weights(device, "critical", exception, critical);
            normalMix = weights(device, "normal", exception, normal);
        }
        int criticals = (int) Math.min(events - 1, Math.max(1, Math.round(events * fraction)));
        return new Demand(device, events, criticals, criticalMix, normalMix);
    }

    private void checkClasses(String device, Map<Integer, Double> weights) {
        for (int id : weights.keySet()) {
            if (!critical.classes.contains(id) && !normal.classes.contains(id)) {
                throw new UserError("device " + device + ": classWeights names class " + id
                        + "; expected critical ones " + critical.classes + " or normal ones " + normal.classes);
            }
        }
    }

    private static double[] weights(String device, String kind, DeviceSpec exception, Pool pool) {
        double[] mix = pool.classes.stream()
                .mapToDouble(id -> exception.classWeights().getOrDefault(id, 0.0))
                .toArray();
        double sum = Arrays.stream(mix).sum();
        if (!(sum > 0)) {
            throw new UserError("device " + device + ": classWeights gives no weight to any " + kind
                    + " class; expected some for " + pool.classes);
        }
        return Arrays.stream(mix).map(w -> w / sum).toArray();
    }

    private DeviceStream stream(Demand demand) {
        SplittableRandom stream = random.stream(purpose + "/events/" + demand.device);
        int[] criticals = critical.take(demand.critical, demand.criticalMix, stream);
        int[] normals = normal.take(demand.events - demand.critical, demand.normalMix, stream);
        RandomStreams.shuffle(criticals, stream);
        RandomStreams.shuffle(normals, stream);
        int[] criticalCounts = divide(demand.device, "critical", criticals.length);
        int[] normalCounts = divide(demand.device, "normal", normals.length);
        LabelledSet[] sets = new LabelledSet[DeviceStream.Part.values().length];
        int c = 0;
        int n = 0;
        for (int s = 0; s < sets.length; s++) {
            int[] samples = Arrays.copyOfRange(criticals, c, c + criticalCounts[s] + normalCounts[s]);
            System.arraycopy(normals, n, samples, criticalCounts[s], normalCounts[s]);
            c += criticalCounts[s];
            n += normalCounts[s];
            RandomStreams.shuffle(samples, stream);
            sets[s] = LabelledSet.of(data, task, samples);
        }
        return new DeviceStream(demand.device, sets[0], sets[1], sets[2]);
    }

    /** Largest remainders; then a split that would stay empty gets one event of the largest. */
    private int[] divide(String device, String kind, int total) {
        double[] weights = spec.split().weights();
        int[] counts = Apportion.byWeight(weights, total);
        for (int s = 0; s < counts.length; s++) {
            if (weights[s] > 0 && counts[s] == 0) {
                int largest = 0;
                for (int i = 1; i < counts.length; i++) {
                    largest = counts[i] > counts[largest] ? i : largest;
                }
                if (counts[largest] < 2) {
                    throw new UserError("device " + device + ": no " + kind + " events in its "
                            + DeviceStream.Part.values()[s].word()
                            + " split, of " + total + " in all; Maybe raise events or "
                            + (kind.equals("critical") ? "criticalFraction" : "lower criticalFraction"));
                }
                counts[largest]--;
                counts[s]++;
            }
        }
        return counts;
    }

    /** What a device asks for; mixes are over the classes of the pools. */
    private record Demand(String device, int events, int critical, double[] criticalMix, double[] normalMix) {}

    /** Images not yet given out, by class, in random order. */
    private static final class Pool {
        private final List<Integer> classes;
        private final int[][] samples;
        private final int[] used;

        Pool(Dataset data, List<Integer> classes, RandomStreams random, String purpose) {
            this.classes = classes;
            int[][] byClass = data.samplesByClass();
            this.samples = new int[classes.size()][];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = byClass[classes.get(i)];
                RandomStreams.shuffle(samples[i], random.stream(purpose + "/pool/class" + classes.get(i)));
            }
            this.used = new int[samples.length];
        }

        int size() {
            return Arrays.stream(samples).mapToInt(s -> s.length).sum();
        }

        int[] take(int count, double[] mix, SplittableRandom stream) {
            int[] taken = new int[count];
            for (int k = 0; k < count; k++) {
                int i = draw(mix, stream.nextDouble());
                if (used[i] == samples[i].length) {
                    i = likeliestLeft(mix);
                }
                taken[k] = samples[i][used[i]++];
            }
            return taken;
        }

        /** Inverts the distribution function of the mix. */
        private static int draw(double[] mix, double u) {
            double sum = 0;
            int last = 0;
            for (int i = 0; i < mix.length; i++) {
                if (mix[i] > 0) {
                    sum += mix[i];
                    last = i;
                    if (u < sum) {
                        return i;
                    }
                }
            }
            return last;
        }

        private int likeliestLeft(double[] mix) {
            int best = -1;
            for (int i = 0; i < mix.length; i++) {
                if (used[i] < samples[i].length && (best < 0 || mix[i] > mix[best])) {
                    best = i;
                }
            }
            return best;
        }
    }
}
