package org.qexit.experiment.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.AtomicFiles;
import org.qexit.common.ConfigText;
import org.qexit.common.Json;
import org.qexit.common.UserError;

/**
 * The report of a finished run, made anew: by this version of qexit, from the models and plans that the run kept. Nothing is trained or
 * planned again, and the run itself stays as it is.
 */
public final class ReportAgain {
    private ReportAgain() {}

    /**
     * Writes the report.
     *
     * @param run directory of a finished run
     * @param out the page
     * @param dataDirectory where to look for data sets first, or null
     * @throws UserError if it is no finished run, was changed since, or would come to other results today
     */
    public static void write(Path run, Path out, Path dataDirectory) {
        Path mark = run.resolve(RunDirectory.MARK);
        if (!Files.isRegularFile(mark)) {
            throw new UserError(run + ": has no run.json; expected the directory of a finished run");
        }
        RunFiles files = RunFiles.of(run);
        Map<?, ?> record = files.record();
        RunConfig config = files.config();
        if (!(record.get("files") instanceof Map<?, ?> names)) {
            throw new UserError(mark + ": names no files; expected a run of this version or one near it");
        }
        Path temporary;
        try {
            temporary = Files.createTempDirectory("report");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder for the work", e);
        }
        try {
            Path target = temporary.resolve("run");
            RunSummary summary = Pipeline.again(
                    configuration(run, record),
                    new Pipeline.Options(target, config.seed(), dataDirectory, true),
                    started(record),
                    work -> fill(run, files, names, work));
            checkSame(run, record, summary);
            AtomicFiles.writeString(out, Files.readString(target.resolve("report.html")));
        } catch (IOException e) {
            throw new UserError(run + ": its report cannot be made: " + e.getMessage(), e);
        } finally {
            remove(temporary);
        }
    }

    private static void remove(Path temporary) {
        try {
            AtomicFiles.deleteTree(temporary);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + temporary, e);
        }
    }

    private static ConfigText configuration(Path run, Map<?, ?> record) {
        Path directory = RunFiles.configDirectory(record).orElse(run.toAbsolutePath());
        Path file = directory.resolve(record.get("name") + ".yaml");
        if (record.get(RunFiles.CONFIG_FILE) instanceof String text) {
            // As it was given, where that still is the same place.
            Path given = Path.of(text);
            boolean same = given.toAbsolutePath().normalize().startsWith(directory.normalize());
            file = same ? given : directory.resolve(given.getFileName());
        }
        Map<String, String> set = new LinkedHashMap<>();
        if (record.get("set") instanceof Map<?, ?> fields) {
            fields.forEach((field, value) -> set.put(String.valueOf(field), String.valueOf(value)));
        }
        return new ConfigText(file, (String) record.get("config"), set);
    }

    private static Instant started(Map<?, ?> record) {
        try {
            return Instant.parse(String.valueOf(record.get("started")));
        } catch (DateTimeParseException e) {
            return Instant.now();
        }
    }

    /** Models, and whatever was decided with them. */
    private static void fill(Path run, RunFiles files, Map<?, ?> names, RunDirectory work) {
        for (Object each : names.keySet()) {
            String name = String.valueOf(each);
            boolean model = name.startsWith("models/");
            boolean decided = name.matches("(plan|instance)-[^/]*\\.json");
            Path file = run.resolve(name).normalize();
            if (!(model || decided) || !file.startsWith(run.normalize())) {
                continue;
            }
            if (!Files.isRegularFile(file)) {
                throw new UserError(file + ": is missing; expected all files of the run");
            }
            files.check(file);
            try {
                Path copy = work.work().resolve(name);
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            } catch (IOException e) {
                throw new UserError(file + ": cannot be copied: " + e.getMessage(), e);
            }
            if (decided) {
                work.finish(name);
            }
        }
    }

    /** That the figures are the run's own: another version, processor or data set may come to others. */
    private static void checkSame(Path run, Map<?, ?> record, RunSummary summary) {
        List<RunSummary.Row> before =
                List.of(Json.parse(run + "/run.json", Json.compact(record.get("rows")), RunSummary.Row[].class));
        if (!before.equals(summary.rows())) {
            throw new UserError(
                    run + ": comes to other results with this version, processor or data, so its report is not"
                            + " made anew. Maybe run it again: qexit run");
        }
    }
}
