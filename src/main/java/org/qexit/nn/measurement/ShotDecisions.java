package org.qexit.nn.measurement;

import java.util.Arrays;
import org.qexit.trace.Rate;
import org.qexit.trace.Thresholds;

/**
 * How a set of events was decided from shots, and what that took.
 *
 * @param decisions {@code [event]}
 * @param shots {@code [exit][event]}; 0 where an exit did not look, has no circuit or needed none
 * @param capped events of which an exit ran out of shots before it was sure, {@code [event]}
 */
public record ShotDecisions(Thresholds.Decision[] decisions, long[][] shots, boolean[] capped) {
    /** Number of events. */
    public int events() {
        return decisions.length;
    }

    /** Shots of all exits and events. */
    public long totalShots() {
        return Arrays.stream(shots).flatMapToLong(Arrays::stream).sum();
    }

    /** Mean shots per event, all exits together. */
    public double meanShots() {
        return events() == 0 ? 0 : (double) totalShots() / events();
    }

    /** Events that an exit left to its estimate. */
    public int countCapped() {
        int count = 0;
        for (boolean one : capped) {
            count += one ? 1 : 0;
        }
        return count;
    }

    /**
     * Events that are offloaded here and kept by infinitely many shots, or the reverse, or that leave by another exit.
     *
     * @param truth the decisions of infinitely many shots, {@code [event]}
     * @param surely only those events that were decided before the cap, which the claim is about
     */
    public int wrong(Thresholds.Decision[] truth, boolean surely) {
        int count = 0;
        for (int k = 0; k < decisions.length; k++) {
            count += !decisions[k].equals(truth[k]) && !(surely && capped[k]) ? 1 : 0;
        }
        return count;
    }

    /**
     * Share of the critical events that are offloaded.
     *
     * @param labels 1 for critical, {@code [event]}
     */
    public Rate tpr(byte[] labels) {
        int critical = 0;
        int found = 0;
        for (int k = 0; k < decisions.length; k++) {
            critical += labels[k];
            found += decisions[k].critical() ? labels[k] : 0;
        }
        return Rate.of(found, critical);
    }

    /** Shots times gates, summed over exits and divided by the events: what a machine has to run for one event. */
    public double meanGates(int[] gatesPerShot) {
        double sum = 0;
        for (int q = 0; q < shots.length; q++) {
            sum += (double) gatesPerShot[q] * Arrays.stream(shots[q]).sum();
        }
        return events() == 0 ? 0 : sum / events();
    }
}
