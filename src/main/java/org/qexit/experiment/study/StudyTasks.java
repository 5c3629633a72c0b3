package org.qexit.experiment.study;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.common.task.TaskSet;
import org.qexit.data.Split;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.experiment.results.StudyPlace;

/**
 * The units of a study by their number, each a task that trains what is missing of it.
 *
 * @param there keys of the rows that are there already
 */
record StudyTasks(StudyPlace place, Set<String> there)
        implements TaskSet<StudyTasks.Shared, Integer, StudyTasks.Trained> {
    /**
     * What all units share in a process.
     *
     * @param images by the name of the data set
     * @param kept given rows as soon as they are there; null where they go to another process
     * @param tick called after every epoch
     */
    record Shared(
            List<StudyUnit> units, Map<String, StudyUnit.Images> images, Consumer<List<StudyRow>> kept, Runnable tick) {
        StudyUnit.Images images(StudyUnit unit) {
            return images.get(unit.set().name());
        }
    }

    /**
     * Rows of a unit that were missing.
     *
     * @param told whether its epochs were told of
     */
    record Trained(List<StudyRow> rows, boolean told) implements Serializable {}

    static Map<String, StudyUnit.Images> images(StudyConfig config, DatasetCatalog catalog) {
        Map<String, StudyUnit.Images> images = new HashMap<>();
        for (StudyConfig.Data set : config.data()) {
            images.put(
                    set.name(),
                    new StudyUnit.Images(
                            catalog.load(set.dataset(), Split.TRAIN), catalog.load(set.dataset(), Split.TEST)));
        }
        return images;
    }

    static List<StudyUnit> units(StudyConfig config) {
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

    @Override
    public Shared prepare() {
        StudyConfig config = StudyConfig.read(place.config());
        return new Shared(units(config), images(config, place.catalog()), null, () -> {});
    }

    @Override
    public Trained run(Shared shared, Integer number, BooleanSupplier stopped) {
        StudyUnit unit = shared.units().get(number);
        List<StudyRow> rows = new ArrayList<>();
        boolean told = shared.kept() != null;
        try {
            Progress.quietly(() -> unit.run(
                    there,
                    shared.images(unit),
                    more -> {
                        rows.addAll(more);
                        if (told) {
                            shared.kept().accept(more);
                        }
                    },
                    shared.tick()));
        } catch (UserError e) {
            throw new UserError(unit + ": " + e.getMessage(), e);
        }
        return new Trained(rows, told);
    }
}
