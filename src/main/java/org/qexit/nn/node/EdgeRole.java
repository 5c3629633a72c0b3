package org.qexit.nn.node;

import java.util.List;
import java.util.TreeSet;
import org.qexit.common.Checks;

/**
 * What a model directory says of an edge node's model beside its network.
 *
 * @param critical ids of the critical classes, ascending
 * @param payload what its network is given
 * @param training how it was trained
 */
public record EdgeRole(List<Integer> critical, Payload payload, ClassTrainingConfig training) {
    public EdgeRole {
        if (critical == null || critical.isEmpty()) {
            throw new IllegalArgumentException("critical is empty; expected at least one class id");
        }
        if (!List.copyOf(new TreeSet<>(critical)).equals(critical) || critical.get(0) < 0) {
            throw new IllegalArgumentException(
                    "critical is " + critical + "; expected different class ids >= 0, ascending");
        }
        critical = List.copyOf(critical);
        Checks.present("payload", payload);
        Checks.present("training", training);
    }

    /**
     * This, if the classes are there.
     *
     * @param classes K
     */
    public EdgeRole checkClasses(int classes) {
        int last = critical.get(critical.size() - 1);
        if (last >= classes) {
            throw new IllegalArgumentException("critical has class " + last + "; expected ids below " + classes);
        }
        if (critical.size() == classes) {
            throw new IllegalArgumentException("all " + classes + " classes are critical; expected a normal one");
        }
        return this;
    }

    /** Whether each class is critical, {@code [class]}. */
    public boolean[] criticalOf(int classes) {
        boolean[] flags = new boolean[classes];
        critical.forEach(id -> flags[id] = true);
        return flags;
    }
}
