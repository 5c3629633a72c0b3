package org.qexit.experiment.run;

import java.util.ArrayList;
import java.util.List;
import org.qexit.data.LabelledSet;
import org.qexit.experiment.report.ModelSection;
import org.qexit.nn.ExitCost;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.training.EpochRecord;
import org.qexit.nn.training.TrainedModel;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.TraceMetadata;

/**
 * A trained model with what the rest of a run asks of it.
 *
 * @param name the model's name
 * @param trained the training's result
 * @param training how it was trained
 * @param sha256 of its parameters
 * @param costs per exit
 * @param seconds wall-clock time of its training
 */
record TrainedNetwork(
        String name,
        TrainedModel trained,
        TrainingConfig training,
        String sha256,
        List<ExitCost> costs,
        double seconds) {

    /** For another thread. */
    TrainedNetwork copy() {
        TrainedModel own =
                new TrainedModel(trained.model().copy(), trained.bestEpoch(), trained.thresholds(), trained.history());
        return new TrainedNetwork(name, own, training, sha256, costs, seconds);
    }

    DeviceTrace trace(String device, LabelledSet events) {
        return trained.model().trace(device, events);
    }

    List<TraceMetadata.CumulativeCost> exitCosts() {
        return costs.stream()
                .map(exit -> new TraceMetadata.CumulativeCost(exit.macs(), exit.memoryAccesses(), exit.parameters()))
                .toList();
    }

    long[] cumulativeMemoryAccesses() {
        return costs.stream().mapToLong(ExitCost::memoryAccesses).toArray();
    }

    /** What the report says of it. */
    ModelSection section() {
        List<ModelSection.ExitSection> exits = new ArrayList<>();
        long before = 0;
        for (int q = 0; q < costs.size(); q++) {
            ExitCost exit = costs.get(q);
            exits.add(new ModelSection.ExitSection(
                    trained.model().config().heads().get(q).words(),
                    exit.parameters() - before,
                    exit.macs(),
                    exit.memoryAccesses(),
                    exit.qubits(),
                    exit.circuitDepth(),
                    exit.gates(),
                    exit.twoQubitGates(),
                    exit.circuitOperations()));
            before = exit.parameters();
        }
        return new ModelSection(
                name,
                null,
                exits,
                trained.history().stream().map(this::row).toList(),
                training.budget().offload(),
                seconds);
    }

    private ModelSection.EpochRow row(EpochRecord epoch) {
        return new ModelSection.EpochRow(
                epoch.epoch(),
                epoch.crossEntropies().stream().mapToDouble(Double::doubleValue).sum(),
                epoch.utility(),
                epoch.offload(),
                epoch.multiplier(),
                epoch.steepness(),
                epoch.heldOutTruePositiveRate(),
                epoch.heldOutOffloadRate(),
                epoch.epoch() == trained.bestEpoch());
    }
}
