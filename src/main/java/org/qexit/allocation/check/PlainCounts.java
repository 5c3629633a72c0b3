package org.qexit.allocation.check;

import org.qexit.allocation.Instance;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/**
 * What a rule does on a device's trace, event by event, docs/maths.md §1 and §11.
 *
 * @param stopped events that stop at each exit, {@code [exit]}
 */
record PlainCounts(int truePositives, int falsePositives, int[] stopped) {

    /** @throws IllegalArgumentException if the rule is for another number of exits */
    static PlainCounts of(Instance.Device device, Rule rule) {
        int[] labels = device.trace().labels();
        float[][] scores = device.trace().scores();
        int exits = scores[0].length;
        if (rule instanceof ExitThresholds each && each.exits() != exits) {
            throw new IllegalArgumentException("thresholds of " + each.exits() + " exits; its trace has " + exits);
        }
        int[] found = new int[2];
        int[] stopped = new int[exits];
        for (int k = 0; k < labels.length; k++) {
            int q = 0;
            while (q < exits - 1 && scores[k][q] > lower(rule, q) && scores[k][q] < upper(rule, q)) {
                q++;
            }
            stopped[q]++;
            if (scores[k][q] > lower(rule, q) && scores[k][q] >= upper(rule, q)) {
                found[labels[k]]++;
            }
        }
        return new PlainCounts(found[1], found[0], stopped);
    }

    private static float lower(Rule rule, int exit) {
        return rule instanceof ExitThresholds each ? each.lower(exit) : ((Thresholds) rule).lower();
    }

    private static float upper(Rule rule, int exit) {
        return rule instanceof ExitThresholds each ? each.upper(exit) : ((Thresholds) rule).upper();
    }
}
