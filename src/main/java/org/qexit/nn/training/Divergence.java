package org.qexit.nn.training;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.qexit.common.UserError;

/**
 * A step whose loss or gradient is no number any more.
 *
 * @param cause what is not finite
 * @param where the epoch and batch, as a phrase
 * @param events indices in the data set that it came from
 * @param batch number of events in the step
 */
record Divergence(String cause, String where, int[] events, int batch) {
    /** Events that the message names. */
    private static final int MOST_NAMED = 8;

    /**
     * The places in the batch whose inputs or logits are no finite numbers; all of them where none stands out, as when every logit is
     * finite and the gradient is not.
     *
     * @param images {@code [event · features + feature]}
     * @param logits of all exits, {@code [event][K · exit + class]}, flattened
     */
    static int[] places(float[] images, double[] logits, int batch) {
        int features = images.length / batch;
        int outputs = logits.length / batch;
        int[] found = IntStream.range(0, batch)
                .filter(k -> {
                    for (int i = k * features; i < (k + 1) * features; i++) {
                        if (!Float.isFinite(images[i])) {
                            return true;
                        }
                    }
                    for (int i = k * outputs; i < (k + 1) * outputs; i++) {
                        if (!Double.isFinite(logits[i])) {
                            return true;
                        }
                    }
                    return false;
                })
                .toArray();
        return found.length == 0 ? IntStream.range(0, batch).toArray() : found;
    }

    UserError error(TrainingTask task) {
        int[] sorted = Arrays.stream(events).sorted().toArray();
        String named = IntStream.of(sorted)
                .limit(MOST_NAMED)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(", ", "", sorted.length > MOST_NAMED ? ", ..." : ""));
        String which = sorted.length == batch ? "all " + batch : sorted.length + " of " + batch;
        return new UserError(
                "training of " + task.model().name() + " diverged: " + cause + " in " + where + ", from " + which
                        + " of its events: " + named + " of "
                        + task.data().train().dataset().name()
                        + "; the last checkpoint is kept. Maybe lower learningRate, now "
                        + task.course().learningRate());
    }
}
