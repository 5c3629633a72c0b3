package org.qexit.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;

/**
 * Samples of a data set in a given order, each critical or normal. The arrays are not copied; do not change them.
 *
 * @param dataset where the pixels are
 * @param indices samples of {@code dataset}, {@code [event]}
 * @param labels 1 = critical, 0 = normal, {@code [event]}
 * @param classes class ids, what the edge node tells apart, {@code [event]}
 */
public record LabelledSet(Dataset dataset, int[] indices, byte[] labels, int[] classes) {
    public LabelledSet {
        Checks.present("dataset", dataset);
        if (labels.length != indices.length || classes.length != indices.length) {
            throw new IllegalArgumentException(
                    indices.length + " indices, " + labels.length + " labels, " + classes.length + " classes");
        }
        for (int k = 0; k < indices.length; k++) {
            Checks.within("index", indices[k], 0, dataset.size() - 1);
            Checks.within("label", labels[k], 0, 1);
            Checks.within("class", classes[k], 0, dataset.classNames().size() - 1);
        }
    }

    /** The given samples, labelled as a task says. */
    public static LabelledSet of(Dataset dataset, Task task, int[] samples) {
        byte[] labels = new byte[samples.length];
        int[] classes = new int[samples.length];
        for (int k = 0; k < samples.length; k++) {
            classes[k] = dataset.classOf(samples[k]);
            labels[k] = task.labelOf(classes[k]);
        }
        return new LabelledSet(dataset, samples, labels, classes);
    }

    public int size() {
        return indices.length;
    }

    /** Number of critical events, |P|. */
    public int positives() {
        int count = 0;
        for (byte label : labels) {
            count += label;
        }
        return count;
    }

    /** Writes the pixels of an event, scaled to [0, 1], to {@code dst[offset]} and on. */
    public void copyTo(int event, float[] dst, int offset) {
        dataset.copyTo(indices[event], dst, offset);
    }

    /** The events at the given positions, in their order. */
    public LabelledSet select(int[] events) {
        int[] chosen = new int[events.length];
        byte[] chosenLabels = new byte[events.length];
        int[] chosenClasses = new int[events.length];
        for (int k = 0; k < events.length; k++) {
            chosen[k] = indices[events[k]];
            chosenLabels[k] = labels[events[k]];
            chosenClasses[k] = classes[events[k]];
        }
        return new LabelledSet(dataset, chosen, chosenLabels, chosenClasses);
    }

    /**
     * Splits off {@code fraction} of the events, the same fraction of every class up to rounding: class counts are the
     * largest-remainder apportionment of round(fraction * size). Events keep their order.
     *
     * @param purpose names the random stream
     */
    public HeldOut holdOut(double fraction, RandomStreams random, String purpose) {
        Checks.within("held-out fraction", fraction, 0, 1);
        int[][] byClass = positionsByClass();
        double[] quotas = new double[byClass.length];
        int[] caps = new int[byClass.length];
        for (int c = 0; c < byClass.length; c++) {
            quotas[c] = fraction * byClass[c].length;
            caps[c] = byClass[c].length;
        }
        int[] take = Apportion.largestRemainder(quotas, (int) Math.round(fraction * size()), caps);
        boolean[] out = new boolean[size()];
        for (int c = 0; c < byClass.length; c++) {
            RandomStreams.shuffle(byClass[c], random.stream(purpose + "/class" + c));
            for (int i = 0; i < take[c]; i++) {
                out[byClass[c][i]] = true;
            }
        }
        return new HeldOut(select(positions(out, false)), select(positions(out, true)));
    }

    /** Which events are of each class, {@code [class][i]}. */
    private int[][] positionsByClass() {
        int[] counts = new int[dataset.classNames().size()];
        for (int id : classes) {
            counts[id]++;
        }
        int[][] byClass = new int[counts.length][];
        Arrays.setAll(byClass, c -> new int[counts[c]]);
        for (int k = size() - 1; k >= 0; k--) {
            byClass[classes[k]][--counts[classes[k]]] = k;
        }
        return byClass;
    }

    private static int[] positions(boolean[] flags, boolean wanted) {
        return IntStream.range(0, flags.length).filter(k -> flags[k] == wanted).toArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabelledSet that
                && dataset.sha256().equals(that.dataset.sha256())
                && Arrays.equals(indices, that.indices)
                && Arrays.equals(labels, that.labels)
                && Arrays.equals(classes, that.classes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(indices) * 31 + Arrays.hashCode(labels);
    }

    @Override
    public String toString() {
        return size() + " events, " + positives() + " critical, of " + dataset.name();
    }

    /**
     * A set cut in two.
     *
     * @param train what models learn from
     * @param heldOut what selects the model and sets thresholds during training
     */
    public record HeldOut(LabelledSet train, LabelledSet heldOut) {}
}
