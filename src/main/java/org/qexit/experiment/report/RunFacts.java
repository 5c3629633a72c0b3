package org.qexit.experiment.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.Checks;

/**
 * What the report says of the run itself.
 *
 * @param title heading
 * @param configName the configuration's name
 * @param seed the run's seed
 * @param notes cautions, one sentence each
 * @param provenance facts by name
 * @param reproduce commands that make the same run
 * @param configText the configuration as read, or null
 */
public record RunFacts(
        String title,
        String configName,
        long seed,
        List<String> notes,
        Map<String, String> provenance,
        List<String> reproduce,
        String configText) {
    public RunFacts {
        Checks.notBlank("title", title);
        Checks.notBlank("configName", configName);
        notes = List.copyOf(notes);
        provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
        reproduce = List.copyOf(reproduce);
    }
}
