package org.qexit.common;

import java.util.Map;

/**
 * Where an artefact comes from. Holds only what is the same on every run of the same inputs, so that artefacts stay
 * byte-identical; time, JVM and CPU go to the run's {@code run.json}.
 *
 * @param qexit version of the program
 * @param seed the run's seed, or null where none was used
 * @param configSha256 SHA-256 of the configuration file, or null
 * @param data SHA-256 of each input by name, or null
 */
public record Provenance(String qexit, Long seed, String configSha256, Map<String, String> data) {
    public Provenance {
        data = data == null ? null : new java.util.TreeMap<>(data);
    }
}
