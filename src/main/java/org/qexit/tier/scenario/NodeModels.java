package org.qexit.tier.scenario;

import java.util.List;
import org.qexit.common.Checks;
import org.qexit.nn.node.ClassTrainingConfig;
import org.qexit.trace.ClassThresholds;

/** Versions of the nodes' model on the events of a run's devices, however disturbed. Several threads may use one. */
public interface NodeModels {
    /** A version with its thresholds. */
    interface Version {
        /** SHA-256 of its parameters. */
        String sha256();

        /** What it takes to send it [bit]. */
        long bits();

        /** What it decides of all events at a level of noise and darkness, {@code [device][row]}, as {@link DriftedTraces} has it. */
        ClassThresholds.Decision[][] decisions(double noise, double darkness);
    }

    /**
     * One event to learn from.
     *
     * @param device its number in the order of the traces
     * @param row of that device's trace
     * @param noise of its image
     * @param darkness of its image
     */
    record Sample(int device, int row, double noise, double darkness) {
        public Sample {
            Checks.within("device", device, 0, Integer.MAX_VALUE);
            Checks.within("row", row, 0, Integer.MAX_VALUE);
        }
    }

    /** The version that is deployed at the beginning. */
    Version deployed();

    /**
     * Trains a version on from its parameters; the same arguments give the same version.
     *
     * @param base one of these models' versions
     * @param training how
     * @param seed of the training's choices
     * @throws org.qexit.common.UserError if the events do not do, or the training diverges
     */
    Version trainedOn(Version base, List<Sample> events, ClassTrainingConfig training, long seed);
}
