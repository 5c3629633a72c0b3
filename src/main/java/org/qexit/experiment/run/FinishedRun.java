package org.qexit.experiment.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.qexit.common.Json;
import org.qexit.common.UserError;

/** What is where a run is to go: nothing, the same run, or another one that must not be lost. */
final class FinishedRun {
    private FinishedRun() {}

    /** What a record holds so that the run need not be repeated to be told of. */
    static Map<String, Object> told(String fingerprint, RunSummary summary) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("fingerprint", fingerprint);
        told.put("rows", summary.rows());
        told.put("statics", summary.statics());
        told.put(
                "simulation",
                summary.simulation() == null ? null : summary.simulation().line());
        return told;
    }

    /**
     * The summary of the same run, if it is there.
     *
     * @param fingerprint of configuration, seed, data and version
     * @param force whether whatever is there may be replaced
     * @throws UserError if another run is there and must not be
     */
    static Optional<RunSummary> at(Path directory, String fingerprint, boolean force) {
        if (force || !Files.isRegularFile(directory.resolve(RunDirectory.MARK))) {
            return Optional.empty();
        }
        Map<?, ?> record = RunFiles.of(directory).record();
        if (fingerprint.equals(record.get("fingerprint"))) {
            return Optional.of(summary(directory, record));
        }
        Object seed = record.get("seed");
        throw new UserError(directory + ": is a finished run of another configuration, seed, data set or version (seed "
                + seed + "). Maybe give another --out, or --force to replace it");
    }

    private static RunSummary summary(Path directory, Map<?, ?> record) {
        RunSummary.Row[] rows = read(directory, record.get("rows"), RunSummary.Row[].class);
        RunSummary.Static[] statics = record.get("statics") == null
                ? new RunSummary.Static[0]
                : read(directory, record.get("statics"), RunSummary.Static[].class);
        Path bundle = directory.resolve(Pipeline.BUNDLE);
        return new RunSummary(
                directory,
                List.of(rows),
                List.of(statics),
                Files.isDirectory(bundle) ? bundle : null,
                record.get("simulation") instanceof String line
                        ? new RunSummary.Simulated(
                                directory.resolve(Pipeline.SIMULATION).resolve("report.html"), line)
                        : null,
                List.of(),
                record.get("seconds") instanceof Number seconds ? seconds.doubleValue() : 0,
                record.get("peakMebibytes") instanceof Number peak ? (Long) peak.longValue() : null);
    }

    private static <T> T read(Path directory, Object part, Class<T> type) {
        return Json.parse(directory.resolve(RunDirectory.MARK).toString(), Json.compact(part), type);
    }
}
