package org.qexit.experiment.report;

import java.util.List;
import org.qexit.common.Checks;

/**
 * One trained model.
 *
 * @param name short name, unique ("hybrid")
 * @param description half a sentence, or null
 * @param offloadBudget ω, the fraction of events that training may offload, or null
 * @param trainingSeconds wall-clock time of the training, or null
 */
public record ModelSection(
        String name,
        String description,
        List<ExitSection> exits,
        List<EpochRow> history,
        Double offloadBudget,
        Double trainingSeconds) {
    public ModelSection {
        Checks.notBlank("models.name", name);
        exits = List.copyOf(exits);
        history = List.copyOf(history);
        ReportData.finite("models.offloadBudget", offloadBudget);
        ReportData.finite("models.trainingSeconds", trainingSeconds);
    }

    long parameters() {
        return exits.stream().mapToLong(ExitSection::parameters).sum();
    }

    /**
     * One exit: the backbone block before it and its head.
     *
     * @param head what the head is ("quantum, 4 qubits × 2 layers")
     * @param parameters trainable parameters of this block and head (not cumulative)
     * @param cumulativeMacs multiply-accumulates of one event that leaves here
     * @param cumulativeMemoryAccesses values read and written by one event that leaves here
     * @param qubits 0 for a classical head, as are depth, gates and twoQubitGates
     * @param gates of the circuit, each run once per shot
     * @param circuitOperations shots times gates of one event that leaves here; 0 where no head has a fixed number of shots
     */
    public record ExitSection(
            String head,
            long parameters,
            long cumulativeMacs,
            long cumulativeMemoryAccesses,
            int qubits,
            int depth,
            int gates,
            int twoQubitGates,
            long circuitOperations) {
        public ExitSection {
            Checks.notBlank("exits.head", head);
        }
    }

    /**
     * One epoch of training.
     *
     * @param crossEntropy weighted sum over the exits
     * @param surrogateUtility Ũ, the soft true-positive rate, in [0, 1]
     * @param softOffload Õ, the soft offload rate
     * @param multiplier μ of the constraint Õ ≤ ω
     * @param steepness t of the soft thresholds
     * @param heldOutTpr true-positive rate on held-out events, or null
     * @param heldOutOfr offload rate on held-out events, or null
     * @param selected whether the model kept is this epoch's
     */
    public record EpochRow(
            int epoch,
            Double crossEntropy,
            Double surrogateUtility,
            Double softOffload,
            Double multiplier,
            Double steepness,
            Double heldOutTpr,
            Double heldOutOfr,
            boolean selected) {
        public EpochRow {
            ReportData.finite("history.crossEntropy", crossEntropy);
            ReportData.finite("history.surrogateUtility", surrogateUtility);
            ReportData.finite("history.softOffload", softOffload);
            ReportData.finite("history.multiplier", multiplier);
            ReportData.finite("history.steepness", steepness);
            ReportData.finite("history.heldOutTpr", heldOutTpr);
            ReportData.finite("history.heldOutOfr", heldOutOfr);
        }
    }
}
