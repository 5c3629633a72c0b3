package org.qexit.experiment.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.experiment.report.Interval;
import org.qexit.experiment.run.RunConfig;
import org.qexit.experiment.run.RunFiles;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;
import org.qexit.trace.ThresholdsFile;
import org.qexit.trace.TraceReader;

/**
 * What one model of a finished run does on its test events, by one method's thresholds.
 *
 * @param run the run's directory, as it was given
 * @param seed of the run
 * @param model its name
 * @param method its name
 * @param testData SHA-256 of the test samples, or null in old records
 * @param counts of all devices together
 * @param worstDeviceTpr the least true-positive rate of a device that has critical events, or null
 * @param verdicts of each test event by the index of its sample: its label and whether it was called critical
 */
record RunEntry(
        String run,
        long seed,
        String model,
        String method,
        String testData,
        Confusion counts,
        Double worstDeviceTpr,
        Map<String, Verdict> verdicts) {

    /**
     * @param label 1 = critical
     * @param critical whether it was offloaded
     */
    record Verdict(byte label, boolean critical) {}

    /**
     * The entries of a run: all its models by the method that it deploys.
     *
     * @throws UserError if it is no finished run, or was changed since
     */
    static List<RunEntry> of(Path run) {
        if (!Files.isRegularFile(run.resolve("run.json"))) {
            throw new UserError(run + ": has no run.json; expected the directory of a finished run");
        }
        RunFiles files = RunFiles.of(run);
        RunConfig config = files.config();
        List<RunEntry> entries = new ArrayList<>();
        for (String model : models(run)) {
            Path thresholds = Stream.concat(config.methods().stream().limit(1), Stream.of("budget"))
                    .map(method -> run.resolve("thresholds-" + model + "-" + method + ".json"))
                    .filter(Files::exists)
                    .findFirst()
                    .orElse(null);
            Path traces = run.resolve("traces/" + model + "-test.parquet");
            if (thresholds != null && Files.exists(traces)) {
                RunFiles.checkGiven(thresholds);
                RunFiles.checkGiven(traces);
                ThresholdsFile chosen = Json.read(thresholds, ThresholdsFile.class);
                if (!chosen.devices().isEmpty()) {
                    entries.add(entry(run, config, model, chosen, traces, files.testData()));
                }
            }
        }
        if (entries.isEmpty()) {
            throw new UserError(
                    run + ": no model of the run has thresholds and test events, so there is nothing to compare");
        }
        return entries;
    }

    /** The first model is the configuration's own. */
    private static List<String> models(Path run) {
        String first = RunFiles.of(run).config().model().name();
        List<String> names = new ArrayList<>(List.of(first));
        try (Stream<Path> folders = Files.list(run.resolve("models"))) {
            folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> !name.equals(first))
                    .sorted()
                    .forEach(names::add);
        } catch (java.io.IOException e) {
            throw new UserError(run + ": its models cannot be listed: " + e.getMessage(), e);
        }
        return names;
    }

    private static RunEntry entry(
            Path run, RunConfig config, String model, ThresholdsFile chosen, Path traces, String testData) {
        List<Confusion> counts = new ArrayList<>();
        Map<String, Verdict> verdicts = new LinkedHashMap<>();
        Double worst = null;
        try (TraceReader reader = TraceReader.openWithOrigins(traces)) {
            for (DeviceTrace trace : reader) {
                Rule rule = chosen.of(trace.device())
                        .orElseThrow(() -> new UserError(traces + ": device " + trace.device()
                                + " has no thresholds in the run's " + chosen.method() + " file"));
                Confusion own = Confusion.of(trace, rule);
                counts.add(own);
                if (own.tpr().defined()) {
                    worst = worst == null
                            ? own.tpr().value()
                            : Double.valueOf(Math.min(worst, own.tpr().value()));
                }
                if (trace.origins() != null) {
                    for (int k = 0; k < trace.size(); k++) {
                        verdicts.put(
                                trace.origins().sources()[k],
                                new Verdict(
                                        trace.labels()[k],
                                        rule.decide(trace.scores(), k).critical()));
                    }
                }
            }
        }
        return new RunEntry(
                run.toString(),
                config.seed(),
                model,
                chosen.method() == null ? "budget" : chosen.method(),
                testData,
                Confusion.sum(counts),
                worst,
                verdicts);
    }

    Interval tpr() {
        return Interval.of(counts.tpr());
    }
}
