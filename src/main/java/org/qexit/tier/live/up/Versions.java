package org.qexit.tier.live.up;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.qexit.bundle.Bundle;

/** Which version of the nodes' model a bundle is: 0 is that of the run, others the cloud server has trained. Not for several threads. */
final class Versions {
    private final Path candidates;
    private final Map<String, Long> known = new HashMap<>();
    private int seen;

    /**
     * @param first digest of the first bundle
     * @param cloud directory of the cloud server's state
     */
    Versions(String first, Path cloud) {
        candidates = cloud.resolve("candidates");
        known.put(first, 0L);
    }

    /** Takes what is new of the candidates. */
    void read(CloudState state) {
        for (; seen < state.candidates().size(); seen++) {
            CloudState.Candidate candidate = state.candidates().get(seen);
            Path bundle = candidates.resolve(candidate.number() + "/model/bundle.zip");
            if (candidate.accepted() && Files.isRegularFile(bundle)) {
                known.put(Bundle.open(bundle).sha256(), candidate.version());
            }
        }
    }

    /** Null for a bundle that others have published, and for none. */
    Long of(String digestOrNull) {
        return known.get(digestOrNull);
    }
}
