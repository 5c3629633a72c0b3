package org.qexit.threshold.offload;

import java.util.List;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rate;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/**
 * What device and edge node make of events with thresholds, where the node's answers are known.
 *
 * @param events how many
 * @param positives critical ones
 * @param offloads offloaded ones
 * @param truePositives critical ones whose final answer is critical
 * @param falsePositives normal ones whose final answer is critical
 */
public record EndToEndCounts(int events, int positives, int offloads, int truePositives, int falsePositives) {
    /** @throws IllegalArgumentException unless the answers are known, and as many as the events */
    public static EndToEndCounts of(DeviceTrace trace, NodeAnswers answers, OffloadMode mode, Rule rule) {
        if (!answers.known() || answers.critical().length != trace.size()) {
            throw new IllegalArgumentException(answers.critical().length + " answers in " + answers.scale()
                    + "-ths for " + trace.size() + " events; expected one known answer to each");
        }
        int[] counts = new int[3];
        for (int k = 0; k < trace.size(); k++) {
            Thresholds.Decision decision = rule.decide(trace.scores(), k);
            boolean undecided = !decision.critical() && isOpen(rule, trace.scores(), k);
            boolean sent = decision.critical() ? mode.sendsCritical() : undecided && mode.sendsUndecided();
            int alarm = sent ? answers.critical()[k] : decision.critical() ? 1 : 0;
            counts[0] += sent ? 1 : 0;
            counts[2 - trace.labels()[k]] += alarm;
        }
        return new EndToEndCounts(trace.size(), trace.positives(), counts[0], counts[1], counts[2]);
    }

    /** Whether an event that is not critical is undecided after the last exit. */
    private static boolean isOpen(Rule rule, float[][] scores, int k) {
        int last = scores.length - 1;
        float lower = rule instanceof ExitThresholds each ? each.lower(last) : ((Thresholds) rule).lower();
        return rule.decide(scores, k).exit() == last && scores[last][k] > lower;
    }

    /** The sums over several devices. */
    public static EndToEndCounts sum(List<EndToEndCounts> all) {
        return all.stream()
                .reduce(
                        new EndToEndCounts(0, 0, 0, 0, 0),
                        (a, b) -> new EndToEndCounts(
                                a.events + b.events,
                                a.positives + b.positives,
                                a.offloads + b.offloads,
                                a.truePositives + b.truePositives,
                                a.falsePositives + b.falsePositives));
    }

    /** Critical events found end to end, of all critical ones. */
    public Rate tpr() {
        return Rate.of(truePositives, positives);
    }

    /** Normal events that end critical, of all normal ones. */
    public Rate fpr() {
        return Rate.of(falsePositives, events - positives);
    }

    /** Offloaded events, of all. */
    public Rate ofr() {
        return Rate.of(offloads, events);
    }
}
