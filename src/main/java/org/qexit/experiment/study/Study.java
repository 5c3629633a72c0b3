package org.qexit.experiment.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.qexit.common.Checks;
import org.qexit.common.DirectoryLock;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.common.Waiting;
import org.qexit.data.Split;
import org.qexit.data.catalog.DatasetCatalog;

/**
 * Trains every row of a study that its results lack, and writes the comparison. Every finished training is kept at once, so an
 * interrupted study goes on where it was; parts run in their order and seed by seed, so that what is there is balanced.
 */
public final class Study {
    private static final String RESULTS = "results.csv";

    private Study() {}

    /**
     * @param out directory of results.csv, summary.md and figures
     * @param threads trainings side by side
     * @param train false only compares what is there
     * @throws UserError if another study is at work in {@code out}
     */
    public static StudySummary run(StudyConfig config, DatasetCatalog catalog, Path out, int threads, boolean train) {
        Checks.within("threads", threads, 1, 1024);
        DirectoryLock lock = DirectoryLock.inside(out);
        try {
            return compare(config, catalog, out, threads, train);
        } finally {
            lock.close();
        }
    }

    private static StudySummary compare(
            StudyConfig config, DatasetCatalog catalog, Path out, int threads, boolean train) {
        StudyResults results = StudyResults.read(out.resolve(RESULTS));
        if (train) {
            train(config, catalog, results, threads);
        }
        if (results.rows().isEmpty()) {
            throw new UserError(out.resolve(RESULTS) + ": no rows yet");
        }
        StudySummary summary = StudySummary.of(config, results.rows());
        StudyFigures.write(summary, out);
        return summary;
    }

    private static void train(StudyConfig config, DatasetCatalog catalog, StudyResults results, int threads) {
        Map<String, StudyUnit.Images> images = new HashMap<>();
        for (StudyConfig.Data set : config.data()) {
            images.put(
                    set.name(),
                    new StudyUnit.Images(
                            catalog.load(set.dataset(), Split.TRAIN), catalog.load(set.dataset(), Split.TEST)));
        }
        List<StudyUnit> units = units(config);
        long epochs = units.stream()
                .mapToLong(unit -> unit.epochs(results, images.get(unit.set().name())))
                .sum();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        ExecutorCompletionService<Void> running = new ExecutorCompletionService<>(pool);
        try (Progress progress = Progress.start("study " + config.name() + ", epochs", epochs)) {
            for (StudyUnit unit : units) {
                running.submit(() -> {
                    try {
                        Progress.quietly(
                                () -> unit.run(results, images.get(unit.set().name()), progress::step));
                    } catch (UserError e) {
                        throw new UserError(unit + ": " + e.getMessage(), e);
                    }
                    return null;
                });
            }
            for (int i = 0; i < units.size(); i++) {
                Waiting.resultOf(running.take());
            }
        } catch (InterruptedException e) {
            throw Waiting.interrupted(e);
        } finally {
            pool.shutdownNow();
        }
    }

    private static List<StudyUnit> units(StudyConfig config) {
        List<StudyUnit> units = new ArrayList<>();
        for (StudyConfig.Part part : config.parts()) {
            for (long seed : part.seeds()) {
                for (StudyConfig.Data set : config.data()) {
                    for (Head head : part.heads()) {
                        units.add(new StudyUnit(config, set, head, seed, config.losses(part), part.budgets()));
                    }
                }
            }
        }
        return units;
    }
}
