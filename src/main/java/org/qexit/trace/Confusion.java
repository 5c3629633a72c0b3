package org.qexit.trace;

import java.util.ArrayList;
import java.util.List;

/**
 * What a decision rule does on a trace: the counts of Eq. (14)-(17), the rates of Eq. (18)-(21) with docs/maths.md §2's
 * correction, and how many events each exit decides.
 *
 * @param truePositives critical, offloaded
 * @param falsePositives normal, offloaded
 * @param trueNegatives normal, kept
 * @param falseNegatives critical, kept
 * @param exits events for which each exit was the last to look, {@code [exit]}
 */
public record Confusion(
        int truePositives, int falsePositives, int trueNegatives, int falseNegatives, List<Integer> exits) {
    public Confusion {
        exits = List.copyOf(exits);
    }

    public static Confusion of(DeviceTrace trace, Rule rule) {
        int[] counts = new int[4];
        int[] taken = new int[trace.exits()];
        for (int k = 0; k < trace.size(); k++) {
            Thresholds.Decision decision = rule.decide(trace.scores(), k);
            counts[2 * trace.labels()[k] + (decision.critical() ? 1 : 0)]++;
            taken[decision.exit()]++;
        }
        List<Integer> exits = new ArrayList<>();
        for (int count : taken) {
            exits.add(count);
        }
        return new Confusion(counts[3], counts[1], counts[0], counts[2], exits);
    }

    /** The sums over several devices of as many exits. */
    public static Confusion sum(List<Confusion> all) {
        List<Integer> exits = new ArrayList<>();
        for (int q = 0; q < all.get(0).exits().size(); q++) {
            int exit = q;
            exits.add(all.stream().mapToInt(c -> c.exits().get(exit)).sum());
        }
        return new Confusion(
                all.stream().mapToInt(Confusion::truePositives).sum(),
                all.stream().mapToInt(Confusion::falsePositives).sum(),
                all.stream().mapToInt(Confusion::trueNegatives).sum(),
                all.stream().mapToInt(Confusion::falseNegatives).sum(),
                exits);
    }

    public int events() {
        return truePositives + falsePositives + trueNegatives + falseNegatives;
    }

    public int offloads() {
        return truePositives + falsePositives;
    }

    /** TPR = U = TP / |P|: the detection utility. */
    public Rate tpr() {
        return Rate.of(truePositives, truePositives + falseNegatives);
    }

    /** FPR = FP / |N|. */
    public Rate fpr() {
        return Rate.of(falsePositives, falsePositives + trueNegatives);
    }

    /** FNR = FN / |P|. */
    public Rate fnr() {
        return Rate.of(falseNegatives, truePositives + falseNegatives);
    }

    /** Classification accuracy (TP + TN) / |Φ|; Eq. (19)'s first line. */
    public Rate car() {
        return Rate.of(truePositives + trueNegatives, events());
    }

    /** Offload rate (TP + FP) / |Φ|. */
    public Rate ofr() {
        return Rate.of(offloads(), events());
    }
}
