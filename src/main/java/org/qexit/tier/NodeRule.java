package org.qexit.tier;

import java.util.List;
import org.qexit.common.Checks;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.ClassTrace;

/**
 * What an edge node does with an event that reaches it: a critical class, or false alarm, at one of its model's exits.
 *
 * @param thresholds (l', u')
 * @param critical ids of the critical classes, ascending
 */
public record NodeRule(ClassThresholds thresholds, List<Integer> critical) {
    public NodeRule {
        Checks.present("thresholds", thresholds);
        critical = List.copyOf(Checks.present("critical", critical));
        if (critical.isEmpty()) {
            throw new IllegalArgumentException("critical is empty; expected at least one class");
        }
    }

    /** Decides every event of a trace, {@code [event]}. */
    public ClassThresholds.Decision[] decideAll(ClassTrace trace) {
        int[] ids = critical.stream().mapToInt(Integer::intValue).toArray();
        ClassThresholds.Decision[] decisions = new ClassThresholds.Decision[trace.size()];
        float[][] probabilities = new float[trace.exits()][trace.classes()];
        for (int k = 0; k < decisions.length; k++) {
            for (int q = 0; q < probabilities.length; q++) {
                for (int c = 0; c < probabilities[q].length; c++) {
                    probabilities[q][c] = trace.probabilities()[q][c][k];
                }
            }
            decisions[k] = thresholds.decide(probabilities, ids);
        }
        return decisions;
    }
}
