package org.qexit.tier.cloud;

import java.util.List;
import org.qexit.common.Checks;

/**
 * The state of a {@link CloudServer} as files hold it, format {@value #FORMAT}. A training under way is not part of it: it is ordered anew.
 *
 * @param rules that it goes by
 * @param version in force
 * @param sha256 of the model in force
 * @param candidates that were tested
 * @param trigger of trainings
 * @param replay what it learns from
 * @param heldOut events that wait for a test
 * @param used sources that were tested on, or given to training
 * @param reports of events whose label is not known, the oldest first
 * @param evidence of all candidates
 */
public record CloudState(
        String format,
        CloudRules rules,
        long version,
        String sha256,
        int candidates,
        RetrainingTrigger.State trigger,
        ReplayState replay,
        List<Example> heldOut,
        List<Long> used,
        List<Report> reports,
        List<Evidence> evidence) {
    public static final String FORMAT = "qexit.cloud/1";

    public CloudState {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        Checks.present("rules", rules);
        Checks.sha256("sha256", sha256);
        Checks.within("candidates", candidates, 0, Integer.MAX_VALUE - 1);
        Checks.present("trigger", trigger);
        Checks.present("replay", replay);
        heldOut = List.copyOf(Checks.present("heldOut", heldOut));
        used = List.copyOf(Checks.present("used", used));
        reports = List.copyOf(Checks.present("reports", reports));
        evidence = List.copyOf(Checks.present("evidence", evidence));
        if (evidence.size() != candidates) {
            throw new IllegalArgumentException(
                    "evidence has " + evidence.size() + " entries; expected one per candidate, " + candidates);
        }
        long accepted = evidence.stream()
                .filter(one -> one.result().verdict().accepted())
                .count();
        if (version != accepted) {
            throw new IllegalArgumentException(
                    "version is " + version + "; expected the number of accepted candidates, " + accepted);
        }
        if (!rules.replay().equals(replay.limits())) {
            throw new IllegalArgumentException("replay has other limits than the rules");
        }
    }
}
