package org.qexit.experiment.tabular;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.data.bowles.SyntheticSet;
import org.qexit.experiment.results.StudyPlace;

/** Trains what the results of a study lack, and compares what is there. An interrupted study goes on where it was. */
public final class TabularStudy {
    private final TabularConfig config;
    private final Path directory;
    private final Map<String, FitTable> tables = new HashMap<>();

    private TabularStudy(TabularConfig config, Path directory) {
        this.config = config;
        this.directory = directory;
    }

    /**
     * What to do.
     *
     * @param train false only compares what is there
     * @param place where fits are trained
     * @param hours what is expected to take longer is left out; null for everything
     * @param say told what is going to happen, in lines
     * @param stop set to true from outside to end soon; what is finished is kept
     */
    public record Options(boolean train, StudyPlace place, Double hours, Consumer<String> say, AtomicBoolean stop) {
        int atATime() {
            return place.runner().atATime();
        }
    }

    /**
     * A model on a set that was left out.
     *
     * @param hours it would take
     */
    public record Skipped(String dataset, int dataSeed, String model, double hours) {}

    /**
     * Runs a study.
     *
     * @param directory of results/, summary.md, accuracies.svg and differences.svg
     * @throws UserError if there is nothing to compare, or it was stopped
     */
    public static TabularSummary run(TabularConfig config, Path directory, Options options) {
        TabularStudy study = new TabularStudy(config, directory);
        List<Search> searches = TabularTasks.searches(config, study::table);
        List<Skipped> skipped = options.train() ? study.train(searches, options) : List.of();
        TabularSummary summary = TabularSummary.of(config, searches, skipped);
        AtomicFiles.writeString(directory.resolve("summary.md"), TabularTables.markdown(summary));
        TabularFigures.write(summary, directory);
        return summary;
    }

    private FitTable table(SyntheticSet set, Contender contender) {
        String name = set.family().word() + "-" + contender.word() + ".csv";
        String protocol = config.protocol().name().toLowerCase(Locale.ROOT);
        return tables.computeIfAbsent(
                name,
                key -> FitTable.read(
                        directory.resolve("results").resolve(protocol).resolve(name)));
    }

    private List<Skipped> train(List<Search> searches, Options options) {
        List<Search> wanted = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        Costs costs = new Costs();
        searches.forEach(search -> costs.learn(search.contender(), search.table()));
        double total = 0;
        double left = 0;
        double[] needed = needed(searches, costs);
        for (int i = 0; i < needed.length; i++) {
            Search search = searches.get(i);
            double hours = needed[i] / options.atATime();
            if (hours == 0) {
                continue;
            }
            if (options.hours() != null && total + hours > options.hours()) {
                skipped.add(new Skipped(
                        search.set().name(),
                        search.dataSeed(),
                        search.contender().word(),
                        hours * options.atATime()));
                left += hours;
            } else {
                wanted.add(search);
                total += hours;
            }
        }
        options.say()
                .accept(String.format(
                        Locale.ROOT,
                        "%d of %d searches to do, about %s at %d fit(s) a time; %d left out, another %s",
                        wanted.size(),
                        searches.size(),
                        time(total),
                        options.atATime(),
                        skipped.size(),
                        time(left)));
        work(searches, wanted, options);
        return skipped;
    }

    private static String time(double hours) {
        double minutes = 60 * hours;
        return minutes < 1
                ? "a minute"
                : minutes < 120
                        ? String.format(Locale.ROOT, "%.0f minutes", minutes)
                        : String.format(Locale.ROOT, "%.1f hours", hours);
    }

    /** Of every search, in hours; steps that are timed take a minute or two. */
    private static double[] needed(List<Search> searches, Costs costs) {
        try (Progress progress = Progress.start("estimating times, searches", searches.size())) {
            double[] hours = new double[searches.size()];
            for (int i = 0; i < hours.length; i++) {
                hours[i] = hours(searches.get(i), costs);
                progress.step();
            }
            return hours;
        }
    }

    /** Of processor time that a search still needs. */
    private static double hours(Search search, Costs costs) {
        int width = search.set().width();
        double seconds = 0;
        for (Point point : search.missing()) {
            seconds += Folds.COUNT * costs.seconds(search.contender(), width, point);
        }
        if (seconds > 0 || !search.isRefitted()) {
            seconds += search.refits()
                    * costs.seconds(search.contender(), width, search.points().get(0));
        }
        Point best = search.best().orElse(search.points().get(0));
        for (Machine machine : search.unmeasured()) {
            seconds += search.refits() * costs.seconds(search.contender(), width, best, machine);
        }
        return seconds / 3600;
    }

    private static void work(List<Search> searches, List<Search> wanted, Options options) {
        ExecutorService workers = Executors.newFixedThreadPool(options.atATime());
        int units = wanted.stream()
                .mapToInt(search ->
                        search.missing().size() + 1 + search.machines().size())
                .sum();
        try (Progress progress = Progress.start("tabular study, grid points", units)) {
            Fitting fitting = new Fitting(searches, new TabularTasks(options.place()), options, progress);
            // Points of one search side by side, its refits behind them: at most one search has idle threads at its
            // end.
            List<Future<?>> refits = new ArrayList<>();
            for (Search search : wanted) {
                List<Future<?>> points = new ArrayList<>();
                for (Point point : search.missing()) {
                    points.add(workers.submit(() -> fitting.fit(search, FitTable.Stage.SEARCH, point, 0)));
                }
                for (Future<?> point : points) {
                    finished(point);
                }
                boolean refitted = search.isRefitted();
                Point best = search.best().orElse(null);
                refits.add(workers.submit(() -> fitting.fit(search, FitTable.Stage.REFIT, refitted ? null : best, 0)));
                List<Machine> unmeasured = search.unmeasured();
                for (int m = 0; m < search.machines().size(); m++) {
                    int machine = m;
                    Point measured = unmeasured.contains(search.machines().get(m)) ? best : null;
                    refits.add(workers.submit(() -> fitting.fit(search, FitTable.Stage.MEASURED, measured, machine)));
                }
            }
            for (Future<?> refit : refits) {
                finished(refit);
            }
        } finally {
            workers.shutdownNow();
        }
    }

    /** Has fits trained, wherever that is, and keeps them. */
    private record Fitting(List<Search> searches, TabularTasks tasks, Options options, Progress progress) {
        /** @param point null if there is nothing to do */
        void fit(Search search, FitTable.Stage stage, Point point, int machine) {
            if (point != null) {
                TabularTasks.Fits fits = new TabularTasks.Fits(
                        searches.indexOf(search), stage, search.points().indexOf(point), machine);
                search.table().add(options.place().runner().run(tasks, searches, fits, options.stop()::get));
            }
            progress.step();
        }
    }

    private static void finished(Future<?> future) {
        try {
            future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted; what is finished is kept, and the same command goes on", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CancellationException) {
                throw new UserError("stopped; what is finished is kept, and the same command goes on", e);
            }
            if (e.getCause() instanceof RuntimeException wrong) {
                throw wrong;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
