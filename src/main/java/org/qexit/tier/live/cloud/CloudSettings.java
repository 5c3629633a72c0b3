package org.qexit.tier.live.cloud;

import java.util.List;
import org.qexit.common.Checks;
import org.qexit.tier.cloud.CloudRules;

/**
 * How a cloud server works.
 *
 * @param rules of learning and acceptance
 * @param payloadBytes of an event, as devices send it to the nodes' model
 * @param perDevice events of one device that are kept at most; more of it are not taken
 * @param subjects for whom accepted models are published: ids of nodes, or "*"
 * @param snapshotSeconds between two writings of the state, at least
 */
public record CloudSettings(
        CloudRules rules, int payloadBytes, int perDevice, List<String> subjects, double snapshotSeconds) {
    private static final int MOST_PAYLOAD = 1 << 22;

    public CloudSettings {
        Checks.present("rules", rules);
        Checks.within("payloadBytes", payloadBytes, 1, MOST_PAYLOAD);
        Checks.within("perDevice", perDevice, 1, Integer.MAX_VALUE);
        subjects = List.copyOf(subjects);
        Checks.nonNegative("snapshotSeconds", snapshotSeconds);
    }
}
