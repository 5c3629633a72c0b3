package org.qexit.experiment.init;

import java.util.ArrayList;
import java.util.List;
import org.qexit.data.Dataset;

/**
 * A model of three exits that fits the samples' shape, and as much training as a few minutes on two cores allow.
 *
 * @param pools what each block pools by
 * @param epochs passes over the events
 * @param batch events per step
 */
record FirstModel(List<Integer> pools, int epochs, int batch) {
    private static final int[] CHANNELS = {8, 16, 32};

    /** Smaller feature maps are not pooled any more. */
    private static final int LEAST_POOLED = 6;

    /** Series this long are pooled by more. */
    private static final int LONG = 128;

    /** Values times events that training may look at: two to three minutes for this model on two cores. */
    private static final double MOST_VALUES = 1.2e5 * 28 * 28;

    /** Below so many steps nothing is learnt. */
    private static final int LEAST_STEPS = 600;

    private static final int MOST_EPOCHS = 60;

    static FirstModel of(Dataset data, int events) {
        List<Integer> pools = new ArrayList<>();
        int height = data.height();
        int width = data.width();
        for (int b = 0; b < CHANNELS.length; b++) {
            int least = height == 1 ? width : width == 1 ? height : Math.min(height, width);
            int pool = least < LEAST_POOLED ? 1 : height == 1 && width >= LONG ? 4 : 2;
            height = height == 1 ? 1 : height / pool;
            width = width == 1 ? 1 : width / pool;
            pools.add(pool);
        }
        int batch = events < 300 ? 16 : events < 1500 ? 32 : 64;
        double perEpoch = (double) events * data.height() * data.width() * Math.max(1, data.channels() / 2.0);
        int affordable = (int) Math.min(MOST_EPOCHS, Math.max(2, MOST_VALUES / perEpoch));
        int wanted = Math.max(8, LEAST_STEPS * batch / Math.max(1, events));
        return new FirstModel(pools, Math.min(affordable, wanted), batch);
    }

    List<String> lines() {
        List<String> blocks = new ArrayList<>();
        for (int b = 0; b < CHANNELS.length; b++) {
            blocks.add("{channels: " + CHANNELS[b] + (pools.get(b) == 2 ? "" : ", pool: " + pools.get(b)) + "}");
        }
        return List.of(
                "# Three blocks, an exit behind each: most events leave early, the hard ones at the circuit of the last exit.",
                "model:",
                "  name: hybrid",
                "  blocks: [" + String.join(", ", blocks) + "]",
                "  heads:",
                "    - {kind: linear}",
                "    - {kind: linear}",
                "    - {kind: quantum, qubits: 4, layers: 2}",
                "twins: []                # [classical] trains a classical twin of the same size beside it");
    }
}
