package org.qexit.experiment.run;

import java.util.List;
import java.util.Map;

/**
 * What the report says of the run itself.
 *
 * @param title heading
 * @param configName the configuration's name
 * @param seed the run's seed
 * @param notes cautions, one sentence each
 * @param provenance facts by name
 * @param reproduce commands that make the same run
 * @param configText the configuration as read
 */
record RunFacts(
        String title,
        String configName,
        long seed,
        List<String> notes,
        Map<String, String> provenance,
        List<String> reproduce,
        String configText) {}
