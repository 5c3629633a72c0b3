package org.qexit.trace;

import org.qexit.common.Checks;

/**
 * Where the events of a device come from. The arrays are not copied; do not change them.
 *
 * @param classes the data set's class ids, {@code [event]}
 * @param sources the sample's index in the data set, or its file's name, {@code [event]}
 */
public record EventOrigins(int[] classes, String[] sources) {
    /** @throws IllegalArgumentException for lengths that differ, negative classes, sources without a name */
    public EventOrigins {
        if (classes.length != sources.length) {
            throw new IllegalArgumentException(classes.length + " classes for " + sources.length + " sources");
        }
        for (int k = 0; k < classes.length; k++) {
            Checks.nonNegative("class", classes[k]);
            Checks.notBlank("source", sources[k]);
        }
    }

    /** Of samples that are told by their index. */
    public static EventOrigins of(int[] classes, int[] indices) {
        String[] sources = new String[indices.length];
        for (int k = 0; k < sources.length; k++) {
            sources[k] = Integer.toString(indices[k]);
        }
        return new EventOrigins(classes, sources);
    }
}
