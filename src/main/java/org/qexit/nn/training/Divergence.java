package org.qexit.nn.training;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.qexit.common.UserError;

/** What to say of a step whose loss or gradient is no number, and which events of its batch it came from. */
final class Divergence {
    /** Events that the message names. */
    private static final int MOST_NAMED = 8;

    private Divergence() {}

    /**
     * The places in the batch whose inputs or logits are no finite numbers; all of them where none stands out, as when every logit is
     * finite and the gradient is not.
     *
     * @param images {@code [event · features + feature]}
     * @param margins logit C, {@code [event · exits + exit]}
     */
    static int[] places(float[] images, double[] margins, int batch) {
        int features = images.length / batch;
        int exits = margins.length / batch;
        int[] found = IntStream.range(0, batch)
                .filter(k -> {
                    for (int i = k * features; i < (k + 1) * features; i++) {
                        if (!Float.isFinite(images[i])) {
                            return true;
                        }
                    }
                    for (int i = k * exits; i < (k + 1) * exits; i++) {
                        if (!Double.isFinite(margins[i])) {
                            return true;
                        }
                    }
                    return false;
                })
                .toArray();
        return found.length == 0 ? IntStream.range(0, batch).toArray() : found;
    }

    /**
     * @param where the epoch and batch, as a phrase
     * @param events indices in the data set
     */
    static UserError error(
            String model, String cause, String where, int[] events, int batch, String dataset, double learningRate) {
        int[] sorted = Arrays.stream(events).sorted().toArray();
        String named = IntStream.of(sorted)
                .limit(MOST_NAMED)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(", ", "", sorted.length > MOST_NAMED ? ", ..." : ""));
        String which = sorted.length == batch ? "all " + batch : sorted.length + " of " + batch;
        return new UserError("training of " + model + " diverged: " + cause + " in " + where + ", from " + which
                + " of its events: " + named + " of " + dataset
                + "; the last checkpoint is kept. Maybe lower learningRate, now " + learningRate);
    }
}
