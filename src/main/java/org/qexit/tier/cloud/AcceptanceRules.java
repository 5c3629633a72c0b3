package org.qexit.tier.cloud;

import java.io.Serializable;
import java.util.Map;
import org.qexit.common.Checks;

/**
 * What a candidate must show.
 *
 * @param delta &delta;: the probability that ever a candidate is accepted that should not be is at most this
 * @param margin how much worse than the model in force a candidate may be, as a difference of class accuracies; 0: it must be better
 * @param tolerance how much of its utility a device may lose on the tested events
 * @param toleranceOf of single devices, by id
 */
public record AcceptanceRules(double delta, double margin, double tolerance, Map<String, Double> toleranceOf)
        implements Serializable {
    public AcceptanceRules {
        if (!(delta > 0 && delta < 1)) {
            throw new IllegalArgumentException("delta is " + delta + "; expected between 0 and 1");
        }
        if (!(margin >= 0 && margin < 1)) {
            throw new IllegalArgumentException("margin is " + margin + "; expected at least 0 and below 1");
        }
        Checks.within("tolerance", tolerance, 0, 1);
        Map<String, Double> single = toleranceOf == null ? Map.of() : toleranceOf;
        single.forEach((device, value) ->
                Checks.within("tolerance of " + device, Checks.present("tolerance of " + device, value), 0, 1));
        toleranceOf = Map.copyOf(single);
    }

    double toleranceOf(String device) {
        return toleranceOf.getOrDefault(device, tolerance);
    }
}
