package org.qexit.tier.cloud;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qexit.common.Checks;

/**
 * The state of a {@link ReplayStore} as files hold it.
 *
 * @param limits of the store
 * @param offered examples ever offered
 * @param classes {@code [class]}
 */
public record ReplayState(ReplayLimits limits, long offered, List<OfClass> classes) {
    public ReplayState {
        Checks.present("limits", limits);
        classes = List.copyOf(Checks.present("classes", classes));
        if (classes.size() != limits.classes()) {
            throw new IllegalArgumentException(
                    "classes has " + classes.size() + " entries; expected " + limits.classes());
        }
        if (offered < 0) {
            throw new IllegalArgumentException("offered is " + offered + "; expected at least 0");
        }
    }

    /**
     * The examples of one class.
     *
     * @param seen that competed for its places
     * @param held in their places
     * @param seenOf of each device that has places
     */
    public record OfClass(long seen, List<Example> held, Map<String, Long> seenOf) {
        public OfClass {
            held = List.copyOf(Checks.present("held", held));
            Checks.present("seenOf", seenOf).forEach((device, count) -> Checks.present("seenOf " + device, count));
            seenOf = java.util.Collections.unmodifiableMap(new TreeMap<>(seenOf));
        }
    }
}
