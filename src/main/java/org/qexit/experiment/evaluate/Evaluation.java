package org.qexit.experiment.evaluate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.qexit.bundle.Bundle;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.data.ClassChoice;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.data.Split;
import org.qexit.data.Task;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.formats.ImageOptions;
import org.qexit.device.EdgeRuntime;
import org.qexit.experiment.report.Interval;
import org.qexit.experiment.run.TrainingRun;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.store.StoredModel;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/**
 * What a model or a bundle's device does on the samples of a data set: all those of critical and normal classes, as frequent as they are.
 *
 * @param source the model or bundle
 * @param data name of the data set
 * @param events how many
 * @param critical how many of them are critical
 * @param tpr true-positive rate with its 95 % Wilson interval, as are the others
 * @param exits events that each exit decided
 * @param classes one entry per class
 */
public record Evaluation(
        String source,
        String data,
        long events,
        long critical,
        Interval tpr,
        Interval fpr,
        Interval car,
        Interval ofr,
        long[] exits,
        List<OfClass> classes) {
    /**
     * One class.
     *
     * @param name of the class
     * @param critical whether it is critical
     * @param events how many
     * @param wrong share that is missed, or a false alarm
     */
    public record OfClass(String name, boolean critical, long events, Interval wrong) {}

    /**
     * What samples to take.
     *
     * @param data name of a data set, path, or a configuration that says data and task
     * @param critical classes by name or id; empty for what a configuration says
     * @param split which part; null for the test part, or for all of images in a folder per class without parts
     */
    public record Samples(String data, List<String> critical, Split split) {
        private Split part() {
            return split == null ? Split.TEST : split;
        }

        private Dataset whole(Dataset images) {
            if (split != null) {
                throw new UserError(data + ": has no folders train/ and test/, but --split is " + split
                        + ". Maybe leave it out, then all images are taken");
            }
            return images;
        }
    }

    /**
     * Evaluates a model by the thresholds of its training, or a bundle by those of one of its devices.
     *
     * @param device of a bundle; null for its first
     * @throws UserError if it cannot read such samples
     */
    public static Evaluation of(Path source, String device, Samples samples, DatasetCatalog catalog) {
        if (Files.exists(source.resolve(ModelDirectory.MANIFEST))) {
            if (device != null) {
                throw new UserError(
                        "--device is '" + device + "', but " + source + " is a model; expected a bundle, or none");
            }
            StoredModel stored = ModelDirectory.read(source).forDevice(source.toString());
            if (stored.thresholds() == null) {
                throw new UserError(source + ": the model has no thresholds of its own. Maybe export it with a plan");
            }
            LabelledSet events = read(
                    samples,
                    catalog,
                    new Shape(
                            stored.model().config().channels(),
                            stored.model().config().height(),
                            stored.model().config().width()),
                    source);
            DeviceTrace trace = stored.model().trace("data", events);
            Rule rule = stored.thresholds();
            List<Thresholds.Decision> decisions = IntStream.range(0, events.size())
                    .mapToObj(k -> rule.decide(trace.scores(), k))
                    .toList();
            return of(source, events, decisions, stored.model().config().exits());
        }
        Bundle bundle = Bundle.open(source);
        bundle.checkForDevice();
        String id = device == null ? bundle.devices().get(0) : device;
        LabelledSet events = read(
                samples,
                catalog,
                new Shape(
                        bundle.manifest().input().channels(),
                        bundle.manifest().input().height(),
                        bundle.manifest().input().width()),
                source);
        List<Thresholds.Decision> decisions = new ArrayList<>();
        float scale = bundle.manifest().input().maximum();
        try (EdgeRuntime runtime = EdgeRuntime.open(source, id)) {
            float[] values = new float[events.dataset().features()];
            for (int k = 0; k < events.size(); k++) {
                events.copyTo(k, values, 0);
                for (int i = 0; i < values.length; i++) {
                    values[i] = scale == 1 ? values[i] : Math.round(values[i] * scale);
                }
                EdgeRuntime.Result result = runtime.classify(values);
                decisions.add(new Thresholds.Decision(result.exit() - 1, result.critical()));
            }
        }
        return of(source, events, decisions, bundle.manifest().exits());
    }

    /** What a model or bundle reads. */
    private record Shape(int channels, int height, int width) {
        void check(Dataset data, Path source) {
            if (data.channels() != channels || data.height() != height || data.width() != width) {
                throw new UserError("data set " + data.name() + " has samples of " + data.channels() + " x "
                        + data.height() + " x " + data.width() + ", but " + source + " reads " + channels + " x "
                        + height
                        + " x " + width);
            }
        }

        /** Images are brought to this shape; another number of channels than an image can have is left to the check. */
        ImageOptions images() {
            return new ImageOptions(channels == 1 || channels == 3 ? channels : null, List.of(height, width));
        }
    }

    private static LabelledSet read(Samples samples, DatasetCatalog catalog, Shape shape, Path source) {
        Path file = Path.of(samples.data());
        boolean config = Files.isRegularFile(file)
                && samples.data().matches(".*\\.ya?ml")
                && Json.readYaml(file, Map.class).containsKey("data");
        Dataset data;
        Task task = null;
        if (config) {
            TrainingRun run = TrainingRun.read(file);
            data = run.data().load(catalog, samples.part());
            task = run.data().task().on(data);
        } else {
            data = catalog.loadImages(samples.data(), shape.images())
                    .map(images -> samples.whole(images))
                    .orElseGet(() -> catalog.load(samples.data(), samples.part()));
        }
        shape.check(data, source);
        if (!samples.critical().isEmpty()) {
            task = Task.keepingAll(samples.critical().stream()
                    .map(text -> data.classNames().contains(text) || !text.matches("[0-9]{1,6}")
                            ? ClassChoice.of(text)
                            : ClassChoice.of(Integer.valueOf(text)))
                    .map(choice -> choice.id(data.name(), data.classNames()))
                    .toList());
        }
        if (task == null) {
            throw new UserError(
                    "--critical is missing; expected the critical classes, or a configuration that says them");
        }
        List<Integer> wanted = new ArrayList<>(task.critical());
        wanted.addAll(task.normalClasses(data));
        int[] chosen = IntStream.range(0, data.size())
                .filter(i -> wanted.contains(data.classOf(i)))
                .toArray();
        return LabelledSet.of(data, task, chosen);
    }

    private static Evaluation of(Path source, LabelledSet events, List<Thresholds.Decision> decisions, int exits) {
        long[] left = new long[exits];
        long[][] byKind = new long[2][2];
        int classes = events.dataset().classNames().size();
        long[][] ofClass = new long[classes][2];
        boolean[] critical = new boolean[classes];
        for (int k = 0; k < events.size(); k++) {
            int label = events.labels()[k];
            boolean called = decisions.get(k).critical();
            left[decisions.get(k).exit()]++;
            byKind[label][called ? 1 : 0]++;
            ofClass[events.classes()[k]][called == (label == 1) ? 0 : 1]++;
            critical[events.classes()[k]] = label == 1;
        }
        long positives = byKind[1][0] + byKind[1][1];
        long right = byKind[1][1] + byKind[0][0];
        long called = byKind[1][1] + byKind[0][1];
        List<OfClass> rows = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
            long all = Arrays.stream(ofClass[c]).sum();
            if (all > 0) {
                rows.add(new OfClass(
                        events.dataset().classNames().get(c), critical[c], all, Interval.wilson(ofClass[c][1], all)));
            }
        }
        return new Evaluation(
                source.toString(),
                events.dataset().name(),
                events.size(),
                positives,
                Interval.wilson(byKind[1][1], positives),
                Interval.wilson(byKind[0][1], events.size() - positives),
                Interval.wilson(right, events.size()),
                Interval.wilson(called, events.size()),
                left,
                rows);
    }
}
