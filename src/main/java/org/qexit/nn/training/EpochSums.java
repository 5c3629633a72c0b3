package org.qexit.nn.training;

import java.util.ArrayList;
import java.util.List;
import org.qexit.nn.loss.CoupledLoss;
import org.qexit.nn.loss.LogitLoss;

/**
 * Sums over the batches of an epoch so far.
 *
 * @param batches number of them
 * @param loss Σ L
 * @param crossEntropies Σ CE_q, {@code [exit]}
 * @param offload Σ Õ; 0 where there was no surrogate
 * @param utility Σ Ũ over the batches that have one
 * @param withUtility number of those
 * @param falsePositives Σ F̃ over the batches that have one
 * @param withFalsePositives number of those
 * @param seconds wall-clock time
 */
record EpochSums(
        int batches,
        double loss,
        double[] crossEntropies,
        double offload,
        double utility,
        int withUtility,
        double falsePositives,
        int withFalsePositives,
        double seconds) {
    static EpochSums none(int exits) {
        return new EpochSums(0, 0, new double[exits], 0, 0, 0, 0, 0, 0);
    }

    /** With another batch's loss and time. */
    EpochSums plus(LogitLoss last, double more) {
        return plus(last, Double.NaN, Double.NaN, Double.NaN, more);
    }

    /** As {@link #plus}, with the soft rates of the coupled loss. */
    EpochSums plusUtility(CoupledLoss last, double more) {
        return plus(last, last.utility(), last.offload(), last.falsePositives(), more);
    }

    private EpochSums plus(
            LogitLoss last, double lastUtility, double lastOffload, double lastFalsePositives, double more) {
        double[] entropies = crossEntropies.clone();
        for (int q = 0; q < entropies.length; q++) {
            entropies[q] += last.crossEntropies()[q];
        }
        boolean useful = Double.isFinite(lastUtility);
        boolean normal = Double.isFinite(lastFalsePositives);
        return new EpochSums(
                batches + 1,
                loss + last.loss(),
                entropies,
                offload + (Double.isFinite(lastOffload) ? lastOffload : 0),
                utility + (useful ? lastUtility : 0),
                withUtility + (useful ? 1 : 0),
                falsePositives + (normal ? lastFalsePositives : 0),
                withFalsePositives + (normal ? 1 : 0),
                seconds + more);
    }

    double meanLoss() {
        return loss / batches;
    }

    List<Double> meanCrossEntropies() {
        List<Double> means = new ArrayList<>();
        for (double sum : crossEntropies) {
            means.add(sum / batches);
        }
        return means;
    }

    /** Mean Ũ; null without surrogate. */
    Double meanUtility() {
        return withUtility == 0 ? null : (Double) (utility / withUtility);
    }

    /** Mean Õ; null without surrogate. */
    Double meanOffload() {
        return withFalsePositives + withUtility == 0 ? null : (Double) (offload / batches);
    }

    /** Mean F̃; null without surrogate. */
    Double meanFalsePositives() {
        return withFalsePositives == 0 ? null : (Double) (falsePositives / withFalsePositives);
    }
}
