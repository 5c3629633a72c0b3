package org.qexit.tier.live.up;

import java.util.List;
import org.qexit.tier.cloud.Evidence;
import org.qexit.tier.live.cloud.CloudService;

/**
 * What the cloud server has heard and learnt.
 *
 * @param reporting devices and nodes that it has heartbeats of
 * @param alarms of drift that it was told
 * @param learns whether it does; if not, the rest is 0
 * @param version of the nodes' model in force, 0 for the one that the run made
 * @param events that nodes told of
 * @param examples labelled events to learn from
 * @param tests labelled events that wait for a test
 * @param training number of the candidate that is being trained, or null
 * @param candidates that were tested
 */
public record CloudState(
        int reporting,
        long alarms,
        boolean learns,
        long version,
        int events,
        int examples,
        int tests,
        Integer training,
        List<Candidate> candidates) {
    /**
     * A model that was trained and tested.
     *
     * @param reason why it was trained
     * @param trained events that it learnt from
     * @param tested events that it was tested on
     * @param accepted whether it was published
     * @param verdict in words
     * @param p of the one-sided test that it is better
     * @param version in force after it
     */
    public record Candidate(
            int number,
            String reason,
            int trained,
            int tested,
            boolean accepted,
            String verdict,
            double p,
            long version) {
        static Candidate of(Evidence evidence) {
            return new Candidate(
                    evidence.candidate(),
                    evidence.reason().word(),
                    evidence.trained(),
                    evidence.tested(),
                    evidence.result().verdict().accepted(),
                    evidence.result().verdict().word(),
                    evidence.result().pBetter(),
                    evidence.version());
        }
    }

    static CloudState of(CloudService cloud) {
        CloudService.Learnt learnt = cloud.learnt();
        if (learnt == null) {
            return new CloudState(cloud.reporting(), cloud.alarms(), false, 0, 0, 0, 0, null, List.of());
        }
        return new CloudState(
                cloud.reporting(),
                cloud.alarms(),
                true,
                learnt.version(),
                learnt.events(),
                learnt.examples(),
                learnt.tests(),
                learnt.training(),
                learnt.evidence().stream().map(Candidate::of).toList());
    }
}
