package org.qexit.data.streams;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.qexit.common.UserError;
import org.qexit.data.Apportion;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.data.Task;

/**
 * Devices as the data has them: each group is one, with its own events, as rare as they are, in the order they came. A device's
 * first events set its thresholds, later ones are reported. Groups without critical or without normal events in some split
 * cannot be planned for and are passed over.
 */
final class GroupStreams {
    private GroupStreams() {}

    /** The first {@code spec.count()} groups, by name, that have events of both kinds in every split that is not empty. */
    static List<DeviceStream> of(FleetStreamSpec spec, Dataset data, Task task) {
        if (!data.hasGroups()) {
            throw new UserError("streams.byGroup: data set " + data.name()
                    + " has no groups. Maybe name a column in groups of its descriptor");
        }
        List<Integer> normal = task.normalClasses(data);
        List<DeviceStream> streams = new ArrayList<>();
        data.samplesByGroup().forEach((group, samples) -> {
            int[] events = IntStream.of(samples)
                    .filter(i -> task.critical().contains(data.classOf(i)) || normal.contains(data.classOf(i)))
                    .toArray();
            List<LabelledSet> splits = divide(LabelledSet.of(data, task, events), spec.split());
            if (streams.size() < spec.count()
                    && splits.stream().allMatch(s -> s.size() == 0 || s.positives() > 0 && s.positives() < s.size())) {
                streams.add(new DeviceStream(group, splits.get(0), splits.get(1), splits.get(2)));
            }
        });
        if (streams.isEmpty()) {
            throw new UserError("streams.byGroup: no group of data set " + data.name()
                    + " has critical and normal events in every split");
        }
        return List.copyOf(streams);
    }

    private static List<LabelledSet> divide(LabelledSet events, SplitFractions split) {
        int[] counts = Apportion.byWeight(split.weights(), events.size());
        List<LabelledSet> parts = new ArrayList<>();
        int from = 0;
        for (int count : counts) {
            parts.add(events.select(IntStream.range(from, from + count).toArray()));
            from += count;
        }
        return parts;
    }
}
