package org.qexit.experiment.tabular;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.qexit.common.task.TaskSet;
import org.qexit.data.bowles.SyntheticSet;
import org.qexit.data.bowles.SyntheticSets;
import org.qexit.experiment.results.StudyPlace;

/**
 * The fits of a study, some of one search together. A result is the rows of a {@link FitTable}.
 */
record TabularTasks(StudyPlace place) implements TaskSet<List<Search>, TabularTasks.Fits, ArrayList<FitTable.Row>> {
    private static final int FRESH_TEST = 1_000;

    /**
     * Which fits.
     *
     * @param search its number among those of the study
     * @param point its number in the grid: whose folds, or which is trained again
     * @param machine its number among those of the search, of {@link FitTable.Stage#MEASURED}
     */
    record Fits(int search, FitTable.Stage stage, int point, int machine) implements Serializable {}

    /**
     * Every model on every set, small sets first.
     *
     * @param tables where results of a model on the sets of a family are
     */
    static List<Search> searches(TabularConfig config, BiFunction<SyntheticSet, Contender, FitTable> tables) {
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
                                tables.apply(set, contender)));
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

    /** Without results: those are where the study was begun. */
    @Override
    public List<Search> prepare() {
        return searches(TabularConfig.read(place.config()), (set, contender) -> null);
    }

    @Override
    public ArrayList<FitTable.Row> run(List<Search> searches, Fits fits, BooleanSupplier stopped) {
        Search search = searches.get(fits.search());
        Point point = search.points().get(fits.point());
        return new ArrayList<>(
                switch (fits.stage()) {
                    case SEARCH -> search.searched(point, stopped);
                    case REFIT -> search.refitted(point, stopped);
                    case MEASURED -> search.measured(search.machines().get(fits.machine()), point, stopped);
                });
    }
}
