package org.qexit.experiment.tabular;

import java.util.Arrays;

/** Five parts with nearly equal shares of both classes, as scikit-learn's {@code StratifiedKFold(5)} makes them, without shuffling. */
final class Folds {
    static final int COUNT = 5;

    private Folds() {}

    /** The part of each sample, 0 to 4: of each class in order of its first appearance, neighbours together. */
    static int[] of(int[] labels) {
        int firstClass = labels[0];
        // Both classes sorted, dealt out like cards: so many of a class come into each part.
        int[] sorted = Arrays.stream(labels)
                .map(label -> label == firstClass ? 0 : 1)
                .sorted()
                .toArray();
        int[][] counts = new int[2][COUNT];
        for (int i = 0; i < sorted.length; i++) {
            counts[sorted[i]][i % COUNT]++;
        }
        int[] parts = new int[labels.length];
        int[] part = new int[2];
        for (int i = 0; i < labels.length; i++) {
            int one = labels[i] == firstClass ? 0 : 1;
            while (counts[one][part[one]] == 0) {
                part[one]++;
            }
            counts[one][part[one]]--;
            parts[i] = part[one];
        }
        return parts;
    }

    /** The numbers of the samples that are in a part, or of all others. */
    static int[] samples(int[] parts, int part, boolean inside) {
        int[] all = new int[parts.length];
        int n = 0;
        for (int i = 0; i < parts.length; i++) {
            if (parts[i] == part == inside) {
                all[n++] = i;
            }
        }
        return Arrays.copyOf(all, n);
    }
}
