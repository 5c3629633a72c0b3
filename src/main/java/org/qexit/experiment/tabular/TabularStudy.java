package org.qexit.experiment.tabular;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
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
import org.qexit.data.bowles.SyntheticSets;

/** Trains what the results of a study lack, and compares what is there. An interrupted study goes on where it was. */
public final class TabularStudy {
    private static final int FRESH_TEST = 1_000;

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
     * @param threads fits side by side
     * @param hours what is expected to take longer is left out; null for everything
     * @param say told what is going to happen, in lines
     * @param stop set to true from outside to end soon; what is finished is kept
     */
    public record Options(boolean train, int threads, Double hours, Consumer<String> say, AtomicBoolean stop) {}

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
        List<Search> searches = study.searches();
        List<Skipped> skipped = options.train() ? study.train(searches, options) : List.of();
        TabularSummary summary = TabularSummary.of(config, searches, skipped);
        AtomicFiles.writeString(directory.resolve("summary.md"), TabularTables.markdown(summary));
        TabularFigures.write(summary, directory);
        return summary;
    }

    /** Every model on every set, small sets first. */
    private List<Search> searches() {
        List<Search> searches = new ArrayList<>();
        for (int seed : config.dataSeeds()) {
            Consumer<SyntheticSet> each = set -> {
                if (config.families().contains(set.family().word()) && set.width() <= config.features()) {
                    for (String word : config.models()) {
                        Contender contender = Contender.of(word);
                        searches.add(new Search(
                                set,
                                seed,
                                config.protocol(),
                                contender,
                                config.points(contender),
                                config.refits(),
                                config.machines(),
                                table(set, contender)));
                    }
                }
            };
            if (config.protocol() == TabularConfig.Protocol.FRESH) {
                SyntheticSets.fresh(seed, FRESH_TEST, each);
            } else {
                SyntheticSets.published(each);
            }
        }
        searches.sort(Comparator.comparingInt(search -> search.set().width()));
        return searches;
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
        for (Search search : searches) {
            double hours = hours(search, costs) / options.threads();
            if (hours == 0) {
                continue;
            }
            if (options.hours() != null && total + hours > options.hours()) {
                skipped.add(new Skipped(
                        search.set().name(),
                        search.dataSeed(),
                        search.contender().word(),
                        hours * options.threads()));
                left += hours;
            } else {
                wanted.add(search);
                total += hours;
            }
        }
        options.say()
                .accept(String.format(
                        Locale.ROOT,
                        "%d of %d searches to do, about %s on %d thread(s); %d left out, another %s",
                        wanted.size(),
                        searches.size(),
                        time(total),
                        options.threads(),
                        skipped.size(),
                        time(left)));
        work(wanted, options);
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

    private static void work(List<Search> wanted, Options options) {
        ExecutorService workers = Executors.newFixedThreadPool(options.threads());
        int units = wanted.stream()
                .mapToInt(search ->
                        search.missing().size() + 1 + search.machines().size())
                .sum();
        try (Progress progress = Progress.start("tabular study, grid points", units)) {
            // Points of one search side by side, its refits behind them: at most one search has idle threads at its
            // end.
            List<Future<?>> refits = new ArrayList<>();
            for (Search search : wanted) {
                List<Future<?>> points = new ArrayList<>();
                for (Point point : search.missing()) {
                    points.add(workers.submit(() -> {
                        search.searched(point, options.stop()::get);
                        progress.step();
                    }));
                }
                for (Future<?> point : points) {
                    finished(point);
                }
                boolean refitted = search.isRefitted();
                refits.add(workers.submit(() -> {
                    if (!refitted) {
                        search.refitted(options.stop()::get);
                    }
                    progress.step();
                }));
                List<Machine> unmeasured = search.unmeasured();
                for (Machine machine : search.machines()) {
                    refits.add(workers.submit(() -> {
                        if (unmeasured.contains(machine)) {
                            search.measured(machine, options.stop()::get);
                        }
                        progress.step();
                    }));
                }
            }
            for (Future<?> refit : refits) {
                finished(refit);
            }
        } finally {
            workers.shutdownNow();
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
