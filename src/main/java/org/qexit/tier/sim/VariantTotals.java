package org.qexit.tier.sim;

import java.util.Arrays;
import org.qexit.simulation.statistics.QuantileSketch;
import org.qexit.tier.EventOutcome;

/** The counts of all runs of one plan and policy. Sums of whole numbers alone, so that the order of the runs does not matter. */
final class VariantTotals {
    final long[][] bins;
    final long[] binAnswers = new long[Timeline.BINS];
    final QuantileSketch[] deviceDelay;
    final QuantileSketch[] radioDelay;
    final long[] lateRadio;
    final long[] lateAnswers;
    final QuantileSketch[] phaseDelay;
    final QuantileSketch serverDelay = new QuantileSketch();

    /** {@code [phase][device * FIELDS + field]}. */
    final long[][] counts;

    /** As in {@link Tallies}. */
    final long[][] classOutcomes;

    final long[][] classNamed;

    int runs;

    VariantTotals(Timeline timeline, int devices, int classes) {
        classOutcomes = new long[classes][EventOutcome.values().length];
        classNamed = new long[classes][classes];
        bins = new long[Timeline.BINS][devices * Tallies.BIN_FIELDS];
        counts = new long[timeline.phases()][devices * Tallies.FIELDS];
        deviceDelay = new QuantileSketch[devices];
        radioDelay = new QuantileSketch[devices];
        lateRadio = new long[devices];
        lateAnswers = new long[devices];
        phaseDelay = new QuantileSketch[timeline.phases()];
        Arrays.setAll(deviceDelay, n -> new QuantileSketch());
        Arrays.setAll(radioDelay, n -> new QuantileSketch());
        Arrays.setAll(phaseDelay, p -> new QuantileSketch());
    }

    synchronized void add(Tallies tallies) {
        runs++;
        add(bins, tallies.bins);
        add(counts, tallies.counts);
        add(classOutcomes, tallies.classOutcomes);
        add(classNamed, tallies.classNamed);
        for (int b = 0; b < binAnswers.length; b++) {
            binAnswers[b] += tallies.binAnswers[b];
        }
        for (int n = 0; n < deviceDelay.length; n++) {
            deviceDelay[n].add(tallies.deviceDelay[n]);
            radioDelay[n].add(tallies.radioDelay[n]);
            lateRadio[n] += tallies.lateRadio[n];
            lateAnswers[n] += tallies.lateAnswers[n];
        }
        for (int p = 0; p < phaseDelay.length; p++) {
            phaseDelay[p].add(tallies.phaseDelay[p]);
        }
        serverDelay.add(tallies.serverDelay);
    }

    private static void add(long[][] sums, int[][] more) {
        for (int i = 0; i < sums.length; i++) {
            for (int k = 0; k < sums[i].length; k++) {
                sums[i][k] += more[i][k];
            }
        }
    }
}
