package org.qexit.experiment.init;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.data.Task;
import org.qexit.data.catalog.DatasetDescriptor;
import org.qexit.data.guess.DataGuess;
import org.qexit.data.streams.FleetStreamSpec;
import org.qexit.data.streams.FleetStreams;
import org.qexit.experiment.run.RunConfig;

/**
 * A commented configuration that runs as it is, of data that were looked at.
 *
 * @param data what was found
 * @param task which classes are critical, and how rare
 * @param reason why these
 * @param byGroup whether every group of the test part is a device
 */
public record FirstConfig(DataGuess data, Task task, String reason, boolean byGroup) {
    /** The reason where the user chose. */
    public static final String AS_YOU_SAID = "as you said";

    /** Events that are rarer than this by themselves stay so. */
    private static final double RARE = 0.25;

    /** Fewer critical test events than this say nothing of a rate. */
    private static final int LEAST_CRITICAL = 30;

    private static final long SEED = 1;

    /**
     * @param critical ids of the critical classes
     * @throws UserError if they leave no normal events
     */
    public static FirstConfig of(DataGuess data, List<Integer> critical, String reason) {
        int[] counts = data.train().classCounts();
        int[] tested = data.test().classCounts();
        long all = Arrays.stream(counts).sum();
        long criticals = critical.stream()
                .mapToLong(c -> c < counts.length ? counts[c] : 0)
                .sum();
        long inTest = critical.stream()
                .mapToLong(c -> c < tested.length ? tested[c] : 0)
                .sum();
        long normalInTest = data.test().size() - inTest;
        boolean enough = normalInTest * Task.DEFAULT_FRACTION / (1 - Task.DEFAULT_FRACTION) >= LEAST_CRITICAL;
        boolean keep = criticals <= RARE * all || !enough;
        Task task = keep ? Task.keepingAll(critical) : Task.of(critical, Task.DEFAULT_FRACTION);
        task.normalClasses(data.train());
        return new FirstConfig(data, task, reason, data.test().hasGroups() && groupsServe(data, task));
    }

    /** Whether most of the events are of groups that can be devices: with critical and normal events in all their parts. */
    private static boolean groupsServe(DataGuess data, Task task) {
        FleetStreamSpec groups = new FleetStreamSpec(null, null, null, null, null, null, true);
        try {
            long served = FleetStreams.draw(groups, data.test(), task, RandomStreams.of(SEED), "init").stream()
                    .mapToLong(stream -> stream.size())
                    .sum();
            return 2 * served >= data.test().size();
        } catch (UserError e) {
            return false;
        }
    }

    private LabelledSet events() {
        return task.apply(data.train(), RandomStreams.of(SEED), "init");
    }

    /** Share of the critical events among those that models learn from. */
    public double criticalShare() {
        LabelledSet events = events();
        return (double) events.positives() / events.size();
    }

    /** A fifth more offloads than there are critical events, in whole per cent. */
    public double budget() {
        return Math.min(0.9, Math.max(0.02, Math.ceil(120 * criticalShare()) / 100));
    }

    /** Names of the critical classes. */
    public List<String> criticalNames() {
        return task.critical().stream()
                .map(c -> data.train().classNames().get(c))
                .toList();
    }

    /**
     * The file's text.
     *
     * @param file where it will lie, which its paths are relative to
     * @throws IllegalStateException if it could not be read
     */
    public String yaml(Path file) {
        Path home = file.toAbsolutePath().normalize().getParent();
        FirstModel model = FirstModel.of(data.train(), events().size());
        List<String> lines = new ArrayList<>();
        lines.add("# Made by qexit init. It runs as it is:");
        lines.add("#   qexit run " + file.getFileName() + " --out runs/" + data.name());
        lines.add(
                "# Try other values without changing it: --set training.epochs=20 --set data.task.criticalFraction=0.05");
        lines.add("format: qexit.run/1");
        lines.add("name: " + DescriptorLines.quoted(data.name()));
        lines.add("seed: " + SEED + "                  # of every random choice");
        lines.add("");
        data(lines, home);
        streams(lines);
        lines.addAll(model.lines());
        lines.add("");
        lines.add("training:");
        lines.add("  epochs: " + model.epochs() + "             # more is better, and slower");
        lines.add("  batch: " + model.batch());
        lines.add(String.format(
                Locale.ROOT,
                "  offloadBudget: %.2f     # share of all events that may be offloaded; %.1f %% are critical",
                budget(),
                100 * criticalShare()));
        lines.add("  # patience: 5          # stop after so many epochs without a better one");
        lines.add("");
        lines.add(
                "# Without a section fleet every device gets its best thresholds within the budget. With one, edge nodes, bandwidth");
        lines.add("# and compute are planned, too: see experiments/quickstart.yaml.");
        String text = String.join("\n", lines) + "\n";
        Json.parseYaml(file.toString(), text, RunConfig.class);
        return text;
    }

