package org.qexit.tier.cloud;

import java.io.Serializable;
import org.qexit.common.Checks;

/**
 * What was decided of a candidate and why, for the record.
 *
 * @param candidate its number, from 1
 * @param reason why it was trained
 * @param orderedSeconds when
 * @param decidedSeconds when
 * @param base version it was trained on from and tested against
 * @param baseSha256 of that version
 * @param candidateSha256 of the candidate
 * @param trained events
 * @param trainedSha256 over their ids
 * @param tested events
 * @param testedSha256 over their ids
 * @param rules of the test
 * @param result of it
 * @param version that is in force from now on
 */
public record Evidence(
        int candidate,
        Reason reason,
        double orderedSeconds,
        double decidedSeconds,
        long base,
        String baseSha256,
        String candidateSha256,
        int trained,
        String trainedSha256,
        int tested,
        String testedSha256,
        AcceptanceRules rules,
        Acceptance.Result result,
        long version)
        implements Serializable {
    public Evidence {
        Checks.present("reason", reason);
        Checks.sha256("baseSha256", baseSha256);
        Checks.sha256("candidateSha256", candidateSha256);
        Checks.sha256("trainedSha256", trainedSha256);
        Checks.sha256("testedSha256", testedSha256);
        Checks.present("rules", rules);
        Checks.present("result", result);
    }
}
