package org.qexit.trace;

import java.util.Arrays;
import java.util.List;
import org.qexit.common.Checks;

/**
 * A nested path of rules from "offload everything" (&tau; &le; 0) to "offload nothing" (&tau; &ge; 1), docs/maths.md §10: what a rule
 * offloads
 * every rule of a smaller &tau; offloads, too. Immutable.
 */
public final class RulePath {
    private static final int MOST_RULES = 100_000;

    private final double[] from;
    private final ExitThresholds[] rules;
    private final int fixed;
    private final ExitThresholds everything;
    private final ExitThresholds nothing;

    private RulePath(double[] from, ExitThresholds[] rules, int fixed) {
        this.from = from;
        this.rules = rules;
        this.fixed = fixed;
        everything = same(rules[0].exits(), ExitThresholds.BELOW_ALL);
        nothing = same(rules[0].exits(), ExitThresholds.ABOVE_ALL);
    }

    /** Both thresholds of all exits below all confidences: critical at the first exit; or above all: normal there. */
    private static ExitThresholds same(int exits, float threshold) {
        float[] all = new float[exits];
        Arrays.fill(all, threshold);
        return ExitThresholds.of(all, all);
    }

    /**
     * Checks that the rules are nested: no threshold of an exit falls along the path.
     *
     * @param from where each rule begins, ascending, in (0, 1)
     * @param rules of one number of exits, at least one
     * @param fixed the place of the rule that the path runs through, from 0
     */
    public static RulePath of(double[] from, List<ExitThresholds> rules, int fixed) {
        if (from.length != rules.size()) {
            throw new IllegalArgumentException(from.length + " places for " + rules.size() + " rules of a path");
        }
        Checks.within("rules of a path", from.length, 1, MOST_RULES);
        Checks.within("place of the fixed rule", fixed, 0, from.length - 1);
        for (int i = 0; i < from.length; i++) {
            if (!(from[i] > (i == 0 ? 0 : from[i - 1]) && from[i] < 1)) {
                throw new IllegalArgumentException("rule " + (i + 1) + " of a path begins at " + from[i]
                        + "; expected ascending places in (0, 1)");
            }
            if (i > 0 && !follows(rules.get(i - 1), rules.get(i))) {
                throw new IllegalArgumentException("rule " + (i + 1) + " of a path is " + rules.get(i) + " behind "
                        + rules.get(i - 1) + "; expected as many exits, and no threshold lower");
            }
        }
        return new RulePath(from.clone(), rules.toArray(ExitThresholds[]::new), fixed);
    }

    private static boolean follows(ExitThresholds before, ExitThresholds after) {
        boolean good = before.exits() == after.exits();
        for (int q = 0; good && q < before.exits(); q++) {
            good = before.lower(q) <= after.lower(q) && before.upper(q) <= after.upper(q);
        }
        return good;
    }

    /** The rule at a place on the path; any number, NaN excepted. */
    public ExitThresholds at(double tau) {
        if (Double.isNaN(tau)) {
            throw new IllegalArgumentException("tau is NaN; expected a number");
        }
        if (tau <= 0) {
            return everything;
        }
        if (tau >= 1) {
            return nothing;
        }
        int place = Arrays.binarySearch(from, tau);
        int index = place >= 0 ? place : -place - 2;
        return index < 0 ? everything : rules[index];
    }

    /** Where the fixed rule begins, in (0, 1): {@code at(fixedTau())} is the rule that the path runs through. */
    public double fixedTau() {
        return from[fixed];
    }

    /** Rules between the two ends. */
    public int size() {
        return rules.length;
    }

    /** Number of exits L. */
    public int exits() {
        return everything.exits();
    }

    /** The place of the rule that the path runs through, from 0. */
    public int fixed() {
        return fixed;
    }

    /** Where each rule begins. */
    public double[] from() {
        return from.clone();
    }

    /** The rules in order. */
    public List<ExitThresholds> rules() {
        return List.of(rules);
    }
}
