package org.qexit.experiment.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.qexit.common.Checks;
import org.qexit.common.DirectoryLock;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.common.Waiting;
import org.qexit.common.task.TaskRunner;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.experiment.results.StudyPlace;

/**
 * Trains every row of a study that its results lack, and writes the comparison. Every finished training is kept at once, so an
 * interrupted study goes on where it was; parts run in their order and seed by seed, so that what is there is balanced.
 */
public final class Study {
    private static final String RESULTS = "results.csv";

    private Study() {}

    /**
     * In this process.
     *
     * @param out directory of results.csv, summary.md and figures
     * @param threads trainings side by side
     * @param train false only compares what is there
     * @throws UserError if another study is at work in {@code out}
     */
    public static StudySummary run(StudyConfig config, DatasetCatalog catalog, Path out, int threads, boolean train) {
        Checks.within("threads", threads, 1, 1024);
        return run(config, StudyPlace.here(catalog, threads), out, train);
    }

    /** The same wherever its units are trained: but for the time that they take, the same rows in the same order. */
    public static StudySummary run(StudyConfig config, StudyPlace place, Path out, boolean train) {
        DirectoryLock lock = DirectoryLock.inside(out);
        try {
            StudyResults results = StudyResults.read(out.resolve(RESULTS));
            if (train) {
                train(config, place, results);
            }
            if (results.rows().isEmpty()) {
                throw new UserError(out.resolve(RESULTS) + ": no rows yet");
            }
            StudySummary summary = StudySummary.of(config, results.rows());
            StudyFigures.write(summary, out);
            return summary;
        } finally {
            lock.close();
        }
    }

    private static void train(StudyConfig config, StudyPlace place, StudyResults results) {
        Map<String, StudyUnit.Images> images = StudyTasks.images(config, place.catalog());
        List<StudyUnit> units = StudyTasks.units(config);
        results.order(units.stream().flatMap(unit -> unit.keys().stream()).toList());
        int[] epochs = units.stream()
                .mapToInt(unit -> unit.epochs(results, images.get(unit.set().name())))
                .toArray();
        StudyTasks tasks = new StudyTasks(place, results.keys());
        TaskRunner runner = place.runner();
        ExecutorService pool = Executors.newFixedThreadPool(runner.atATime());
        ExecutorCompletionService<Void> running = new ExecutorCompletionService<>(pool);
        try (Progress progress = Progress.start(
                "study " + config.name() + ", epochs",
                IntStream.of(epochs).asLongStream().sum())) {
            StudyTasks.Shared here = new StudyTasks.Shared(units, images, results::add, progress::step);
            List<Integer> wanted = IntStream.range(0, epochs.length)
                    .filter(i -> epochs[i] > 0)
                    .boxed()
                    .toList();
            for (int i : wanted) {
                running.submit(() -> {
                    StudyTasks.Trained trained = runner.run(tasks, here, i, () -> false);
                    results.add(trained.rows());
                    if (!trained.told()) {
                        progress.step(epochs[i]);
                    }
                    return null;
                });
            }
            for (int i = 0; i < wanted.size(); i++) {
                Waiting.resultOf(running.take());
            }
        } catch (InterruptedException e) {
            throw Waiting.interrupted(e);
        } finally {
            pool.shutdownNow();
        }
    }
}