    private void data(List<String> lines, Path home) {
        Dataset train = data.train();
        lines.add("# " + shape(train) + "; " + train.size() + " to learn from, "
                + data.test().size() + " to test on.");
        data.notes().forEach(note -> lines.add("# " + note));
        lines.add("data:");
        DatasetDescriptor descriptor = data.descriptor();
        if (descriptor == null) {
            lines.add(
                    "  dataset: " + DescriptorLines.quoted(relative(home, data.path())) + "   # relative to this file");
        } else {
            lines.add("  descriptor:            # where the samples are and how they read, see docs/data.md");
            lines.add("    name: " + DescriptorLines.quoted(descriptor.name()));
            lines.add("    format: " + descriptor.format().name().toLowerCase(Locale.ROOT));
            lines.add("    directories: " + DescriptorLines.flow(List.of(relative(home, data.path())))
                    + "   # relative to this file");
            lines.add("    files:");
            descriptor
                    .files()
                    .forEach(f -> lines.add("      - {role: " + f.role().name().toLowerCase(Locale.ROOT) + ", name: "
                            + DescriptorLines.quoted(f.name()) + "}"));
            if (descriptor.testFraction() != null) {
                lines.add("    testFraction: " + descriptor.testFraction()
                        + "   # kept for tests; the same samples whatever the seed");
            }
            if (descriptor.groups() != null) {
                lines.add("    groups: " + DescriptorLines.quoted(descriptor.groups())
                        + "   # no group is learnt from and tested on");
            }
            if (descriptor.csv() != null) {
                lines.addAll(DescriptorLines.of(descriptor.csv()));
            }
            if (descriptor.images() != null) {
                lines.addAll(DescriptorLines.of(descriptor.images()));
            }
            if (descriptor.classNames() != null) {
                lines.add("    classNames: " + DescriptorLines.flow(descriptor.classNames())
                        + "   # by class id, from 0");
            }
        }
        lines.add("  task:");
        lines.add(
                reason.equals(AS_YOU_SAID)
                        ? "    # Which classes are critical, as you said. There are:"
                        : "    # Which classes are critical is a guess (" + reason + "): look at it. There are:");
        classes().forEach(line -> lines.add("    #   " + line));
        lines.add("    critical: " + critical());
        lines.add(
                task.keepAll()
                        ? "    keepAll: true        # critical events stay as rare as they are; or criticalFraction: 0.10"
                        : "    criticalFraction: " + task.criticalFraction()
                                + "   # critical ones are made so rare; or keepAll: true");
        lines.add("");
    }

    /** By name, unless names are the numbers. */
    private String critical() {
        List<String> names = criticalNames();
        boolean numbers = names.stream().allMatch(name -> name.matches("[0-9]+"));
        return numbers && data.train().classNames().equals(ids())
                ? task.critical().toString()
                : DescriptorLines.flow(names);
    }

    private List<String> ids() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < data.train().classNames().size(); i++) {
            ids.add(Integer.toString(i));
        }
        return ids;
    }

    private List<String> classes() {
        int[] counts = data.train().classCounts();
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < counts.length; from += 6) {
            StringBuilder line = new StringBuilder();
            for (int c = from; c < Math.min(counts.length, from + 6); c++) {
                line.append(c == from ? "" : ", ")
                        .append(UserError.shown(data.train().classNames().get(c)))
                        .append(" (")
                        .append(counts[c])
                        .append(')');
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private void streams(List<String> lines) {
        if (byGroup) {
            lines.add("# Every group of the test part is a device with its own events in their order.");
            lines.add("streams: {byGroup: true}");
        } else {
            lines.add("# One device meets all test samples; the first part sets its thresholds, the last is reported.");
            lines.add("streams: {whole: true, split: {validation: 0.4, calibration: 0.2, test: 0.4}}");
        }
        lines.add("");
    }

    private static String shape(Dataset data) {
        return data.height() == 1
                ? data.channels() + " x " + data.width() + " values per sample"
                : data.height() + " x " + data.width() + " pixels, " + (data.channels() == 1 ? "grey" : "colour");
    }

    private static String relative(Path home, Path path) {
        try {
            String text = home.relativize(path.toAbsolutePath().normalize())
                    .toString()
                    .replace('\\', '/');
            return text.isEmpty() ? "." : text.startsWith(".") ? text : "./" + text;
        } catch (IllegalArgumentException e) {
            // On another drive.
            return path.toString();
        }
    }

    /** What was decided, for programs. */
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("kind", data.kind());
        facts.put("train", data.train().size());
        facts.put("test", data.test().size());
        facts.put(
                "shape",
                List.of(
                        data.train().channels(),
                        data.train().height(),
                        data.train().width()));
        facts.put("classes", data.train().classNames());
        facts.put("critical", criticalNames());
        facts.put("reason", reason);
        facts.put("groups", data.descriptor() == null ? null : data.descriptor().groups());
        facts.put("offloadBudget", budget());
        facts.put("notes", data.notes());
        return facts;
    }
}
