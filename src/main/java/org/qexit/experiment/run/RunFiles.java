package org.qexit.experiment.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.nn.store.ModelDirectory;

/**
 * The files of a finished run as its {@code run.json} records them: whoever reads one of them asks here whether it still is what the run
 * made. A file that the record does not name is not the run's and passes; so do all files of a run whose record names none.
 */
public final class RunFiles {
    static final String FORMAT = "qexit.run-record/1";

    /** The field of {@code run.json} that holds the SHA-256 of all others; missing in older records. */
    private static final String DIGEST = "recordSha256";

    /** The field of {@code run.json} that says where the configuration was. */
    static final String CONFIG_DIRECTORY = "configDirectory";

    /** The field of {@code run.json} that says which file the configuration was, as it was given; missing in older records. */
    static final String CONFIG_FILE = "configFile";

    /** How deep below a run its files lie: {@code models/NAME/tensorboard/FILE}. */
    private static final int DEPTH = 4;

    private final Path directory;
    private final Map<?, ?> record;

    private RunFiles(Path directory, Map<?, ?> record) {
        this.directory = directory;
        this.record = record;
    }

    /**
     * The files of the run in {@code directory}.
     *
     * @throws UserError if it is no finished run, or its record cannot be read or is not what was written
     */
    public static RunFiles of(Path directory) {
        Path file = directory.resolve(RunDirectory.MARK);
        Map<?, ?> record = Json.read(file, Map.class);
        if (record.get(DIGEST) instanceof String digest && !digest.equals(digest(record))) {
            throw new UserError(file + ": its SHA-256 is not what it says of itself; it was changed after the run."
                    + " Maybe run again");
        }
        return new RunFiles(directory, record);
    }

    /** What {@code run.json} holds: a record and its digest. */
    static Map<String, Object> sealed(Map<String, Object> record) {
        Map<String, Object> all = new LinkedHashMap<>(record);
        all.put(DIGEST, digest(record));
        return all;
    }

    private static String digest(Map<?, ?> record) {
        // As it reads back, so that numbers have the same form before and after.
        Map<?, ?> other = Json.parse(RunDirectory.MARK, Json.compact(record), LinkedHashMap.class);
        other.remove(DIGEST);
        return Hashing.sha256Hex(Json.compact(other).getBytes(StandardCharsets.UTF_8));
    }

    /** The run's configuration, with the seed that it ran with. */
    public RunConfig config() {
        Path file = directory.resolve(RunDirectory.MARK);
        if (!(record.get("config") instanceof String text) || !(record.get("seed") instanceof Number seed)) {
            throw new UserError(file + ": has no text 'config' and number 'seed'; expected a finished run");
        }
        RunConfig read =
                Json.parseYaml(file + ", field 'config'", text, RunConfig.class).withSeed(seed.longValue());
        return configDirectory(record).map(read::near).orElse(read);
    }

    /** Where the configuration was, which its data's paths are relative to; not in older records. */
    static Optional<Path> configDirectory(Map<?, ?> record) {
        return record.get(CONFIG_DIRECTORY) instanceof String text ? Optional.of(Path.of(text)) : Optional.empty();
    }

    /**
     * The same of a run that has plans.
     *
     * @throws UserError if its configuration has no fleet
     */
    public RunConfig withFleet() {
        RunConfig config = config();
        if (config.fleet() == null) {
            throw new UserError(
                    directory + ": the run has no plan, as its configuration has no fleet. Maybe add a section"
                            + " fleet, as in experiments/quickstart.yaml, and run again");
        }
        return config;
    }

    /** SHA-256 of the test samples' content, or null where the record does not say. */
    public String testData() {
        return record.get("data") instanceof Map<?, ?> data && data.get("test") instanceof String sha256
                ? sha256
                : null;
    }

    Map<?, ?> record() {
        return record;
    }

    /**
     * The plan that a run's first method made, unchanged since.
     *
     * @param modelOrNull which of its models; null for the first
     */
    public static Path firstPlan(Path run, String modelOrNull) {
        if (!isRun(run.toAbsolutePath().normalize())) {
            throw new UserError(run + ": is no finished run. Maybe give a plan: --plan");
        }
        RunConfig config = of(run).withFleet();
        String model = modelOrNull == null ? config.model().name() : modelOrNull;
        Path plan = run.resolve("plan-" + model + "-" + config.methods().get(0) + ".json");
        if (!Files.exists(plan)) {
            throw new UserError(run + ": the run has no plan of a model '" + UserError.shown(model) + "'");
        }
        checkGiven(plan);
        return plan;
    }

    /**
     * Checks whatever a command was given to read: nothing to do unless it is a run, or lies within one.
     *
     * @throws UserError if it is not what the run made
     */
    public static void checkGiven(Path given) {
        Path absolute = given.toAbsolutePath().normalize();
        if (!Files.exists(absolute)) {
            return;
        }
        if (isRun(absolute)) {
            of(absolute);
            return;
        }
        within(absolute).ifPresent(run -> {
            RunFiles files = of(run);
            if (Files.exists(absolute.resolve(ModelDirectory.MANIFEST))) {
                files.checkModel(absolute);
            } else if (Files.isRegularFile(absolute)) {
                files.check(absolute, given);
            }
        });
    }

    /** The finished run that a path lies within. */
    public static Optional<Path> within(Path path) {
        Path above = path.toAbsolutePath().normalize().getParent();
        for (int i = 0; i < DEPTH && above != null; i++) {
            if (isRun(above)) {
                return Optional.of(above);
            }
            above = above.getParent();
        }
        return Optional.empty();
    }

    private static boolean isRun(Path directory) {
        return Files.isRegularFile(directory.resolve(RunDirectory.MARK));
    }

    /** Checks the two files of a model directory that make the model. */
    void checkModel(Path model) {
        Path manifest = model.resolve(ModelDirectory.MANIFEST);
        check(manifest, manifest);
        Object parameters = Json.read(manifest, Map.class).get("parametersFile");
        if (parameters instanceof String name) {
            check(model.resolve(name), model.resolve(name));
        }
    }

    /** Checks one file, if the record names it. */
    void check(Path file) {
        check(file, file);
    }

    private void check(Path file, Path shown) {
        Path absolute = file.toAbsolutePath().normalize();
        Path root = directory.toAbsolutePath().normalize();
        if (!absolute.startsWith(root) || !Files.isRegularFile(absolute)) {
            return;
        }
        String name = root.relativize(absolute).toString().replace('\\', '/');
        if (!(record.get("files") instanceof Map<?, ?> files) || !(files.get(name) instanceof String recorded)) {
            return;
        }
        String found;
        try {
            found = Hashing.sha256Hex(absolute);
        } catch (IOException e) {
            throw new UserError(shown + ": cannot be read: " + e.getMessage(), e);
        }
        if (!found.equals(recorded)) {
            throw new UserError(shown + ": is not what the run made: its SHA-256 is not the one in "
                    + directory.resolve(RunDirectory.MARK) + ". Maybe run again, or use a copy outside the run");
        }
    }
}
