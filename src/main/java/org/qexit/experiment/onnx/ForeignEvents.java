package org.qexit.experiment.onnx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.data.Split;
import org.qexit.data.Task;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.formats.Idx;
import org.qexit.data.formats.IdxDataset;
import org.qexit.data.streams.DeviceStream;
import org.qexit.experiment.run.RunData;
import org.qexit.experiment.run.TrainingRun;
import org.qexit.onnx.foreign.Events;

/**
 * Labelled events for a foreign model, device by device.
 *
 * @param dataset where the values are
 * @param devices the events of each device, by its id, in their order
 * @param critical classes of the data that are critical
 * @param part what the events are of their data
 */
public record ForeignEvents(Dataset dataset, Map<String, LabelledSet> devices, List<Integer> critical, String part) {
    /** The device of events that belong to none. */
    public static final String DEVICE = "d0";

    /**
     * Where events are.
     *
     * @param images an IDX file of images, or null
     * @param labels an IDX file of their labels, or null
     * @param data a configuration, a data set's name, descriptor or directory, or null
     * @param part which of each device's events, where the data is a configuration
     */
    public record Source(Path images, Path labels, String data, DeviceStream.Part part) {
        /** @throws UserError unless it is either a pair of files or data */
        public Source {
            if ((images == null) != (labels == null)) {
                throw new UserError((images == null ? "--images" : "--labels") + " is missing beside "
                        + (images == null ? "--labels" : "--images") + "; expected both");
            }
            if ((images == null) == (data == null)) {
                throw new UserError("expected the events as --images and --labels, or as --data"
                        + (data == null ? "" : ", not both"));
            }
        }
    }

    /**
     * Reads events.
     *
     * @param critical classes of the data that are critical; null for what a configuration says
     */
    public static ForeignEvents read(Source source, List<Integer> critical, DatasetCatalog catalog) {
        if (source.images() != null) {
            Dataset dataset = IdxDataset.of(
                    source.images().getFileName().toString(),
                    Idx.read(source.images()),
                    Idx.read(source.labels()),
                    null);
            return all(dataset, asked(critical), source.images().getFileName().toString());
        }
        Path file = Path.of(source.data());
        if (Files.isRegularFile(file) && Json.readYaml(file, Map.class).containsKey("data")) {
            return ofConfiguration(file, source.part(), critical, catalog);
        }
        return all(catalog.load(source.data(), Split.TEST), asked(critical), "test");
    }

    private static List<Integer> asked(List<Integer> critical) {
        if (critical == null || critical.isEmpty()) {
            throw new UserError("--critical is missing; expected the ids of the critical classes");
        }
        if (critical.stream().anyMatch(id -> id < 0)
                || critical.stream().distinct().count() < critical.size()) {
            throw new UserError("--critical is " + critical + "; expected different ids of classes, 0 or above");
        }
        return critical;
    }

    private static ForeignEvents all(Dataset dataset, List<Integer> critical, String part) {
        int[] samples = IntStream.range(0, dataset.size()).toArray();
        LabelledSet set = LabelledSet.of(dataset, Task.keepingAll(critical), samples);
        return new ForeignEvents(dataset, Map.of(DEVICE, set), critical, part);
    }

    private static ForeignEvents ofConfiguration(
            Path file, DeviceStream.Part part, List<Integer> critical, DatasetCatalog catalog) {
        RunData data = RunData.of(TrainingRun.read(file), catalog);
        Map<String, LabelledSet> devices = new TreeMap<>();
        Dataset dataset = null;
        for (DeviceStream stream : data.devices()) {
            LabelledSet set = stream.part(part);
            dataset = set.dataset();
            devices.put(stream.device(), set);
        }
        if (dataset == null) {
            throw new UserError(file + ": has no devices; expected 'streams' that give some");
        }
        return new ForeignEvents(dataset, devices, data.critical(), part.word());
    }

    /** Channels, height, width. */
    long[] shape() {
        return new long[] {dataset.channels(), dataset.height(), dataset.width()};
    }

    /** Values are 0 to this: levels of images, or fractions. */
    public float maximum() {
        return dataset.isBytes() ? 255 : 1;
    }

    /** Of all devices. */
    int size() {
        return devices.values().stream().mapToInt(LabelledSet::size).sum();
    }

    /** The values of a device's events as they are: levels 0 to 255 of bytes, else as stored. */
    static Events of(LabelledSet set) {
        boolean bytes = set.dataset().isBytes();
        int values = set.dataset().features();
        return new Events() {
            @Override
            public int size() {
                return set.size();
            }

            @Override
            public void copyTo(int event, float[] target, int offset) {
                set.copyTo(event, target, offset);
                for (int i = offset; bytes && i < offset + values; i++) {
                    target[i] = Math.round(target[i] * 255);
                }
            }
        };
    }

    /** Ids in order. */
    List<String> ids() {
        return new ArrayList<>(devices.keySet());
    }
}
