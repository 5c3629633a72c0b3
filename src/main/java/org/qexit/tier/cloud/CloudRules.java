package org.qexit.tier.cloud;

import java.util.List;
import java.util.TreeSet;
import org.qexit.common.Checks;

/**
 * All that a {@link CloudServer} goes by.
 *
 * @param replay how much it keeps to learn from
 * @param trigger when it orders a training
 * @param acceptance what a candidate must show
 * @param heldOut share of the sources that are tested on instead of learnt from
 * @param leastTested events that must wait for a test before a training is ordered
 * @param critical ids of the critical classes, ascending
 * @param seed of its choices
 */
public record CloudRules(
        ReplayLimits replay,
        TriggerRules trigger,
        AcceptanceRules acceptance,
        double heldOut,
        int leastTested,
        List<Integer> critical,
        long seed) {
    public CloudRules {
        Checks.present("replay", replay);
        Checks.present("trigger", trigger);
        Checks.present("acceptance", acceptance);
        if (!(heldOut > 0 && heldOut < 1)) {
            throw new IllegalArgumentException("heldOut is " + heldOut + "; expected between 0 and 1");
        }
        Checks.within("leastTested", leastTested, 1, HeldOut.MOST_WAITING);
        critical = List.copyOf(Checks.present("critical", critical));
        if (critical.isEmpty() || !List.copyOf(new TreeSet<>(critical)).equals(critical)) {
            throw new IllegalArgumentException("critical is " + critical + "; expected different class ids, ascending");
        }
        Checks.within("first of critical", critical.get(0), 0, replay.classes() - 1);
        Checks.within("last of critical", critical.get(critical.size() - 1), 0, replay.classes() - 1);
    }
}
