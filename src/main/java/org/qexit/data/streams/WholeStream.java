package org.qexit.data.streams;

import java.util.stream.IntStream;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Apportion;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.data.Task;

/** One device that has all test samples, critical ones as rare as the task says: what a model does where there is no fleet. */
final class WholeStream {
    private static final String DEVICE = "ue1";

    private WholeStream() {}

    /** Each part gets its share of the critical and of the normal events, in random order. */
    static DeviceStream of(FleetStreamSpec spec, Dataset data, Task task, RandomStreams random, String purpose) {
        LabelledSet all = task.apply(data, random, purpose + "/whole");
        int[] critical = shuffled(all, 1, random, purpose);
        int[] normal = shuffled(all, 0, random, purpose);
        int[] criticals = Apportion.byWeight(spec.split().weights(), critical.length);
        int[] normals = Apportion.byWeight(spec.split().weights(), normal.length);
        LabelledSet[] parts = new LabelledSet[criticals.length];
        int c = 0;
        int n = 0;
        for (int s = 0; s < parts.length; s++) {
            if (spec.split().weights()[s] > 0 && (criticals[s] == 0 || normals[s] == 0)) {
                throw new UserError("data set " + data.name() + ": its test part has " + critical.length
                        + " critical and " + normal.length + " normal samples for "
                        + parts.length + " parts; expected more of both. Maybe raise data.descriptor.testFraction");
            }
            int[] events = IntStream.concat(
                            IntStream.range(c, c + criticals[s]).map(i -> critical[i]),
                            IntStream.range(n, n + normals[s]).map(i -> normal[i]))
                    .toArray();
            c += criticals[s];
            n += normals[s];
            RandomStreams.shuffle(events, random.stream(purpose + "/order" + s));
            parts[s] = all.select(events);
        }
        return new DeviceStream(DEVICE, parts[0], parts[1], parts[2]);
    }

    private static int[] shuffled(LabelledSet all, int label, RandomStreams random, String purpose) {
        int[] events = IntStream.range(0, all.size())
                .filter(k -> all.labels()[k] == label)
                .toArray();
        RandomStreams.shuffle(events, random.stream(purpose + "/label" + label));
        return events;
    }
}
