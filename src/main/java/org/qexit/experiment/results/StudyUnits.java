package org.qexit.experiment.results;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.common.task.InOrder;
import org.qexit.common.task.TaskSet;
import org.qexit.simulation.Replications;

/**
 * The units of a study whose rows a table lacks: each is done, and its rows are added in the order of the units, however they are spread.
 *
 * @param name of the study and its units, as progress shows it
 * @param done what they are then, in a word
 * @param units in their order
 * @param key cells by which a unit's rows are known
 * @param <S> what units share
 * @param <T> which unit
 */
public record StudyUnits<S, T extends Serializable>(
        String name, String done, List<T> units, Function<T, Map<String, String>> key) {
    /**
     * Does them.
     *
     * @param stop set to true from outside to end behind the units at work
     * @throws UserError if it was stopped
     */
    public void run(
            ResultTable results,
            StudyPlace place,
            TaskSet<S, T, ArrayList<List<Object>>> tasks,
            S here,
            AtomicBoolean stop) {
        List<T> missing =
                units.stream().filter(unit -> !results.has(key.apply(unit))).toList();
        InOrder<ArrayList<List<Object>>> order = new InOrder<>(results::add);
        try (Progress progress = Progress.start(name, units.size())) {
            progress.step(units.size() - missing.size());
            if (missing.isEmpty()) {
                return;
            }
            Replications.run(missing.size(), place.runner().atATime(), number -> {
                if (stop.get()) {
                    throw stopped(null);
                }
                try {
                    Progress.quietly(
                            () -> order.put(number, place.runner().run(tasks, here, missing.get(number), stop::get)));
                } catch (CancellationException e) {
                    throw stopped(e);
                }
                progress.step();
                return null;
            });
        }
    }

    private UserError stopped(Throwable cause) {
        return new UserError("stopped; what is " + done + " is kept, and the same command goes on", cause);
    }
}
