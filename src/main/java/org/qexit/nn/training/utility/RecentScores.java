package org.qexit.nn.training.utility;

import java.util.Arrays;
import org.qexit.common.Checks;
import org.qexit.nn.loss.CoupledLoss;
import org.qexit.trace.DeviceTrace;

/** The scores of the latest training events, as they were when trained on: a ring of fixed capacity. */
public final class RecentScores {
    private final float[][] scores;
    private final byte[] labels;
    private long added;

    public RecentScores(int exits, int capacity) {
        Checks.within("capacity", capacity, 1, 1 << 24);
        scores = new float[exits][capacity];
        labels = new byte[capacity];
    }

    private RecentScores() {
        scores = new float[0][];
        labels = new byte[0];
    }

    /** Of a training that keeps none. */
    public static RecentScores none() {
        return new RecentScores();
    }

    /** Adds a batch. */
    public void add(CoupledLoss batch, int[] truth) {
        double[] margins = batch.margins();
        for (int k = 0; k < truth.length; k++) {
            int at = (int) (added % labels.length);
            labels[at] = (byte) truth[k];
            for (int q = 0; q < scores.length; q++) {
                scores[q][at] = (float) (1 / (1 + StrictMath.exp(-margins[k * scores.length + q])));
            }
            added++;
        }
    }

    /** Whether there is enough to search on: a full ring with events of both kinds. */
    public boolean ready() {
        if (added < labels.length) {
            return false;
        }
        int positives = 0;
        for (byte label : labels) {
            positives += label;
        }
        return positives > 0 && positives < labels.length;
    }

    /** A copy. */
    public DeviceTrace trace() {
        long[] ids = new long[labels.length];
        float[][] copy = new float[scores.length][];
        for (int k = 0; k < ids.length; k++) {
            ids[k] = k;
        }
        for (int q = 0; q < copy.length; q++) {
            copy[q] = scores[q].clone();
        }
        return new DeviceTrace("recent", ids, labels.clone(), copy);
    }

    public long added() {
        return added;
    }

    public float[][] scores() {
        return scores;
    }

    public byte[] labels() {
        return labels;
    }

    /** Puts it where another training left it. */
    public void restore(long count, float[][] otherScores, byte[] otherLabels) {
        added = count;
        for (int q = 0; q < scores.length; q++) {
            System.arraycopy(otherScores[q], 0, scores[q], 0, labels.length);
        }
        System.arraycopy(otherLabels, 0, labels, 0, labels.length);
    }

    @Override
    public String toString() {
        return "scores of " + Math.min(added, labels.length) + " events at " + scores.length + " exits, "
                + Arrays.hashCode(labels);
    }
}
